"""What time does by itself."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.store.tables import Attempt, Audit, Conversation, Promise, Staff, TicketEvent
from helpdesk.usecases.people import presence
from helpdesk.usecases.timers import run_timers, tick
from tests.integration.desk.conftest import Desk, complaint


async def later(desk: Desk, **by: float) -> None:
    desk.clock.advance(timedelta(**by))
    await run_timers(desk.services, desk.clock.now())


async def test_a_lost_person_puts_the_customer_back_at_the_old_place(desk: Desk) -> None:
    await desk.sign_in("agent")
    first = await desk.waiting("first")
    await desk.ok("POST", f"/conversations/{first}/claim")
    desk.clock.advance(timedelta(minutes=5))
    await desk.sign_in("agent2")
    await desk.waiting("second")
    await later(desk, minutes=5, seconds=1)
    assert await desk.state(first) == "waiting"
    assert [p["sender"] for p in await desk.ok("GET", "/queue", "agent2")] == ["first", "second"]
    told = (await desk.told(first))[-1]
    assert told.custom["position"] == 1
    assert "连接" in told.text
    assert (await desk.row(Staff, id="agent")).presence == "away"
    conversation = await desk.row(Conversation, id=first)
    assert (conversation.staff_id, conversation.last_staff_id) == (None, "agent")


async def test_work_is_a_sign_of_life(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    for n in range(3):
        await later(sqlite_desk, minutes=9)
        await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", text=f"您好，第 {n} 条。")
    assert await sqlite_desk.state(conversation_id) == "staff"


async def test_who_goes_away_keeps_the_customers_while_reachable(sqlite_desk: Desk) -> None:
    headers = await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await sqlite_desk.client.post("/api/presence", json={"state": "away"}, headers=headers)
    await later(sqlite_desk, minutes=1)
    assert await sqlite_desk.state(conversation_id) == "staff"
    await later(sqlite_desk, minutes=10)
    assert await sqlite_desk.state(conversation_id) == "waiting"


async def test_after_a_restart_people_have_a_moment_to_come_back(desk: Desk) -> None:
    await desk.sign_in("agent")
    conversation_id = await desk.waiting("first")
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    desk.clock.advance(timedelta(minutes=11))
    await presence.await_return(desk.services)
    await later(desk, seconds=59)
    assert await desk.state(conversation_id) == "staff"
    await later(desk, seconds=2)
    assert await desk.state(conversation_id) == "waiting"


async def test_who_waits_too_long_is_offered_a_call_once(desk: Desk) -> None:
    await desk.sign_in()
    conversation_id = await desk.waiting()
    for _ in range(3):
        await desk.sign_in()
        await later(desk, minutes=6)
    offers = [m for m in await desk.told(conversation_id) if (m.custom or {}).get("offer") == "callback"]
    assert len(offers) == 1
    assert [b["press"]["service"] for b in offers[0].buttons or []] == ["callback", "keep_waiting", "leave_queue"]


async def test_a_missed_promise_is_broken_once_and_seen(desk: Desk) -> None:
    conversation_id = await desk.customer()
    await desk.turn(conversation_id, "open_ticket", complaint())
    await later(desk, days=2)
    await tick(desk.services)
    assert {p.kind: p.state for p in await desk.rows(Promise)} == {"first_contact": "broken", "result": "open"}
    assert [p["kind"] for p in await desk.ok("GET", "/promises?state=broken")] == ["first_contact"]
    assert len(await desk.rows(TicketEvent, action="promise_broken")) == 1
    assert len(await desk.rows(Audit, action="promise_broken")) == 1


async def test_old_tries_are_forgotten(sqlite_desk: Desk) -> None:
    await sqlite_desk.client.post("/api/session", json={"username": "agent", "password": "wrong"})
    assert await sqlite_desk.rows(Attempt) != []
    await later(sqlite_desk, days=3)
    assert await sqlite_desk.rows(Attempt) == []
