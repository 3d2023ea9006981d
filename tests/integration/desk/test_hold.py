"""On hold: the customer is told how long, and neither side forgets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.store.tables import Audit, Conversation
from helpdesk.usecases.queue import hold
from helpdesk.usecases.timers import run_timers
from tests.integration.desk.conftest import Desk


async def served(desk: Desk, sender: str = "wang") -> str:
    """A customer whom `agent` serves."""
    await desk.sign_in()
    conversation_id = await desk.waiting(sender)
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    return conversation_id


async def on_hold(desk: Desk, **body: Any) -> str:
    """A customer on hold."""
    conversation_id = await served(desk)
    await desk.ok("POST", f"/conversations/{conversation_id}/hold", **body)
    return conversation_id


async def deeds(desk: Desk, action: str) -> list[Any]:
    return await desk.rows(Audit, action=action)


async def test_the_customer_is_told_what_for_and_how_long(desk: Desk) -> None:
    conversation_id = await on_hold(desk, minutes=8, text="我去向仓库核实您的订单")
    told = (await desk.told(conversation_id))[-1]
    assert told.text.startswith("我去向仓库核实您的订单。")
    assert "8 分钟" in told.text
    until = desk.clock.now() + timedelta(minutes=8)
    assert told.custom == {"kind": "hold", "minutes": 8, "until": until.isoformat()}
    shown = await desk.ok("GET", f"/conversations/{conversation_id}")
    assert (shown["state"], shown["hold_reason"]) == ("staff", "我去向仓库核实您的订单")
    [listed] = await desk.ok("GET", "/conversations?mine=1")
    assert listed["held_until"] == shown["held_until"] is not None
    [began] = await deeds(desk, "hold_began")
    assert began.detail == {"minutes": 8, "reason": "我去向仓库核实您的订单"}


async def test_without_a_reason_there_is_a_courteous_sentence(sqlite_desk: Desk) -> None:
    conversation_id = await on_hold(sqlite_desk)
    assert "大约" in (text := (await sqlite_desk.told(conversation_id))[-1].text)
    assert "5 分钟" in text


async def test_ending_it_twice_is_recorded_once(sqlite_desk: Desk) -> None:
    conversation_id = await on_hold(sqlite_desk)
    for _ in range(2):
        moved = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/unhold")
        assert moved["held_until"] is None
    assert len(await deeds(sqlite_desk, "hold_ended")) == 1


async def test_a_reply_ends_it(sqlite_desk: Desk) -> None:
    conversation_id = await on_hold(sqlite_desk)
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", text="让您久等了，已经查到。")
    assert (await sqlite_desk.row(Conversation, id=conversation_id)).held_until is None


@pytest.mark.parametrize("move", ["release", "close"])
async def test_it_does_not_outlive_the_service(sqlite_desk: Desk, move: str) -> None:
    conversation_id = await on_hold(sqlite_desk)
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/{move}")
    conversation = await sqlite_desk.row(Conversation, id=conversation_id)
    assert (conversation.held_until, conversation.hold_reason) == (None, None)


async def test_a_colleague_takes_over_without_it(sqlite_desk: Desk) -> None:
    conversation_id = await on_hold(sqlite_desk)
    await sqlite_desk.sign_in("agent2")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/transfer", to="agent2")
    assert (await sqlite_desk.row(Conversation, id=conversation_id)).held_until is None


async def test_when_its_time_runs_out_who_serves_is_reminded_once(desk: Desk) -> None:
    conversation_id = await on_hold(desk, minutes=5)
    await run_timers(desk.services, desk.clock.now())
    assert await deeds(desk, "hold_run_out") == []
    desk.clock.advance(timedelta(minutes=5, seconds=1))
    async with desk.services.bus.subscribe("hold_over") as feed:
        for _ in range(2):
            await run_timers(desk.services, desk.clock.now())
        news = await feed.wait(5)
    assert news is not None
    assert news.data == {"conversation_id": conversation_id}
    assert len(await deeds(desk, "hold_run_out")) == 1
    await desk.ok("POST", f"/conversations/{conversation_id}/hold", minutes=3)
    desk.clock.advance(timedelta(minutes=4))
    await hold.remind(desk.services, desk.clock.now())
    assert len(await deeds(desk, "hold_run_out")) == 2


async def test_rude_words_are_not_said_and_nothing_is_held(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    headers = await sqlite_desk.sign_in()
    path = f"/api/conversations/{conversation_id}/hold"
    refused = await sqlite_desk.client.post(path, json={"text": "这个不归我管"}, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["error"]["details"]["findings"]
    assert (await sqlite_desk.row(Conversation, id=conversation_id)).held_until is None


@pytest.mark.parametrize("minutes", [0, 61, -5])
async def test_only_minutes_that_one_can_ask_somebody_to_wait(sqlite_desk: Desk, minutes: int) -> None:
    conversation_id = await served(sqlite_desk)
    headers = await sqlite_desk.sign_in()
    path = f"/api/conversations/{conversation_id}/hold"
    assert (await sqlite_desk.client.post(path, json={"minutes": minutes}, headers=headers)).status_code == 422


async def test_only_who_serves_may_ask_the_customer_to_wait(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    headers = await sqlite_desk.sign_in("agent2")
    path = f"/api/conversations/{conversation_id}/hold"
    assert (await sqlite_desk.client.post(path, json={}, headers=headers)).status_code == 403
