"""What the bot may do for a customer who waits for a person, and for one whose order is late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk.store.tables import Audit, Conversation, Message, Promise
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.steps import names


async def last(desk: Desk, conversation_id: str) -> Message:
    return (await desk.told(conversation_id))[-1]


async def test_leaving_in_any_words_gives_the_bot_back_and_forgets_the_place(desk: Desk) -> None:
    await desk.sign_in()
    conversation_id = await desk.waiting(priority="urgent")
    await desk.turn(conversation_id, "leave_queue", {})
    conversation = await desk.row(Conversation, id=conversation_id)
    assert (conversation.state, conversation.queued_at, conversation.priority) == ("bot", None, "normal")
    assert (await last(desk, conversation_id)).text in desk.services.wording.variants("queue_left")
    assert await names(desk) == []


async def test_the_place_is_told_as_often_as_it_is_asked_for(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    await sqlite_desk.waiting("first")
    sqlite_desk.clock.advance(timedelta(seconds=1))
    conversation_id = await sqlite_desk.waiting("second")
    for _ in range(2):
        await sqlite_desk.turn(conversation_id, "tell_place", {})
    told = [one.custom for one in await sqlite_desk.told(conversation_id)]
    assert told == [{"kind": "handoff", "state": "waiting", "position": 2, "estimate_s": None}] * 3


async def test_what_is_added_is_acknowledged_each_time(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    counts = []
    for _ in range(3):
        sqlite_desk.clock.advance(timedelta(seconds=40))
        await sqlite_desk.turn(conversation_id, "acknowledge", {})
        counts.append(len(await sqlite_desk.told(conversation_id)))
    assert counts == [2, 3, 4]


async def test_danger_goes_first_in_the_queue(desk: Desk) -> None:
    await desk.sign_in()
    await desk.waiting("urgent", priority="urgent")
    conversation_id = await desk.waiting("danger")
    assert await names(desk) == ["urgent", "danger"]
    await desk.turn(conversation_id, "raise_in_queue", {})
    assert await names(desk) == ["danger", "urgent"]
    assert await desk.rows(Audit, action="queue_raised")


@pytest.mark.parametrize("effect", ["leave_queue", "tell_place", "acknowledge", "raise_in_queue"])
async def test_who_was_taken_over_meanwhile_is_told_nothing_of_the_queue(sqlite_desk: Desk, effect: str) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    before = await sqlite_desk.told(conversation_id)
    await sqlite_desk.turn(conversation_id, effect, {})
    conversation = await sqlite_desk.row(Conversation, id=conversation_id)
    assert (conversation.state, conversation.priority) == ("staff", "normal")
    assert len(await sqlite_desk.told(conversation_id)) == len(before)


async def test_what_the_bot_was_told_during_the_wait_is_in_the_handoff_note(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.set_dialogue(conversation_id, phone="13812345678", frame={"asked": "none"})
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    note = (await sqlite_desk.row(Conversation, id=conversation_id)).handoff_note
    assert note["fields"] == {"phone": "13812345678"}
    assert note["reason"] == "customer_asked"


# ---------------------------------------------------------------- a late order


async def test_a_hurried_order_is_a_promise_with_an_owner_and_an_hour(desk: Desk) -> None:
    conversation_id = await desk.customer()
    result = await desk.turn(conversation_id, "hurry_order", {"order": "2026110899887", "text": "能快点吗"})
    promise = await desk.row(Promise)
    assert (promise.kind, promise.state, promise.conversation_id) == ("order", "open", conversation_id)
    assert promise.due_at == datetime.fromisoformat(result["promised_at"])
    assert promise.due_at > desk.clock.now()
    assert promise.owner_id
    assert "2026110899887" in promise.text
    assert (await desk.row(Audit, action="order_hurried")).detail["order"] == "2026110899887"


async def test_an_order_hurried_twice_is_one_promise_and_another_order_is_another(desk: Desk) -> None:
    await desk.sign_in()
    conversation_id = await desk.customer()
    first = await desk.turn(conversation_id, "hurry_order", {"order": "2026110899887", "text": "能快点吗"})
    desk.clock.advance(timedelta(minutes=10))
    again = await desk.turn(conversation_id, "hurry_order", {"order": "2026110899887", "text": "还没到，快点"})
    assert datetime.fromisoformat(again["promised_at"]) == datetime.fromisoformat(first["promised_at"])
    assert len(await desk.rows(Promise)) == 1
    assert len(await desk.rows(Audit, action="order_hurried")) == 2
    await desk.turn(conversation_id, "hurry_order", {"order": "2026110812345", "text": "这个也快点"})
    assert len(await desk.rows(Promise)) == 2


async def test_a_hurried_order_is_among_what_the_customer_is_owed(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.turn(conversation_id, "open_ticket", complaint())
    await sqlite_desk.turn(conversation_id, "hurry_order", {"order": "2026110899887", "text": "快点"})
    await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    note = (await sqlite_desk.row(Conversation, id=conversation_id)).handoff_note
    assert {promise["kind"] for promise in note["promises"]} == {"first_contact", "result", "order"}
