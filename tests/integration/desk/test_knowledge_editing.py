"""Articles are drafted, tried, published and rolled back on the desk; what is broken or out of date changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from helpdesk.bootstrap import load
from helpdesk.company import read_yaml
from helpdesk.knowledge import parse_article
from helpdesk.services import Services, StillLoading
from helpdesk.store.tables import ArticleVersion, Audit
from helpdesk.testing import Databases
from helpdesk.usecases.knowledge.export import export_articles
from helpdesk.usecases.knowledge.watch import catch_up
from tests.integration.desk.conftest import Desk, desk_on

PARKING: dict[str, Any] = {
    "question": "门店可以停车吗？",
    "subject": "停车",
    "answer": "可以，凭当天小票免费停车两小时。",
    "wordings": ["你们店能停车吗", "停车收费吗"],
}
FEE = "/knowledge/articles/shipping.fee"
NEW = "/knowledge/articles/service.parking"
FREE = "您好，现在所有订单都免运费。"


@pytest.fixture
async def desk(url: str, template: Services) -> AsyncIterator[Desk]:
    """A desk that edits a knowledge of its own."""
    async with another(url, template) as made:
        yield made


def another(url: str, template: Services) -> Any:
    """Another process on the same database, as far as the knowledge goes."""
    own = {**vars(template), "knowledge": copy(template.knowledge)}
    return desk_on(url, Services(**own))


@pytest.fixture
async def sqlite_own(sqlite: Databases, template: Services) -> AsyncIterator[Desk]:
    async with another(sqlite.fresh(), template) as made:
        yield made


async def fee(desk: Desk, **changes: Any) -> dict[str, Any]:
    """An edit of the article about fees: its content as it is, with changes."""
    shown = await desk.ok("GET", FEE)
    kept = {key: shown[key] for key in ("question", "subject", "answer", "wordings", "related", "check")}
    return {**kept, **changes}


def answer_to(desk: Desk, question: str) -> str | None:
    found = desk.services.knowledge.outcome(question).article
    return found.answer if found else None


async def test_a_published_edit_answers_at_once_and_is_in_the_history(desk: Desk) -> None:
    before = await desk.ok("GET", FEE)
    assert (before["version"], before["state"], before["edited_by"], before["draft"]) == (0, "published", None, None)
    shown = await desk.ok("PUT", FEE, "supervisor", **await fee(desk, answer=FREE, note="双十一", version=0))
    assert (shown["answer"], shown["version"], shown["edited_by"]) == (FREE, 1, "supervisor")
    assert answer_to(desk, "运费怎么算") == FREE
    newest, file = await desk.ok("GET", f"{FEE}/versions")
    assert (newest["version"], newest["state"], newest["note"]) == (1, "published", "双十一")
    assert (newest["written_by"], newest["published_by"]) == ("supervisor", "supervisor")
    assert newest["written_at"] == newest["published_at"]
    assert (file["version"], file["state"], file["written_by"], file["written_at"]) == (0, "replaced", "company", None)
    assert file["content"]["answer"] == before["answer"]
    await desk.row(Audit, action="article_published", subject="shipping.fee")


async def test_a_new_article_answers_and_is_listed_and_found(desk: Desk) -> None:
    await desk.refused(404, "GET", NEW)
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    assert answer_to(desk, "开车去店里有地方停车吗") == PARKING["answer"]
    listed = {one["faq_id"]: one for one in await desk.ok("GET", "/knowledge/articles")}
    assert listed["service.parking"]["version"] == 1
    assert len(listed) == len(desk.services.knowledge.shipped) + 1
    hits = await desk.ok("GET", "/knowledge/search?q=店里停车要钱吗&limit=3")
    assert all(hit["answer"] and "{" not in hit["answer"] for hit in hits)
    assert hits[0]["faq_id"] == "service.parking"
    assert set(hits[0]) == {"faq_id", "question", "score", "answer"}


@pytest.mark.parametrize(
    "changes, key",
    [
        ({"answer": "见 {nothing} 的说明文字，请您查看"}, "answer"),
        ({"wordings": ["运费怎么算"]}, "wordings"),
        ({"wordings": []}, "wordings"),
        ({"related": ["service.nowhere"]}, "related"),
        ({"answer": "太短"}, "answer"),
    ],
)
async def test_a_broken_edit_changes_nothing(desk: Desk, changes: dict[str, Any], key: str) -> None:
    before = desk.services.knowledge.current
    error = await desk.refused(422, "PUT", NEW, "supervisor", **{**PARKING, **changes})
    assert (error["code"], error["details"]["key"]) == ("broken_article", key)
    assert desk.services.knowledge.current is before
    assert await desk.rows(ArticleVersion) == []
    assert await desk.rows(Audit, action="article_published") == []


async def test_agents_read_and_supervisors_edit(sqlite_own: Desk) -> None:
    desk = sqlite_own
    await desk.refused(403, "PUT", NEW, "agent", **PARKING)
    await desk.refused(403, "PUT", f"{NEW}/draft", "agent", **PARKING)
    await desk.refused(403, "POST", f"{FEE}/rollback", "agent", version=0)
    await desk.refused(403, "POST", f"{FEE}/try", "agent", question="运费怎么算")
    assert (await desk.ok("GET", FEE, "agent"))["faq_id"] == "shipping.fee"


async def test_a_rollback_restores_the_old_answer_as_a_new_version(desk: Desk) -> None:
    shipped = answer_to(desk, "运费怎么算")
    await desk.ok("PUT", FEE, "supervisor", **await fee(desk, answer=FREE))
    await desk.ok("PUT", FEE, "admin", **await fee(desk, answer="您好，满 99 元免运费。"))
    shown = await desk.ok("POST", f"{FEE}/rollback", "supervisor", version=1)
    assert (shown["version"], answer_to(desk, "运费怎么算")) == (3, FREE)
    assert (await desk.ok("POST", f"{FEE}/rollback", "supervisor", version=0))["version"] == 4
    assert answer_to(desk, "运费怎么算") == shipped
    history = await desk.ok("GET", f"{FEE}/versions")
    assert [one["state"] for one in history] == ["published", "replaced", "replaced", "replaced", "replaced"]
    assert [one["note"] for one in history[:2]] == ["恢复到版本 0", "恢复到版本 1"]
    await desk.refused(404, "POST", f"{FEE}/rollback", "supervisor", version=9)
    await desk.refused(404, "POST", f"{NEW}/rollback", "supervisor", version=0)


async def test_a_draft_answers_nobody_until_it_is_published(desk: Desk) -> None:
    shown = await desk.ok("PUT", f"{NEW}/draft", "supervisor", **{**PARKING, "answer": "", "note": "待核实"})
    assert (shown["state"], shown["has_draft"], shown["draft"]["note"]) == ("draft", True, "待核实")
    await desk.refused(422, "POST", f"{NEW}/publish", "supervisor", note="先发")
    shown = await desk.ok("PUT", f"{NEW}/draft", "supervisor", **PARKING, version=shown["draft"]["version"])
    assert answer_to(desk, "你们店能停车吗") != PARKING["answer"]
    assert [one["state"] for one in await desk.ok("GET", f"{NEW}/versions")] == ["draft"]
    shown = await desk.ok("POST", f"{NEW}/publish", "admin", note="已核实", version=shown["draft"]["version"])
    assert (shown["state"], shown["has_draft"], shown["version"]) == ("published", False, 2)
    assert answer_to(desk, "你们店能停车吗") == PARKING["answer"]
    [version] = await desk.ok("GET", f"{NEW}/versions")
    assert (version["written_by"], version["published_by"], version["note"]) == ("supervisor", "admin", "已核实")
    await desk.refused(404, "POST", f"{NEW}/publish", "supervisor", note="再发")


async def test_what_grew_from_a_draft_is_published_in_its_place(desk: Desk) -> None:
    shown = await desk.ok("PUT", f"{FEE}/draft", "supervisor", **await fee(desk, answer="甲：满 99 元免运费。"))
    draft = shown["draft"]["version"]
    await desk.refused(409, "PUT", FEE, "admin", **await fee(desk, answer=FREE), draft=draft + 1)
    shown = await desk.ok("PUT", FEE, "supervisor", **await fee(desk, answer=FREE), draft=draft)
    assert (shown["answer"], shown["has_draft"]) == (FREE, False)
    await desk.refused(409, "PUT", FEE, "supervisor", **await fee(desk, answer="甲：满 99 元免运费。"), draft=draft)
    assert [one["state"] for one in await desk.ok("GET", f"{FEE}/versions")] == ["published", "replaced"]
    assert answer_to(desk, "运费怎么算") == FREE


async def test_a_draft_can_be_thrown_away(desk: Desk) -> None:
    await desk.ok("PUT", f"{FEE}/draft", "supervisor", **await fee(desk, answer=FREE))
    assert (await desk.ok("GET", FEE))["has_draft"]
    await desk.ok("DELETE", f"{FEE}/draft", "supervisor")
    assert not (await desk.ok("GET", FEE))["has_draft"]
    await desk.refused(404, "DELETE", f"{FEE}/draft", "supervisor")


async def test_two_editors_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    first, second = await fee(desk, answer=FREE, version=0), await fee(desk, answer="您好，满减期间免运费。", version=0)
    answers = await asyncio.gather(
        desk.call("PUT", FEE, "supervisor", **first), desk.call("PUT", FEE, "admin", **second)
    )
    assert sorted(one.status_code for one in answers) == [200, 409]
    refused = next(one for one in answers if one.status_code == 409).json()["error"]
    assert refused["details"] == {"version": 1}
    assert len(await desk.rows(ArticleVersion)) == 1
    written = next(one for one in answers if one.status_code == 200).json()
    assert answer_to(desk, "运费怎么算") == written["answer"]


async def test_many_editors_of_different_articles_all_succeed(desk: Desk) -> None:
    paths = ["shipping.fee", "shipping.area", "returns.gift"]
    edits = [{**PARKING, "question": f"第{n}个新问题？", "wordings": [f"第{n}个新问法"]} for n in range(3)]
    await asyncio.gather(
        *(desk.ok("PUT", f"/knowledge/articles/{p}", "supervisor", **e) for p, e in zip(paths, edits, strict=True))
    )
    assert [answer_to(desk, f"第{n}个新问法") for n in range(3)] == [PARKING["answer"]] * 3


async def test_a_draft_older_than_what_is_published_is_not_published_over_it(desk: Desk) -> None:
    await desk.ok("PUT", f"{FEE}/draft", "supervisor", **await fee(desk, answer="您好，满 99 元免运费。"))
    await desk.refused(409, "PUT", f"{FEE}/draft", "admin", **await fee(desk, answer="另一份草稿", version=0))
    await desk.ok("PUT", FEE, "admin", **await fee(desk, answer=FREE))
    await desk.refused(409, "POST", f"{FEE}/publish", "supervisor", note="发布")
    assert answer_to(desk, "运费怎么算") == FREE


async def test_a_draft_is_tried_without_being_published(sqlite_own: Desk) -> None:
    desk, before = sqlite_own, sqlite_own.services.knowledge.current
    tried = await desk.ok("POST", f"{FEE}/try", "supervisor", question="运费怎么算")
    assert (tried["outcome"], tried["answers"], tried["hits"][0]["faq_id"]) == ("answer", True, "shipping.fee")
    tried = await desk.ok("POST", f"{NEW}/try", "supervisor", question="开车过去能停吗", content=PARKING)
    assert (tried["answers"], tried["faq_ids"]) == (True, ["service.parking"])
    await desk.ok("PUT", f"{NEW}/draft", "supervisor", **PARKING)
    assert (await desk.ok("POST", f"{NEW}/try", "supervisor", question="停车收费吗"))["answers"]
    broken = {**PARKING, "wordings": ["运费怎么算"]}
    await desk.refused(422, "POST", f"{NEW}/try", "supervisor", question="停车", content=broken)
    await desk.refused(404, "POST", "/knowledge/articles/service.none/try", "supervisor", question="停车")
    assert desk.services.knowledge.current is before


async def test_a_retired_article_answers_no_more_and_can_come_back(sqlite_own: Desk) -> None:
    desk = sqlite_own
    await desk.ok("PUT", FEE, "supervisor", **await fee(desk, valid_until="2026-01-01"))
    assert "shipping.fee" not in desk.services.knowledge.outcome("运费怎么算").faq_ids
    assert (await desk.ok("GET", FEE))["valid_until"] == "2026-01-01"
    await desk.ok("POST", f"{FEE}/rollback", "supervisor", version=0)
    assert desk.services.knowledge.outcome("运费怎么算").faq_ids == ("shipping.fee",)


async def test_another_process_catches_up_and_a_later_one_begins_with_it(desk: Desk, template: Services) -> None:
    async with another(str(desk.services.db.url.render_as_string(False)), template) as other:
        await desk.ok("PUT", FEE, "supervisor", **await fee(desk, answer=FREE))
        assert answer_to(other, "运费怎么算") != FREE
        assert (await other.ok("GET", FEE))["answer"] == FREE
        await catch_up(other.services)
        assert answer_to(other, "运费怎么算") == FREE
        await other.ok("PUT", FEE, "admin", **await fee(other, answer="您好，满 99 元免运费。", version=1))
        await catch_up(desk.services)
        assert answer_to(desk, "运费怎么算") == "您好，满 99 元免运费。"


async def test_edited_articles_can_be_exported_as_files(sqlite_own: Desk, tmp_path: Path) -> None:
    desk = sqlite_own
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    await desk.ok("PUT", FEE, "supervisor", **await fee(desk, answer=FREE))
    assert await export_articles(desk.services.db, tmp_path) == ["service.parking", "shipping.fee"]
    for faq_id in ("service.parking", "shipping.fee"):
        file = tmp_path / f"{faq_id}.yml"
        assert parse_article(read_yaml(file), faq_id) == desk.services.knowledge.articles[faq_id]
    assert FREE in file.read_text("utf-8")


async def test_a_restart_keeps_what_was_published(desk: Desk, tmp_path: Path) -> None:
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    await desk.ok("PUT", FEE, "supervisor", **await fee(desk, answer=FREE))
    settings = desk.services.settings.model_copy(update={"var_dir": tmp_path})
    again = Services(**{**vars(desk.services), "knowledge": StillLoading(), "settings": settings})
    await load(again)
    assert again.knowledge.article("shipping.fee").answer == FREE
    assert again.knowledge.article("service.parking").answer == PARKING["answer"]
    assert again.knowledge.current.revision == desk.services.knowledge.current.revision == 2
