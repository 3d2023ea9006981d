"""Questions over REST, with the real worker: answered, followed up, suggested, asked again, handed on; and edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from helpdesk.testing import eventually
from tests.dialogues.conftest import Towns
from tests.dialogues.talk import Json, Staff, Talk, Town

FOLLOW_UPS: list[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "follow_ups.yml").read_text("utf-8"))
NOBODY_ANSWERS = "你们公司赞助的球队叫什么名字呀"


@pytest.fixture
async def town(towns: Towns) -> Town:
    """During opening hours."""
    return await towns(closed=False)


def kinds(replies: list[Json]) -> list[str]:
    return [one["custom"]["kind"] for one in replies if one.get("custom")]


def answered(replies: list[Json]) -> list[str]:
    """The articles that were given as the answer."""
    facts = [one["custom"] for one in replies if one.get("custom")]
    return [fact["faq_id"] for fact in facts if fact["kind"] == "faq_answer"]


def titles(replies: list[Json]) -> list[str]:
    return [button["title"] for one in replies for button in one.get("buttons") or []]


def test_there_are_follow_ups_across_the_topics() -> None:
    assert len(FOLLOW_UPS) >= 25
    assert len({case["faq_id"].split(".")[0] for case in FOLLOW_UPS}) >= 7


@pytest.mark.parametrize("case", FOLLOW_UPS, ids=lambda case: f"{case['first']}-{case['then']}")
async def test_a_question_without_subject_is_about_the_topic_before(town: Town, case: dict[str, str]) -> None:
    talk = Talk(town)
    first = await talk.send(case["first"])
    assert answered(first), first
    then = await talk.send(case["then"])
    assert answered(then) == [case["faq_id"]], then


async def test_none_of_the_suggestions_leads_to_a_person_and_to_an_editor(town: Town) -> None:
    talk = Talk(town)
    replies = await talk.send("那个费用的事")
    assert kinds(replies)[-1] == "faq_suggestions", replies
    assert 2 <= len(titles(replies)) <= 4
    replies = await talk.say("[都不是]")
    assert any("人工" in one["text"] for one in replies), replies
    [row] = await town.rows("unanswered", talk.sender)
    assert row["text"] == "那个费用的事"
    assert row["suggested"]


async def test_what_nobody_answers_is_asked_again_once_then_a_person_is_offered(town: Town) -> None:
    talk = Talk(town)
    first = await talk.send(NOBODY_ANSWERS)
    second = await talk.send(f"我是说{NOBODY_ANSWERS}")
    assert answered(first) + answered(second) == []
    assert "人工" in "".join(one["text"] for one in second), second


async def test_unanswered_questions_are_grouped_for_the_desk(town: Town) -> None:
    talk = Talk(town)
    await talk.send("那个费用的事")
    await talk.say("[都不是]")
    staff = await town.staff("supervisor")

    async def grouped() -> Any:
        found = await staff.client.get("/api/knowledge/unanswered", headers=staff.headers)
        return [one for one in found.json() if "那个费用的事" in one["examples"]]

    [group] = await eventually(grouped, "the question is in a group")
    assert group["count"] >= 1
    assert len(group["suggested"]) == 3


@pytest.mark.parametrize("words", ["没用", "还是没解决"])
async def test_saying_that_an_answer_did_not_help_is_kept_and_leads_to_a_person(town: Town, words: str) -> None:
    talk, staff = Talk(town), await town.staff("supervisor")
    before = await ratings(staff)
    await talk.send("会员积分怎么用")
    replies = await talk.send(words)
    assert "人工" in "".join(one["text"] for one in replies), replies
    assert (await ratings(staff))["not_helpful"] == before["not_helpful"] + 1
    [row] = await town.rows("unanswered", talk.sender)
    assert (row["text"], row["suggested"]) == ("会员积分怎么用", ["account.points"])


async def test_saying_that_an_answer_helped_is_kept(town: Town) -> None:
    talk, staff = Talk(town), await town.staff("supervisor")
    before = await ratings(staff)
    await talk.send("会员积分怎么用")
    await talk.send("有用")
    assert (await ratings(staff))["helpful"] == before["helpful"] + 1
    assert await town.rows("unanswered", talk.sender) == []


async def ratings(staff: Staff) -> Json:
    """How often the article about points helped."""
    found = (await staff.client.get("/api/knowledge/ratings", headers=staff.headers)).json()
    none = {"helpful": 0, "not_helpful": 0}
    return next((one for one in found if one["faq_id"] == "account.points"), none)


async def put(staff: Staff, path: str, content: Json) -> None:
    done = await staff.client.put(path, json=content, headers=staff.headers)
    assert done.status_code == 200, done.text


async def test_an_edit_is_the_next_answer_and_a_rollback_the_one_after(town: Town) -> None:
    staff, path = await town.staff("supervisor"), "/api/knowledge/articles/service.store"
    shown = (await staff.client.get(path, headers=staff.headers)).json()
    content = {key: shown[key] for key in ("question", "subject", "answer", "wordings", "related", "check")}
    before = await Talk(town).send("门店在哪里")
    marked = f"您好，门店正在装修（{uuid4().hex[:6]}），请您在网上购买。"
    try:
        await put(staff, path, {**content, "answer": marked})
        after = await Talk(town).send("门店在哪里")
    finally:
        rolled = await staff.client.post(f"{path}/rollback", json={"version": 0}, headers=staff.headers)
    assert marked in "".join(one["text"] for one in after)
    assert rolled.status_code == 200, rolled.text
    again = await Talk(town).send("门店在哪里")
    assert content["answer"][-12:] in "".join(one["text"] for one in again)
    assert answered(before) == answered(after) == answered(again) == ["service.store"]
