"""The service standard at the edges of the calendar: evening, morning, a Saturday, make-up days, New Year, a year
that nobody has announced. The product's own clock is set; what the machine says does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from helpdesk.calendar import ServiceCalendar
from helpdesk.internal import internal_app
from helpdesk.store.tables import Conversation, Letter, Promise, Ticket
from helpdesk.usecases.conversations.greet import greet
from helpdesk.usecases.conversations.locks import claim
from helpdesk.usecases.timers import run_timers
from helpdesk.usecases.turns.facts import facts
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.steps import shanghai

TOKEN = {"Authorization": "Bearer action-token"}


@dataclass(frozen=True)
class Moment:
    """A moment and what it means, all in Shanghai's time; worked out by hand with the calendar of 2026 beside it."""

    now: str
    part_of_day: str
    is_open: bool
    letters_go: str  # when a letter of this moment may be said
    contact: str  # by when a complaint's customer hears from us
    result: str
    called: str  # by when somebody is called who leaves a message: two hours of service time later
    unknown_year: int | None = None


MOMENTS = {
    "just before closing": Moment(
        "2026-11-23 20:59", "evening", True, "2026-11-23 20:59", "2026-11-24 21:00", "2026-11-30 21:00",
        "2026-11-24 10:59",
    ),
    "just after closing": Moment(
        "2026-11-23 21:05", "evening", False, "2026-11-24 08:00", "2026-11-24 21:00", "2026-11-30 21:00",
        "2026-11-24 11:00",
    ),
    "the night": Moment(
        "2026-11-24 03:20", "night", False, "2026-11-24 08:00", "2026-11-25 21:00", "2026-12-01 21:00",
        "2026-11-24 11:00",
    ),
    "just before the letters": Moment(
        "2026-11-24 07:55", "morning", False, "2026-11-24 08:00", "2026-11-25 21:00", "2026-12-01 21:00",
        "2026-11-24 11:00",
    ),
    "letters go, nobody serves yet": Moment(
        "2026-11-24 08:00", "morning", False, "2026-11-24 08:00", "2026-11-25 21:00", "2026-12-01 21:00",
        "2026-11-24 11:00",
    ),
    "a Saturday": Moment(  # the 28th is one, too: the Friday before
        "2026-11-21 10:00", "morning", True, "2026-11-21 10:00", "2026-11-23 21:00", "2026-11-27 21:00",
        "2026-11-21 12:00",
    ),
    "the day before a make-up day": Moment(  # Saturday the 10th is worked: contact is due then
        "2026-10-09 18:30", "evening", True, "2026-10-09 18:30", "2026-10-10 21:00", "2026-10-16 21:00",
        "2026-10-09 20:30",
    ),
    "a make-up day": Moment(
        "2026-10-10 12:00", "noon", True, "2026-10-10 12:00", "2026-10-12 21:00", "2026-10-16 21:00",
        "2026-10-10 14:00",
    ),
    "the eve of Spring Festival": Moment(  # off until the 23rd, open 9 to 18; the 23rd would be a week
        "2026-02-16 16:00", "afternoon", False, "2026-02-16 16:00", "2026-02-24 21:00", "2026-02-24 21:00",
        "2026-02-17 11:00",
    ),
    "New Year's Eve": Moment(  # Friday is New Year, then a weekend
        "2026-12-31 23:59", "night", False, "2027-01-01 08:00", "2027-01-04 21:00", "2027-01-07 21:00",
        "2027-01-01 11:00", 2027,
    ),
    "the first minute of the year": Moment(
        "2027-01-01 00:00", "night", False, "2027-01-01 08:00", "2027-01-04 21:00", "2027-01-08 21:00",
        "2027-01-01 11:00", 2027,
    ),
    "a year that no calendar knows": Moment(  # National Day, but a common Wednesday as far as anybody knows
        "2031-10-01 10:00", "morning", True, "2031-10-01 10:00", "2031-10-02 21:00", "2031-10-08 21:00",
        "2031-10-01 12:00", 2031,
    ),
}  # fmt: skip


@pytest.fixture(params=MOMENTS)
def moment(request: pytest.FixtureRequest) -> Moment:
    return MOMENTS[request.param]


@pytest.fixture
def there(desk: Desk, moment: Moment) -> Desk:
    """The desk at that moment, with the company's own hours."""
    desk.services.calendar = ServiceCalendar.of(desk.services.company)
    desk.clock.set(shanghai(moment.now))
    return desk


async def test_a_complaint_is_promised_its_dates_and_told_at_a_permitted_hour(there: Desk, moment: Moment) -> None:
    conversation_id = await there.customer()
    number = (await there.turn(conversation_id, "open_ticket", complaint()))["number"]
    contact, result = shanghai(moment.contact), shanghai(moment.result)
    ticket = await there.row(Ticket, number=number)
    assert (ticket.first_contact_due, ticket.result_due) == (contact, result)
    promised = {one.kind: one.due_at for one in await there.rows(Promise)}
    assert promised == {"first_contact": contact, "result": result}
    told = len(await there.told(conversation_id))  # the answer to the customer's own words waits for no morning
    assert told > 0

    await there.ok("POST", f"/tickets/{number}/transitions", "supervisor", action="accept")
    goes = shanghai(moment.letters_go)
    waits = goes > there.clock.now()
    letter = await there.row(Letter, kind="progress")
    assert (letter.send_at, letter.sent_at is None) == (goes, waits)
    assert len(await there.told(conversation_id)) == told + (not waits)
    for at in (goes - timedelta(seconds=1), goes, goes + timedelta(minutes=1)) if waits else ():
        there.clock.set(at)
        await run_timers(there.services, at)
        assert len(await there.told(conversation_id)) == told + (at >= goes)


async def test_outside_the_hours_a_message_is_taken_with_a_time_to_be_called(there: Desk, moment: Moment) -> None:
    """Whether somebody happens to sit at the desk or not."""
    await there.sign_in()
    conversation_id = await there.customer()
    result = await there.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
    assert (result["state"], result["position"]) == (("waiting", 1) if moment.is_open else ("offline", 0))
    assert await there.state(conversation_id) == ("waiting" if moment.is_open else "bot")
    message = {"kind": "offline_message", "fields": {"description": "冰箱不制冷，请回电", "phone": "13812345678"}}
    promised = (await there.turn(await there.customer("li"), "open_ticket", message))["promised_at"]
    assert datetime.fromisoformat(promised) == shanghai(moment.called)


async def test_who_opens_the_chat_is_greeted_by_the_hour(there: Desk, moment: Moment) -> None:
    assert await greet(there.services, "web", "li")
    held = await claim(there.services, (await there.row(Conversation)).id)
    assert held is not None
    known = await facts(there.services, held)
    assert (known["part_of_day"], known["hours"]) == (moment.part_of_day, "open" if moment.is_open else "closed")
    assert datetime.fromisoformat(known["at"]) == shanghai(moment.now)
    closed = [] if moment.is_open else ["utter_closed_now"]
    assert await _said(there, known) == [f"utter_greet_new_{moment.part_of_day}", *closed]


async def _said(desk: Desk, known: dict[str, Any]) -> list[str]:
    """The responses of the opening action, called as the worker calls it."""
    message = {"text": "/start_open", "message_id": "m:1", "intent": {"name": "start_open"}, "entities": []}
    tracker = {
        "sender_id": "c", "slots": {}, "events": [], "paused": False, "active_loop": {}, "followup_action": None,
        "latest_message": {**message, "metadata": {"facts": known}}, "latest_action_name": "action_listen",
        "latest_input_channel": "worker",
    }  # fmt: skip
    call = {"next_action": "action_turn", "sender_id": "c", "tracker": tracker, "domain": {"intents": []}}
    transport = httpx.ASGITransport(internal_app(desk.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://internal", headers=TOKEN) as worker:
        done = await worker.post("/internal/actions", json={**call, "domain_digest": "d1"})
    assert done.status_code == 200, done.text
    return [one["response"] for one in done.json()["responses"] if one.get("response")]


@pytest.mark.parametrize(
    "databases,moment",
    [*(("sqlite", name) for name in MOMENTS), *(("postgres", name) for name in ("the night", "New Year's Eve"))],
    indirect=True,
)
async def test_two_days_on_from_there_nothing_has_failed_and_nobody_was_woken(
    there: Desk, moment: Moment, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every page of the desk answers, hour by hour, and a customer hears of nothing at night.

    What the calendar says is asked on SQLite; that PostgreSQL keeps times the same needs no moment of every kind.
    """
    conversation_id = await there.customer()
    await there.turn(conversation_id, "open_ticket", complaint())
    message = {"kind": "offline_message", "fields": {"description": "请回电", "phone": "13912345678"}}
    await there.turn(await there.customer("li"), "open_ticket", message)
    begun = there.clock.now()
    for hours in range(48):
        at = begun + timedelta(hours=hours)
        there.clock.set(at)
        await run_timers(there.services, at)
        if hours % 12 == 0:
            there.tokens.clear()
            for path in ("/queue", "/promises", "/tickets", "/warnings"):
                await there.ok("GET", path, "supervisor")
    assert "timer_failed" not in "".join(capfd.readouterr())
    zone = there.services.calendar.zone
    letters = [one for one in await there.rows(Letter) if one.sent_at is not None and one.sent_at > begun]
    assert [one.sent_at for one in letters if not 8 <= one.sent_at.astimezone(zone).hour < 21] == []


async def test_the_desk_is_told_when_a_date_may_fall_into_a_year_nobody_announced(there: Desk, moment: Moment) -> None:
    warnings = await there.ok("GET", "/warnings", "supervisor")
    found = [one["message"] for one in warnings if one["code"] == "calendar_year_unknown"]
    assert len(found) == (moment.unknown_year is not None)
    assert all(str(moment.unknown_year) in text for text in found)
