"""A conversation that fell silent is ended courteously, once, by day, and only where nobody owes an answer (A3, A7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.model import dialogue
from helpdesk.store.tables import Conversation, Customer, Identity, Message
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.conversations.sessions import request_start
from helpdesk.usecases.timers import run_timers
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.steps import hears, says, until


async def farewells(desk: Desk, conversation_id: str) -> list[Message]:
    return [message for message in await desk.told(conversation_id) if message.custom == {"kind": "farewell"}]


async def test_who_falls_silent_is_seen_off_once(desk: Desk) -> None:
    conversation_id = await says(desk, "你们几点开门")
    await until(desk, "2026-11-23 11:59")
    assert await farewells(desk, conversation_id) == []
    for moment in ("2026-11-23 12:00", "2026-11-23 12:01", "2026-11-23 20:00"):
        await until(desk, moment)
    assert await desk.state(conversation_id) == "closed"
    [told] = await farewells(desk, conversation_id)
    assert "再见" in told.text
    assert len(await desk.told(conversation_id)) == 1  # no stars are asked for


async def test_what_was_filled_in_stays_parked(sqlite_desk: Desk) -> None:
    conversation_id = await says(sqlite_desk, "我要投诉")
    told = {"name": "王小明", "amount": "300", "kind": "complaint", "requested_slot": "phone"}
    await sqlite_desk.set_dialogue(conversation_id, "complaint_form", **told)
    await until(sqlite_desk, "2026-11-23 12:00")
    conversation = await sqlite_desk.row(Conversation, id=conversation_id)
    assert dialogue.active_form(conversation.dialogue) is None
    assert dialogue.slots(conversation.dialogue)["name"] == "王小明"
    [waits] = dialogue.frame(conversation.dialogue).suspended
    assert waits == {"form": "complaint_form", "slots": {"name": "王小明", "amount": "300", "kind": "complaint"}}
    [told] = await farewells(sqlite_desk, conversation_id)
    assert "保留" in told.text


async def test_an_open_matter_is_named(sqlite_desk: Desk) -> None:
    conversation_id = await says(sqlite_desk, "我要投诉")
    number = (await sqlite_desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    await until(sqlite_desk, "2026-11-23 12:01")
    [told] = await farewells(sqlite_desk, conversation_id)
    assert number in told.text


async def test_at_night_nobody_is_disturbed_and_the_farewell_comes_in_the_morning(sqlite_desk: Desk) -> None:
    await until(sqlite_desk, "2026-11-23 20:30")
    conversation_id = await says(sqlite_desk, "你们几点开门")
    for moment in ("2026-11-23 22:30", "2026-11-24 03:00"):
        await until(sqlite_desk, moment)
        assert await sqlite_desk.state(conversation_id) == "bot"
    await until(sqlite_desk, "2026-11-24 08:00")
    assert len(await farewells(sqlite_desk, conversation_id)) == 1


async def test_long_after_no_word_comes_out_of_the_blue(sqlite_desk: Desk) -> None:
    conversation_id = await says(sqlite_desk, "你们几点开门")
    await until(sqlite_desk, "2026-12-23 10:00")
    assert await sqlite_desk.state(conversation_id) == "closed"
    assert await sqlite_desk.told(conversation_id) == []


async def test_who_only_opened_the_window_is_left_in_peace(sqlite_desk: Desk) -> None:
    conversation_id = await says(sqlite_desk, "您好")
    await sqlite_desk.change(Conversation, conversation_id, session_no=2)
    async with sqlite_desk.services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, conversation_id)
        await request_start(uow, conversation, "open")
        await uow.commit()
    await hears(sqlite_desk, conversation_id)
    await until(sqlite_desk, "2026-11-23 12:30")
    assert await sqlite_desk.state(conversation_id) == "closed"
    assert await sqlite_desk.told(conversation_id) == []


async def test_who_waits_or_was_not_answered_is_not_seen_off(sqlite_desk: Desk) -> None:
    waiting = await says(sqlite_desk, "转人工", "waiting")
    await sqlite_desk.sign_in()
    await sqlite_desk.turn(waiting, "join_queue", {"reason": "customer_asked"})
    pending = await says(sqlite_desk, "您好", "pending")
    await receive(sqlite_desk.services, Incoming("rest", "pending", "在吗"))
    await until(sqlite_desk, "2026-11-23 13:00")
    assert await sqlite_desk.state(waiting) == "waiting"
    assert await sqlite_desk.state(pending) == "bot"
    assert await farewells(sqlite_desk, waiting) == await farewells(sqlite_desk, pending) == []


async def served(desk: Desk, *, last_word: str) -> str:
    """A conversation with a person who stays reachable; `last_word`: customer or staff."""
    await desk.sign_in()
    conversation_id = await says(desk, "转人工")
    await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，请问订单号是多少？")
    if last_word == "customer":
        await says(desk, "我找找")
    return conversation_id


async def later(desk: Desk, hours: float) -> None:
    """The person is still there."""
    desk.clock.advance(timedelta(hours=hours))
    await desk.sign_in()
    await run_timers(desk.services, desk.clock.now())


@pytest.mark.parametrize("last_word, state", [("staff", "closed"), ("customer", "staff")])
async def test_a_person_waits_a_day_for_the_customer_and_never_ends_what_they_owe(
    desk: Desk, last_word: str, state: str
) -> None:
    conversation_id = await served(desk, last_word=last_word)
    await later(desk, 7.9)
    assert await desk.state(conversation_id) == "staff"
    await later(desk, 0.2)
    assert await desk.state(conversation_id) == state
    assert len(await farewells(desk, conversation_id)) == (1 if state == "closed" else 0)


async def test_who_is_on_hold_is_not_sent_away(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk, last_word="staff")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/hold", minutes=60)
    await later(sqlite_desk, 8.5)
    assert await sqlite_desk.state(conversation_id) == "staff"


async def test_a_crowd_is_seen_off_in_batches(sqlite_desk: Desk) -> None:
    for n in range(60):
        await says(sqlite_desk, "您好", f"c{n}")
    await until(sqlite_desk, "2026-11-23 12:30")
    closed = await sqlite_desk.rows(Conversation, state="closed")
    assert len(closed) == 50
    await until(sqlite_desk, "2026-11-23 12:30")
    assert await sqlite_desk.rows(Conversation, state="bot") == []
    assert len(await sqlite_desk.rows(Customer)) == len(await sqlite_desk.rows(Identity)) == 60
