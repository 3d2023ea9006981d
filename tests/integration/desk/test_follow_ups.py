"""回访: planned once after what ended, never against a customer's word or at night; then reported or given up (F6)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.store.tables import Audit, Conversation, Customer, FollowUp, Letter, Rating, Staff, Ticket
from helpdesk.usecases.customers import planning
from tests.integration.desk.conftest import Desk
from tests.integration.desk.steps import ended

ZONE = ZoneInfo("Asia/Shanghai")
GOOD = {"as_agreed": True, "satisfied": 5}


async def planned(desk: Desk) -> list[FollowUp]:
    await planning.run(desk.services, desk.clock.now())
    return await desk.rows(FollowUp)


async def asked(desk: Desk, **changes: Any) -> str:
    """The id of one that is due."""
    await ended(desk, **changes)
    (made,) = await planned(desk)
    return made.id


def local(at: datetime) -> datetime:
    return at.astimezone(ZONE)


# ---------------------------------------------------------------- planned


async def test_what_ended_is_asked_about_once_by_who_keeps_the_file(desk: Desk) -> None:
    ticket = await ended(desk)
    await asyncio.gather(*(planning.run(desk.services, desk.clock.now()) for _ in range(3)))
    (made,) = await planned(desk)
    plan = desk.services.company.customer_files.follow_ups["complaint"]  # type: ignore[index]
    assert (made.occasion, made.number, made.owner_id, made.way) == ("complaint", ticket.number, "agent", plan.way)
    assert local(made.due_at).date() == local(desk.clock.now() + timedelta(days=plan.days)).date()
    (mine,) = await desk.ok("GET", "/follow-ups?mine=1&state=open", "agent")
    assert (mine["customer_name"], mine["phone"], mine["permitted"]) == ("王小明", "13812345678", True)
    (theirs,) = await desk.ok("GET", "/follow-ups", "agent2")
    assert (theirs["customer_name"], theirs["phone"]) == ("王**", "138****5678")


async def test_a_low_rating_is_asked_about_and_a_good_one_is_not(desk: Desk) -> None:
    await ended(desk)
    talk = await desk.row(Conversation)
    async with desk.services.db.write() as uow:
        for session_no, score in ((1, 2), (2, 5)):
            at = desk.clock.now()
            uow.session.add(Rating(conversation_id=talk.id, session_no=session_no, score=score, at=at))
        await uow.commit()
    assert sorted(one.occasion for one in await planned(desk)) == ["complaint", "low_rating"]


async def test_who_refused_and_what_is_long_over_is_left_alone(desk: Desk) -> None:
    ticket = await ended(desk)
    await desk.change(Customer, ticket.customer_id, may_follow_up=False)
    assert await planned(desk) == []
    await desk.change(Customer, ticket.customer_id, may_follow_up=None)
    desk.clock.advance(planning.WINDOW + timedelta(minutes=1))
    assert await planned(desk) == []


async def test_whom_a_complaint_is_about_does_not_ask_about_it(desk: Desk) -> None:
    agent = await desk.row(Staff, id="agent")
    ticket = await ended(desk, staff_name=agent.name)
    await desk.change(Ticket, ticket.number, owner_id="agent2")
    (made,) = await planned(desk)
    assert made.owner_id == "agent2"


async def test_a_customers_own_hours_are_kept(desk: Desk) -> None:
    ticket = await ended(desk)
    await desk.change(Customer, ticket.customer_id, reach_from="15:00", reach_until="16:00")
    (made,) = await planned(desk)
    assert local(made.due_at).hour == 15
    path = f"/customers/{ticket.customer_id}/follow-ups"
    evening, afternoon = "2026-11-24T19:00:00+08:00", "2026-11-24T15:30:00+08:00"
    error = await desk.refused(422, "POST", path, "agent", way="phone", due_at=evening)
    assert error["details"]["field"] == "due_at"
    assert (await desk.ok("POST", path, "agent", way="phone", due_at=afternoon))["occasion"] == "other"
    await desk.refused(422, "POST", path, "agent", way="email", due_at=afternoon)
    await desk.refused(403, "POST", path, "agent2", way="phone", due_at=afternoon)


async def test_a_stale_file_is_somebodys_to_look_through(desk: Desk) -> None:
    ticket = await ended(desk)
    desk.clock.advance(timedelta(days=desk.services.company.customer_files.stale_days))
    (made,) = await planned(desk)
    assert (made.occasion, made.owner_id) == ("review", "agent")
    assert len(await planned(desk)) == 1
    desk.tokens.clear()
    await desk.refused(422, "POST", f"/follow-ups/{made.id}/report", "agent", **GOOD)
    await desk.ok("POST", f"/customers/{ticket.customer_id}/review", "agent")
    assert [one.state for one in await planned(desk)] == ["done"]


# ---------------------------------------------------------------- reported


async def test_what_is_left_becomes_a_ticket_and_nothing_told_is_lost(desk: Desk) -> None:
    made = await asked(desk)
    told = {"as_agreed": False, "satisfied": 2, "unpleasant": "师傅迟到", "still_open": "门没调平"}
    await desk.refused(403, "POST", f"/follow-ups/{made}/report", "agent2", **told)
    done = await desk.ok("POST", f"/follow-ups/{made}/report", "agent", **told)
    number = done["report"]["number"]
    assert done["report"] == {**told, "number": number}
    left = await desk.row(Ticket, number=number)
    assert (left.kind, left.owner_id) == ("internal", "agent")
    assert "门没调平" in left.fields["description"]
    await desk.refused(409, "POST", f"/follow-ups/{made}/report", "agent", **told)
    assert len(await desk.rows(Audit, action="follow_up_done")) == 1


async def test_when_all_is_well_it_is_only_noted(desk: Desk) -> None:
    made = await asked(desk)
    tickets = len(await desk.rows(Ticket))
    answers = await asyncio.gather(
        *(desk.call("POST", f"/follow-ups/{made}/report", "agent", **GOOD) for _ in range(2))
    )
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert len(await desk.rows(Ticket)) == tickets
    assert [one["state"] for one in await desk.ok("GET", "/follow-ups?state=done", "agent")] == ["done"]


async def test_it_is_moved_or_given_up_for_a_reason(desk: Desk) -> None:
    made = await asked(desk)
    night, morning = "2026-12-02T23:00:00+08:00", "2026-12-03T10:00:00+08:00"
    await desk.refused(422, "POST", f"/follow-ups/{made}/move", "agent", due_at=night, reason="没有接通")
    moved = await desk.ok("POST", f"/follow-ups/{made}/move", "agent", due_at=morning, reason="没有接通")
    assert (moved["moves"], moved["note"]) == (1, "没有接通")
    dropped = await desk.ok("POST", f"/follow-ups/{made}/drop", "supervisor", reason="客户已搬走")
    assert (dropped["state"], dropped["settled_by"]) == ("dropped", "supervisor")


async def test_a_letter_of_thanks_needs_consent_and_goes_once(desk: Desk) -> None:
    made = await asked(desk)
    customer = (await desk.row(FollowUp)).customer_id
    await desk.refused(422, "POST", f"/follow-ups/{made}/thanks", "agent")
    await desk.change(Customer, customer, may_follow_up=True)
    assert (await desk.ok("POST", f"/follow-ups/{made}/thanks", "agent"))["state"] == "done"
    await desk.refused(409, "POST", f"/follow-ups/{made}/thanks", "agent")
    (letter,) = await desk.rows(Letter, kind="thanks")
    assert "【感谢信】" in letter.text


async def test_who_refuses_meanwhile_is_not_asked(desk: Desk) -> None:
    made = await asked(desk)
    await desk.change(Customer, (await desk.row(FollowUp)).customer_id, may_follow_up=False)
    error = await desk.refused(422, "POST", f"/follow-ups/{made}/report", "agent", **GOOD)
    assert "同意" in error["message"]
    await desk.ok("POST", f"/follow-ups/{made}/drop", "agent", reason="客户不同意")


@pytest.mark.parametrize("body", [{}, {"as_agreed": True}, {**GOOD, "satisfied": 6}, {**GOOD, "mood": "好"}])
async def test_a_report_says_all_it_has_to(sqlite_desk: Desk, body: dict[str, Any]) -> None:
    made = await asked(sqlite_desk)
    await sqlite_desk.refused(422, "POST", f"/follow-ups/{made}/report", "agent", **body)
    assert (await sqlite_desk.row(FollowUp)).state == "open"
