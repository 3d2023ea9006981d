"""The supervisor's page: the team's work as it stands, and what may be done about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.store.tables import Audit, Conversation, Handoff, Promise
from tests.integration.desk.conftest import Desk, complaint

SECOND = timedelta(seconds=1)


async def team(desk: Desk) -> None:
    for name in ("agent", "agent2", "supervisor"):
        await desk.sign_in(name)


async def test_who_is_on_who_waits_and_what_is_due_today(desk: Desk) -> None:
    await team(desk)
    served = await desk.waiting("served")
    desk.clock.advance(SECOND)
    waiting = await desk.waiting("waits")
    await desk.ok("POST", f"/conversations/{served}/claim")
    await desk.ok("POST", f"/conversations/{served}/messages", text="您好，我会在今天17点前给您答复。")
    number = (await desk.turn(await desk.customer("third"), "open_ticket", complaint(danger="now")))["number"]
    desk.clock.advance(31 * SECOND)
    seen = await desk.ok("GET", "/supervision", "supervisor")
    people = {one["id"]: one for one in seen["staff"]}
    assert people["agent"] | {"serving": 1, "online": True, "rostered": True} == people["agent"]
    assert "admin" not in people
    assert [(one["conversation_id"], one["late"], one["staff_id"]) for one in seen["customers"]] == [
        (served, False, "agent"),
        (waiting, True, None),
    ]
    assert [one["kind"] for one in seen["promises"] if one["kind"] == "staff"] == ["staff"]
    assert {one.id for one in await desk.rows(Promise, kind="staff")} <= {one["id"] for one in seen["promises"]}
    assert all(one["due_at"] < "2026-11-23T16:00" for one in seen["clocks"])
    assert number.startswith("TS")


async def test_only_who_leads_supervises(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await team(desk)
    conversation_id = await desk.waiting()
    await desk.refused(403, "GET", "/supervision")
    await desk.refused(403, "POST", f"/conversations/{conversation_id}/whisper", text="请先道歉")
    await desk.refused(403, "POST", f"/conversations/{conversation_id}/assign", to="agent2")


async def test_a_whisper_reaches_who_serves_and_never_the_customer(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await team(desk)
    conversation_id = await desk.waiting()
    await desk.refused(409, "POST", f"/conversations/{conversation_id}/whisper", "supervisor", text="请先道歉")
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    before = len(await desk.told(conversation_id))
    async with desk.services.bus.subscribe("whisper") as feed:
        await desk.ok("POST", f"/conversations/{conversation_id}/whisper", "supervisor", text="请先道歉")
        news = feed.get_now()
    assert news is not None
    assert news.data == {"conversation_id": conversation_id}
    [note] = (await desk.ok("GET", f"/conversations/{conversation_id}"))["notes"]
    assert (note["by"], note["text"], note["whisper"]) == ("supervisor", "请先道歉", True)
    assert len(await desk.told(conversation_id)) == before


@pytest.mark.parametrize("served_by", [None, "agent"])
async def test_a_customer_is_given_to_a_colleague_or_taken_over(desk: Desk, served_by: str | None) -> None:
    await team(desk)
    conversation_id = await desk.waiting()
    if served_by:
        await desk.ok("POST", f"/conversations/{conversation_id}/claim", served_by)
    await desk.ok("POST", f"/conversations/{conversation_id}/assign", "supervisor", to="agent2")
    assert (await desk.row(Conversation, id=conversation_id)).staff_id == "agent2"
    await desk.ok("POST", f"/conversations/{conversation_id}/assign", "supervisor", to="supervisor")
    assert (await desk.row(Conversation, id=conversation_id)).staff_id == "supervisor"
    whys = [one.why for one in sorted(await desk.rows(Handoff), key=lambda one: (one.taken_at, one.id))]
    assert whys.count("assigned") == (served_by is None)
    assert len(await desk.rows(Audit, action="customer_assigned")) == (served_by is None)


async def test_nobody_is_given_a_customer_who_is_away_or_full(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await desk.sign_in("agent")
    conversation_id = await desk.waiting()
    path = f"/conversations/{conversation_id}/assign"
    await desk.refused(409, "POST", path, "supervisor", to="agent2")
    await desk.refused(404, "POST", path, "supervisor", to="nobody")
    for place in range(3):
        served = await desk.waiting(f"c{place}")
        await desk.ok("POST", f"/conversations/{served}/claim")
    await desk.refused(409, "POST", path, "supervisor", to="agent")
    assert (await desk.row(Conversation, id=conversation_id)).state == "waiting"
