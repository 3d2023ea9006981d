"""What runs out by itself: warned of, put off, raised; each once, and never at night (C3, C4, E1, E2)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.bus import Bus
from helpdesk.services import Services
from helpdesk.store.database import Database
from helpdesk.store.tables import Audit, Letter, Message, Promise, Staff, Ticket, TicketEvent
from helpdesk.usecases.timers import run_timers
from helpdesk.wording import Wording
from tests.integration.desk.conftest import MONDAY, Desk, complaint
from tests.integration.desk.steps import shanghai

SAFETY: dict[str, Any] = {"kind": "complaint", "category": "safety", "fields": {"description": "插座冒烟了"}}
CALLBACK: dict[str, Any] = {
    "kind": "callback",
    "fields": {"description": "请给我回电", "name": "王女士", "phone": "13812345678"},
}


async def until(desk: Desk, moment: str) -> None:
    """The clock stands at `moment`, and the timers have run; who signed in days ago has to do it again."""
    desk.tokens.clear()
    desk.clock.set(shanghai(moment))
    await run_timers(desk.services, desk.clock.now())


async def opened(desk: Desk, payload: dict[str, Any], sender: str = "wang") -> str:
    """A ticket's number."""
    result = await desk.turn(await desk.customer(sender), "open_ticket", payload)
    return str(result["number"])


async def warned(desk: Desk, code: str, subject: str | None = None) -> list[Audit]:
    """What staff was told of, so far."""
    rows = await desk.rows(Audit, action="warning")
    return [row for row in rows if row.detail["code"] == code and subject in (None, row.subject)]


async def events(desk: Desk, number: str, action: str) -> list[TicketEvent]:
    return await desk.rows(TicketEvent, number=number, action=action)


async def codes(desk: Desk, staff_id: str) -> list[str]:
    return [one["code"] for one in await desk.ok("GET", "/warnings", staff_id)]


def twin(services: Services) -> Services:
    """The same service in another process: another connection, another bus, nothing in memory."""
    bus = Bus()
    database = Database(services.settings.database_url, bus, services.clock)
    return Services(**{**vars(services), "bus": bus, "db": database})


# ---------------------------------------------------------------- warned before, raised after


async def test_a_first_contact_is_warned_of_then_missed_then_raised_each_once(desk: Desk) -> None:
    number = await opened(desk, complaint())  # due on the 24th, 21:00
    owner = (await desk.row(Ticket)).owner_id
    await until(desk, "2026-11-24 16:59")
    assert await warned(desk, "due_soon") == []
    for moment in ("17:00", "17:30", "21:00"):
        await until(desk, f"2026-11-24 {moment}")
    [soon] = await warned(desk, "due_soon", number)
    assert (soon.detail["owner"], soon.detail["promise"]) == (owner, "first_contact")
    assert await codes(desk, owner) == ["due_soon"]
    assert await warned(desk, "overdue") == []
    for moment in ("2026-11-24 21:01", "2026-11-24 21:30", "2026-11-25 09:00"):
        await until(desk, moment)
    ticket = await desk.row(Ticket)
    assert (ticket.level, ticket.department, ticket.owner_id) == ("office", "office", owner)
    assert len(await warned(desk, "overdue", number)) == 1
    [raised] = await events(desk, number, "escalated")
    told = {name: raised.detail[name] for name in ("from_level", "to_level", "department", "cause")}
    assert list(told.values()) == ["department", "office", "office", "first_contact"]
    assert {p.kind: p.state for p in await desk.rows(Promise)} == {"first_contact": "broken", "result": "open"}
    assert "overdue" in await codes(desk, owner)
    assert "overdue" in await codes(desk, "supervisor")


async def test_two_processes_at_the_same_moment_do_a_thing_once(desk: Desk) -> None:
    numbers = [await opened(desk, complaint(), f"c{n}") for n in range(6)]
    other = desk.services if desk.services.db.is_sqlite else twin(desk.services)
    for moment in ("2026-11-24 17:00", "2026-11-24 21:01", "2026-11-29 21:00", "2026-11-30 17:00", "2026-12-03 21:01"):
        desk.clock.set(shanghai(moment))
        now = desk.clock.now()
        await asyncio.gather(*(run_timers(one, now) for one in (desk.services, other, other)))
    for number in numbers:
        told = [(row.detail["code"], row.detail["promise"]) for row in await desk.rows(Audit, subject=number)]
        assert sorted(told) == [
            ("due_soon", "first_contact"), ("due_soon", "result"), ("overdue", "first_contact"), ("overdue", "result"),
        ]  # fmt: skip
        assert len(await events(desk, number, "escalated")) == 2
        assert len(await events(desk, number, "postponed")) == 1
        letters = await desk.rows(Letter, number=number)
        assert len({letter.key for letter in letters}) == len(letters)
        assert [letter.kind for letter in letters].count("postponement") == 1
    if other is not desk.services:
        await other.db.close()


async def test_an_owner_who_left_is_followed_by_one_who_is_there(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, complaint())
    owner = (await sqlite_desk.row(Ticket)).owner_id
    await sqlite_desk.change(Staff, owner, active=False)
    await until(sqlite_desk, "2026-11-24 21:01")
    ticket = await sqlite_desk.row(Ticket, number=number)
    assert ticket.owner_id != owner
    assert {p.owner_id for p in await sqlite_desk.rows(Promise, state="open")} == {ticket.owner_id}


async def test_what_was_done_in_time_is_neither_warned_of_nor_raised(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, complaint())
    await sqlite_desk.ok("POST", f"/tickets/{number}/transitions", action="accept")
    await until(sqlite_desk, "2026-11-25 09:00")
    assert await sqlite_desk.rows(Audit, action="warning") == []
    assert (await sqlite_desk.row(Ticket)).level == "department"


async def test_at_the_top_there_is_nobody_above(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, complaint())
    await sqlite_desk.change(Ticket, number, level="management", department="management")
    await until(sqlite_desk, "2026-11-24 21:01")
    assert await events(sqlite_desk, number, "escalated") == []
    assert len(await warned(sqlite_desk, "overdue", number)) == 1


# ---------------------------------------------------------------- dangers


async def test_a_danger_is_told_at_once_at_night_and_again_until_somebody_takes_it(desk: Desk) -> None:
    desk.clock.set(shanghai("2026-11-24 02:00"))
    number = await opened(desk, SAFETY)
    await until(desk, "2026-11-24 02:00")
    for staff_id in ("supervisor", "admin"):
        assert await codes(desk, staff_id) == ["safety_open"]
    for minutes in (5, 14, 15, 20, 45):
        await until(desk, f"2026-11-24 02:{minutes:02d}")
    assert [row.detail["again"] for row in await warned(desk, "safety_open", number)] == [False, True]
    await until(desk, "2026-11-24 03:01")  # the hour is over
    assert (await desk.row(Ticket)).level == "office"
    assert len(await warned(desk, "overdue", number)) == 1


async def test_a_danger_that_was_taken_is_not_told_again(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, SAFETY)
    await until(sqlite_desk, "2026-11-23 10:00")
    await sqlite_desk.ok("POST", f"/tickets/{number}/transitions", "supervisor", action="accept")
    await until(sqlite_desk, "2026-11-23 11:30")
    assert [row.detail["again"] for row in await warned(sqlite_desk, "safety_open")] == [False]
    assert await warned(sqlite_desk, "overdue") == []
    assert await codes(sqlite_desk, "supervisor") == []


async def test_the_customer_of_a_danger_is_not_put_off(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, SAFETY)
    await until(sqlite_desk, "2026-11-26 20:59")
    await until(sqlite_desk, "2026-11-26 21:01")
    assert await events(sqlite_desk, number, "postponed") == []
    assert [one.state for one in await sqlite_desk.rows(Promise, kind="result")] == ["broken"]


# ---------------------------------------------------------------- put off


async def test_before_a_result_is_missed_its_customer_hears_a_new_date_once(desk: Desk) -> None:
    conversation_id = await desk.customer()
    number = (await desk.turn(conversation_id, "open_ticket", complaint()))["number"]  # due 11-30, 21:00
    await desk.ok("POST", f"/tickets/{number}/transitions", action="accept")
    await until(desk, "2026-11-30 16:59")
    assert await desk.rows(Letter, kind="postponement") == []
    await until(desk, "2026-11-30 17:00")
    await until(desk, "2026-11-30 17:05")
    letter = await desk.row(Letter, kind="postponement")
    assert "11月30日" in letter.text
    assert "12月3日" in letter.text
    told = [message for message in await desk.told(conversation_id) if message.id == letter.message_id]
    assert [message.custom["kind"] for message in told] == ["promise_delayed"]
    ticket, promise = await desk.row(Ticket), await desk.row(Promise, kind="result")
    assert ticket.result_due == promise.due_at == shanghai("2026-12-03 21:00")
    assert promise.state == "open"
    for moment in ("2026-12-03 17:00", "2026-12-03 20:59", "2026-12-03 21:01", "2026-12-04 08:01"):
        await until(desk, moment)
    assert len(await desk.rows(Letter, kind="postponement")) == 1
    assert (await desk.row(Promise, kind="result")).state == "broken"
    assert (await desk.row(Ticket)).level == "office"
    missed = (await desk.rows(Letter, kind="progress"))[-1]
    assert (missed.send_at, missed.sent_at) == (shanghai("2026-12-04 08:00"), shanghai("2026-12-04 08:01"))
    assert "12月3日" in missed.text


async def test_an_answer_given_in_time_needs_no_new_date(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, complaint())
    for body in (
        {"action": "accept"},
        {"action": "investigate"},
        {"action": "answer", "note": "已换新", "cause": "压缩机", "corrective_action": "加检"},
    ):
        await sqlite_desk.ok("POST", f"/tickets/{number}/transitions", **body)
    await until(sqlite_desk, "2026-12-01 09:00")
    assert await sqlite_desk.rows(Letter, kind="postponement") == []
    assert {p.state for p in await sqlite_desk.rows(Promise)} == {"kept"}


async def test_nobody_is_told_at_night_not_even_by_a_service_that_was_down_by_day(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    await sqlite_desk.turn(conversation_id, "open_ticket", complaint())
    before = len(await sqlite_desk.told(conversation_id))
    await until(sqlite_desk, "2026-12-01 02:00")  # everything is over since five hours
    assert len(await sqlite_desk.told(conversation_id)) == before
    await until(sqlite_desk, "2026-12-01 08:00")
    told = (await sqlite_desk.told(conversation_id))[before:]
    assert [message.custom["letter"] for message in told] == ["progress"]


async def test_a_call_back_is_put_off_in_service_hours(sqlite_desk: Desk) -> None:
    await opened(sqlite_desk, CALLBACK)  # Monday 10:00: by 12:00
    await until(sqlite_desk, "2026-11-23 11:29")
    assert await sqlite_desk.rows(Letter, kind="postponement") == []
    await until(sqlite_desk, "2026-11-23 11:30")
    assert (await sqlite_desk.row(Promise)).due_at == shanghai("2026-11-23 14:00")
    assert (await sqlite_desk.row(Ticket)).first_contact_due == shanghai("2026-11-23 14:00")


async def test_an_internal_ticket_is_warned_of_and_raised_but_nobody_outside_hears(sqlite_desk: Desk) -> None:
    number = (await sqlite_desk.ok("POST", "/tickets", description="仓库发货太慢，建议加人"))["number"]
    for moment in ("2026-11-24 20:00", "2026-11-24 21:01"):
        await until(sqlite_desk, moment)
    assert await sqlite_desk.rows(Letter, number=number, kind="postponement") == []
    assert len(await warned(sqlite_desk, "overdue", number)) == 2  # contact and result are due together
    async with sqlite_desk.services.db.read() as uow:
        assert (await uow.session.scalars(select(Message.id))).all() == []


async def test_beyond_the_longest_time_only_a_supervisor_gives_a_date(sqlite_desk: Desk) -> None:
    await opened(sqlite_desk, complaint())
    promise = await sqlite_desk.row(Promise, kind="result")
    body = {"due_at": "2026-12-20T18:00:00+08:00", "reason": "等厂家配件"}
    error = await sqlite_desk.refused(422, "POST", f"/promises/{promise.id}/postpone", **body)
    assert error["details"]["latest"].startswith("2026-12-08")
    moved = await sqlite_desk.ok("POST", f"/promises/{promise.id}/postpone", "supervisor", **body)
    assert moved["due_at"] == "2026-12-20T10:00:00Z"
    assert (await sqlite_desk.row(Ticket)).result_due == shanghai("2026-12-20 18:00")


async def test_what_fails_stands_in_nobodys_way_and_is_tried_again(sqlite_desk: Desk) -> None:
    await opened(sqlite_desk, complaint())
    whole = sqlite_desk.services.wording
    sqlite_desk.services.wording = Wording({}, {})  # somebody broke the company's wordings
    await until(sqlite_desk, "2026-11-30 17:00")
    result = await sqlite_desk.row(Promise, kind="result")
    assert (result.state, result.look_at) == ("open", shanghai("2026-11-30 17:05"))
    assert (await sqlite_desk.row(Promise, kind="first_contact")).state == "broken"  # needs no words
    sqlite_desk.services.wording = whole
    await until(sqlite_desk, "2026-11-30 17:04")
    assert await sqlite_desk.rows(Letter, kind="postponement") == []
    await until(sqlite_desk, "2026-11-30 17:05")
    assert len(await sqlite_desk.rows(Letter, kind="postponement")) == 1


# ---------------------------------------------------------------- what people said


async def serving(desk: Desk, text: str) -> str:
    """Staff says something to a customer in the queue; the conversation's id."""
    await desk.sign_in()
    conversation_id = await desk.waiting()
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text=text)
    return conversation_id


async def test_what_staff_said_is_reminded_of_then_put_off_then_broken(desk: Desk) -> None:
    conversation_id = await serving(desk, "您好，我会在明天上午给您回电。")
    promise = await desk.row(Promise)
    assert promise.due_at == shanghai("2026-11-24 12:00")
    await until(desk, "2026-11-24 11:00")
    assert await codes(desk, "agent") == ["promise_due"]
    await until(desk, "2026-11-24 11:30")
    promise = await desk.row(Promise)
    assert promise.due_at == shanghai("2026-11-25 12:00")
    told = (await desk.told(conversation_id))[-1]
    assert told.custom["kind"] == "promise_delayed"
    assert "11月25日" in told.text
    for moment in ("2026-11-25 11:00", "2026-11-25 12:01", "2026-11-25 13:00"):
        await until(desk, moment)
    assert (await desk.row(Promise)).state == "broken"
    assert len(await warned(desk, "promise_due")) == 2  # once a date
    assert len(await warned(desk, "promise_broken")) == 1
    assert "promise_broken" in await codes(desk, "supervisor")


async def test_a_promise_for_the_next_half_hour_is_reminded_of_and_kept_with_a_click(desk: Desk) -> None:
    await serving(desk, "您好，我会在半小时内给您回电。")
    promise = await desk.row(Promise)
    assert promise.due_at == MONDAY + timedelta(minutes=30)
    await until(desk, "2026-11-23 10:15")
    assert [row.subject for row in await warned(desk, "promise_due")] == [promise.id]
    await desk.refused(403, "POST", f"/promises/{promise.id}/settle", "agent2", state="kept")
    settled = await desk.ok("POST", f"/promises/{promise.id}/settle", state="kept", note="已回电")
    assert settled["state"] == "kept"
    await desk.refused(409, "POST", f"/promises/{promise.id}/settle", state="kept")
    await until(desk, "2026-11-23 12:00")
    assert (await desk.row(Promise)).state == "kept"
    assert await desk.rows(Letter) == []


async def test_done_too_late_is_broken_whoever_says_so(sqlite_desk: Desk) -> None:
    await serving(sqlite_desk, "您好，我会在半小时内给您回电。")
    promise = await sqlite_desk.row(Promise)
    sqlite_desk.clock.advance(timedelta(minutes=31))  # before the next timer
    assert (await sqlite_desk.ok("POST", f"/promises/{promise.id}/settle", state="kept"))["state"] == "broken"


async def test_a_result_is_kept_by_answering_not_by_a_click(sqlite_desk: Desk) -> None:
    await opened(sqlite_desk, complaint())
    promise = await sqlite_desk.row(Promise, kind="result")
    await sqlite_desk.refused(409, "POST", f"/promises/{promise.id}/settle", "supervisor", state="kept")
    await sqlite_desk.refused(422, "POST", f"/promises/{promise.id}/settle", "supervisor", state="forgotten")
    await sqlite_desk.refused(404, "POST", "/promises/none/settle", "supervisor", state="kept")


async def test_kept_and_broken_are_counted(desk: Desk) -> None:
    await opened(desk, complaint(), "li")
    number = await opened(desk, complaint(), "wu")
    await desk.ok("POST", f"/tickets/{number}/transitions", action="accept")
    await until(desk, "2026-11-25 09:00")
    found = await desk.ok("GET", "/promises/summary")
    assert {name: found[name] for name in ("open", "kept", "broken")} == {"open": 2, "kept": 1, "broken": 1}
    owners = found["by_owner"]
    assert sum(one["open"] for one in owners) == 2
    assert all(one["name"] and one["owner"] for one in owners)


async def test_an_open_desk_hears_of_it_live(sqlite_desk: Desk) -> None:
    number = await opened(sqlite_desk, SAFETY)
    async with sqlite_desk.services.bus.subscribe("warning") as feed:
        await until(sqlite_desk, "2026-11-23 10:00")
        news = await feed.wait(5)
    assert news is not None
    assert {name: news.data[name] for name in ("code", "number")} == {"code": "safety_open", "number": number}


# ---------------------------------------------------------------- the list


async def test_owners_see_what_is_theirs_and_supervisors_what_is_late(sqlite_desk: Desk) -> None:
    await opened(sqlite_desk, complaint())
    owner = (await sqlite_desk.row(Ticket)).owner_id
    stranger = "agent2" if owner == "agent" else "agent"
    await until(sqlite_desk, "2026-11-24 17:00")
    assert [await codes(sqlite_desk, who) for who in (owner, stranger, "supervisor")] == [["due_soon"], [], []]
    await until(sqlite_desk, "2026-11-24 21:01")
    assert [await codes(sqlite_desk, who) for who in (owner, stranger, "supervisor")] == [["overdue"], [], ["overdue"]]
    [line] = await sqlite_desk.ok("GET", "/warnings", "supervisor")
    assert line["number"] in line["message"]
    assert "11月24日" in line["message"]


@pytest.mark.parametrize(
    "moment, expected", [("2026-12-16 10:00", []), ("2026-12-17 10:00", ["calendar_year_unknown"])]
)
async def test_a_year_nobody_announced_is_a_warning(sqlite_desk: Desk, moment: str, expected: list[str]) -> None:
    await until(sqlite_desk, moment)
    assert await codes(sqlite_desk, "agent") == expected
