"""Before an article goes live, what is known is asked: whose answer would change is shown, and nothing changes yet."""

from __future__ import annotations

from typing import Any

from helpdesk.store.tables import ArticleVersion, QuestionGroup
from tests.integration.desk.conftest import Desk

PATH = "/knowledge/articles/{}/rehearse"
THIEF = {
    "question": "开票申请之后要等多少天",
    "subject": "发票时间",
    "answer": "电子发票申请后两天内发到您的邮箱。",
    "wordings": [
        "开发票要多久",
        "怎么开电子发票呀",
        "发票怎么弄",
        "我要开一张发票",
        "发票在哪里开呢",
        "帮我开个票",
        "能给我开票么",
    ],
}


async def content(desk: Desk, faq_id: str, **changes: Any) -> dict[str, Any]:
    """An article's content, changed."""
    found = await desk.ok("GET", f"/knowledge/articles/{faq_id}", "supervisor")
    kept = ("question", "subject", "answer", "wordings", "related", "check")
    return {**{name: found[name] for name in kept}, **changes}


async def test_another_answer_to_the_same_wordings_changes_nothing_else(sqlite_desk: Desk) -> None:
    given = await content(sqlite_desk, "invoice.how", answer="电子发票在订单页申请，两小时内发到邮箱。")
    found = await sqlite_desk.ok("POST", PATH.format("invoice.how"), "supervisor", content=given)
    assert (found["asked"], found["changed"], found["changes"]) == (0, 0, [])


async def test_an_article_that_takes_another_ones_questions_is_seen_before_customers_hear_it(sqlite_desk: Desk) -> None:
    now = sqlite_desk.clock.now()
    group = {"count": 9, "first_at": now, "last_at": now, "state": "answered", "faq_id": "invoice.how"}
    async with sqlite_desk.services.db.write() as uow:
        uow.session.add(QuestionGroup(text="给我开发票呗", **group))
        await uow.commit()
    found = await sqlite_desk.ok("POST", PATH.format("invoice.when"), "supervisor", content=THIEF)
    assert 300 < found["asked"] < found["of"]
    assert found["worse"] >= 1
    worse = [one for one in found["changes"] if one["worse"]]
    assert found["changes"][: len(worse)] == worse
    assert "invoice.how" in {one["wanted"] for one in worse}
    assert all(one["before"] == {"outcome": "answer", "faq_ids": [one["wanted"]]} for one in worse)
    own = [one for one in found["changes"] if one["wanted"] == "invoice.when"]
    assert own
    assert not any(one["worse"] for one in own)
    assert await sqlite_desk.rows(ArticleVersion) == []


async def test_all_that_is_known_is_asked_piece_by_piece_and_once(sqlite_desk: Desk) -> None:
    async def piece(after: int) -> Any:
        path = PATH.format("invoice.when")
        return await sqlite_desk.ok("POST", path, "supervisor", content=THIEF, after=after)

    pieces = [await piece(0)]
    while pieces[-1]["asked"] < pieces[-1]["of"]:
        pieces.append(await piece(pieces[-1]["asked"]))
        assert pieces[-1]["asked"] > pieces[-2]["asked"]
    asked, changed = pieces[-1]["asked"], [one["question"] for found in pieces for one in found["changes"]]
    wordings = {text for one in sqlite_desk.services.knowledge.articles.values() for text in one.wordings}
    assert asked > len(wordings)
    assert len(pieces) > 5
    assert len(changed) == len(set(changed))
    over = await piece(asked)
    assert (over["asked"], over["changes"]) == (asked, [])


async def test_only_editors_rehearse_and_what_is_broken_is_refused(sqlite_desk: Desk) -> None:
    await sqlite_desk.refused(403, "POST", PATH.format("invoice.when"), "agent", content=THIEF)
    await sqlite_desk.refused(422, "POST", PATH.format("invoice.when"), "supervisor", content={**THIEF, "answer": "短"})
    assert (await sqlite_desk.ok("POST", PATH.format("invoice.how"), "supervisor", content=None))["asked"] == 0
