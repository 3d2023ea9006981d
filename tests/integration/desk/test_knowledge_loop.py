"""What could not be answered is grouped, becomes an answer, and answers that did not help are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from copy import copy
from typing import Any

import pytest

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.conversation import Author
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import AnswerRating, Message, QuestionGroup, Unanswered
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.knowledge.question_groups import group_new
from helpdesk.usecases.ratings.answers import rate_answer
from tests.integration.desk.conftest import Desk, desk_on

PARKING: dict[str, Any] = {
    "question": "门店可以停车吗？",
    "subject": "停车",
    "answer": "可以，凭当天小票免费停车两小时。",
    "wordings": ["停车场怎么收费"],
}
NEW = "/knowledge/articles/service.parking"
ASKED = ["门店能停车吗", "你们店里有停车位没", "开车去店里好停车吗"]


@pytest.fixture
async def desk(url: str, template: Services) -> AsyncIterator[Desk]:
    """A desk that edits a knowledge of its own."""
    async with desk_on(url, Services(**{**vars(template), "knowledge": copy(template.knowledge)})) as made:
        yield made


async def unanswered(desk: Desk, *texts: str, sender: str = "wang") -> None:
    """A customer asks what no article answers; then the groups are brought up to date."""
    conversation = await desk.customer(sender)
    for text in texts:
        await desk.turn(conversation, "unanswered", {"text": text, "suggested": []})
    await group_new(desk.services)


async def groups(desk: Desk, state: str = "open") -> list[dict[str, Any]]:
    return list(await desk.ok("GET", f"/knowledge/unanswered?state={state}"))


async def answered(desk: Desk, question: str = "运费怎么算", sender: str = "wang") -> tuple[str, str]:
    """A question and its answer, as a turn stores them; conversation and the answer's message id."""
    asked = await receive(desk.services, Incoming("rest", sender, question))
    custom = {"kind": "faq_answer", "faq_id": "shipping.fee"}
    async with desk.services.db.write() as uow:
        conversation = await lock_conversation(uow.session, asked.conversation_id)
        says = [Say("您好，运费这样计算。", Author.BOT, custom=custom)]
        [told] = await say(uow, conversation, says, answers=asked, in_reply_to=[])
        await uow.commit()
    return conversation.id, told.id


# ---------------------------------------------------------------- groups


async def test_questions_of_one_meaning_are_one_group_with_a_count(desk: Desk) -> None:
    await unanswered(desk, *ASKED, "冰箱里有股味道怎么去")
    await unanswered(desk, "门店能停车吗", sender="li")
    parking, smell = await groups(desk)
    assert (parking["count"], parking["state"]) == (4, "open")
    assert parking["text"] in ASKED
    assert set(parking["examples"]) == set(ASKED)
    assert (smell["count"], smell["examples"]) == (1, ["冰箱里有股味道怎么去"])
    assert len(parking["suggested"]) == 3
    assert parking["suggested"][0] in desk.services.knowledge.articles
    assert parking["first_at"] <= parking["last_at"]


async def test_what_has_no_word_in_it_is_no_question(desk: Desk) -> None:
    await unanswered(desk, "？？", "😀", "")
    assert await desk.rows(Unanswered) == []


async def test_two_processes_group_a_question_once(desk: Desk) -> None:
    conversation = await desk.customer()
    for text in ASKED:
        await desk.turn(conversation, "unanswered", {"text": text})
    counted = await asyncio.gather(*(group_new(desk.services) for _ in range(3)))
    while await group_new(desk.services):
        pass
    assert max(counted) == 3
    [group] = await groups(desk)
    assert group["count"] == 3
    assert {one.group_id for one in await desk.rows(Unanswered)} == {group["id"]}


async def test_nothing_personal_is_listed_or_becomes_a_wording(desk: Desk) -> None:
    await unanswered(desk, "我叫王小明，电话13812345678，单号2026110812345，你们店能停车吗")
    [group] = await groups(desk)
    shown = str(group)
    assert not any(secret in shown for secret in ("13812345678", "王小明", "2026110812345"))
    assert "能停车吗" in group["text"]
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    await desk.ok(
        "POST", f"/knowledge/unanswered/{group['id']}", "supervisor", action="answer", faq_id="service.parking"
    )
    assert not any("王" in text or "138" in text for text in (await desk.ok("GET", NEW))["wordings"])


async def test_a_group_becomes_wordings_of_a_new_article_and_is_answered(desk: Desk) -> None:
    await unanswered(desk, *ASKED)
    [group] = await groups(desk)
    path = f"/knowledge/unanswered/{group['id']}"
    await desk.refused(404, "POST", path, "supervisor", action="answer", faq_id="service.parking")
    await desk.refused(422, "POST", path, "supervisor", action="answer")
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    settled = await desk.ok("POST", path, "supervisor", action="answer", faq_id="service.parking")
    assert (settled["state"], settled["faq_id"]) == ("answered", "service.parking")
    article = await desk.ok("GET", NEW)
    assert set(article["wordings"]) == {*PARKING["wordings"], *ASKED}
    assert article["version"] == 2
    assert desk.services.knowledge.outcome("开车去店里好停车吗").faq_ids == ("service.parking",)
    assert await groups(desk) == []
    assert [one["id"] for one in await groups(desk, "answered")] == [group["id"]]


async def test_answering_a_group_twice_publishes_once(desk: Desk) -> None:
    await unanswered(desk, *ASKED)
    [group] = await groups(desk)
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    for _ in range(2):
        await desk.ok(
            "POST", f"/knowledge/unanswered/{group['id']}", "supervisor", action="answer", faq_id="service.parking"
        )
    assert (await desk.ok("GET", NEW))["version"] == 2


async def test_a_group_is_dismissed_and_opened_again_by_editors_only(desk: Desk) -> None:
    await unanswered(desk, "你们赞助的球队是哪支")
    [group] = await groups(desk)
    path = f"/knowledge/unanswered/{group['id']}"
    await desk.refused(403, "POST", path, "agent", action="dismiss")
    await desk.refused(422, "POST", path, "supervisor", action="eat")
    await desk.refused(404, "POST", "/knowledge/unanswered/nobody", "supervisor", action="dismiss")
    await desk.refused(422, "GET", "/knowledge/unanswered?state=lost")
    assert (await desk.ok("POST", path, "supervisor", action="dismiss"))["state"] == "dismissed"
    await unanswered(desk, "你们赞助了哪支球队")
    assert await groups(desk) == []
    assert [one["count"] for one in await groups(desk, "dismissed")] == [2]
    await desk.ok("POST", path, "supervisor", action="reopen")
    assert [one["count"] for one in await groups(desk)] == [2]
    assert len((await desk.ok("GET", path))["examples"]) == 2


async def test_a_question_that_its_article_still_does_not_answer_opens_the_group_again(desk: Desk) -> None:
    await unanswered(desk, *ASKED)
    [group] = await groups(desk)
    await desk.ok("PUT", NEW, "supervisor", **PARKING)
    await desk.ok(
        "POST", f"/knowledge/unanswered/{group['id']}", "supervisor", action="answer", faq_id="service.parking"
    )
    await unanswered(desk, ASKED[0])
    assert await groups(desk) == []  # noted before, and answered by now
    conversation = await desk.customer("li")
    told = {"text": ASKED[0], "suggested": ["service.parking"]}
    await desk.turn(conversation, "unanswered", told)
    await group_new(desk.services)
    assert [one["count"] for one in await groups(desk)] == [5]


# ---------------------------------------------------------------- ratings


async def test_a_rating_is_kept_once_and_changed_by_the_next(desk: Desk) -> None:
    conversation, message = await answered(desk)
    await rate_answer(desk.services, conversation, message, True)
    await rate_answer(desk.services, conversation, message, True)
    question = desk.services.knowledge.articles["shipping.fee"].question
    expected = {"faq_id": "shipping.fee", "question": question, "helpful": 1, "not_helpful": 0}
    assert await desk.ok("GET", "/knowledge/ratings") == [expected]
    await rate_answer(desk.services, conversation, message, False)
    [rating] = await desk.rows(AnswerRating)
    assert (rating.helpful, rating.faq_id, rating.message_id) == (False, "shipping.fee", message)
    [row] = await desk.rows(Unanswered)
    assert (row.text, row.suggested) == ("运费怎么算", ["shipping.fee"])


@pytest.mark.parametrize("is_grouped", [True, False])
async def test_thinking_better_of_it_takes_the_question_back(desk: Desk, is_grouped: bool) -> None:
    conversation, message = await answered(desk)
    await rate_answer(desk.services, conversation, message, False)
    if is_grouped:
        assert await group_new(desk.services) == 1
    await rate_answer(desk.services, conversation, message, True)
    assert (await desk.rows(Unanswered), await desk.rows(QuestionGroup)) == ([], [])


async def test_who_was_not_helped_is_led_on_once(desk: Desk) -> None:
    conversation, message = await answered(desk)
    for _ in range(2):
        await rate_answer(desk.services, conversation, message, False)
    [_, more] = await desk.told(conversation)
    presses = [button["press"] for button in more.buttons]
    assert [press["intent"] for press in presses] == ["ask_faq", "ask_faq", "request_human"]
    assert "shipping.fee" not in str(presses)


async def test_a_rating_from_the_queue_says_nothing(desk: Desk) -> None:
    conversation, message = await answered(desk)
    await desk.sign_in()
    await desk.waiting()
    before = len(await desk.told(conversation))
    await rate_answer(desk.services, conversation, message, False)
    assert len(await desk.told(conversation)) == before
    assert len(await desk.rows(AnswerRating)) == 1


async def test_only_answers_of_the_own_conversation_can_be_rated(desk: Desk) -> None:
    _, foreign = await answered(desk, sender="li")
    conversation, message = await answered(desk)
    [asked] = [one for one in await desk.rows(Message, conversation_id=conversation) if one.author == "customer"]
    for wrong in (foreign, asked.id, "nothing", None, 7):
        with pytest.raises(NotFound):
            await rate_answer(desk.services, conversation, wrong, True)
    for wrong in (None, "yes", 1):
        with pytest.raises(InvalidInput):
            await rate_answer(desk.services, conversation, message, wrong)
    assert await desk.rows(AnswerRating) == []


async def test_saying_that_it_did_not_help_rates_the_last_answer(desk: Desk) -> None:
    conversation, message = await answered(desk)
    told = await desk.turn(conversation, "rate_answer", {"helpful": False})
    assert told == {"faq_id": "shipping.fee", "message_id": message}
    [rating] = await desk.rows(AnswerRating)
    assert (rating.message_id, rating.helpful) == (message, False)
    assert len(await desk.rows(Unanswered)) == 1


async def test_there_may_be_no_answer_to_rate(desk: Desk) -> None:
    told = await desk.turn(await desk.customer(), "rate_answer", {"helpful": False})
    assert told == {"faq_id": None, "message_id": None}
    assert await desk.rows(AnswerRating) == []


async def test_the_least_helpful_article_comes_first(desk: Desk) -> None:
    for sender, helpful in (("a", True), ("b", False), ("c", False)):
        conversation, message = await answered(desk, sender=sender)
        await rate_answer(desk.services, conversation, message, helpful)
    [found] = await desk.ok("GET", "/knowledge/ratings")
    assert (found["faq_id"], found["helpful"], found["not_helpful"]) == ("shipping.fee", 1, 2)
