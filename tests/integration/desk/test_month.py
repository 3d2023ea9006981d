"""A month over Spring Festival, hour by hour and at each deed: two processes, restarts, thirty matters of every kind.

Whatever happens, time does each thing once and at a permitted hour, every promise ends, and nobody is without owner.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.bus import Bus
from helpdesk.clock import ManualClock
from helpdesk.model.promise import PromiseKind, PromiseState
from helpdesk.model.ticket import Action
from helpdesk.model.timeline import Standing, replay
from helpdesk.services import Services
from helpdesk.store.tables import Audit, Letter, Message, Promise, Staff, Ticket, TicketEvent, TicketPause
from helpdesk.testing import Databases, settings_for
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.promises import promises
from helpdesk.usecases.tickets import ask_customer
from helpdesk.usecases.tickets import work as ticket_work
from helpdesk.usecases.tickets.step import Step
from helpdesk.usecases.tickets.transitions import transition
from helpdesk.usecases.timers import run_timers
from tests.integration.desk.conftest import Desk, complaint, template
from tests.integration.desk.steps import says, shanghai
from tests.support.fixtures import Reopened

__all__ = ["template"]

BEGIN, END = "2026-02-09 08:00", "2026-03-12 12:00"
STEP = timedelta(hours=1)
SENT_IN_ANSWER = timedelta(minutes=10)
LATE = timedelta(hours=2)  # what is due may be done so much later: a step, and a service that was down
WHO = {"name": "王女士", "phone": "13812345678"}
URGENT = complaint(description="冰箱坏了，家里宝宝的母乳都化了")
SAFETY = {"kind": "complaint", "category": "safety", "fields": {"description": "插座冒烟了", **WHO}}


def of(kind: str, **fields: str) -> dict[str, Any]:
    return {"kind": kind, "fields": {"description": "请帮我看看", **fields}}


ORDER = {"order": "2026110812345", **WHO}
CALLBACK, MESSAGE, PRAISE = of("callback", **WHO), of("offline_message"), of("praise")
REFUND, SUGGESTION = of("refund", **ORDER), of("suggestion")
INVOICE = of("invoice", order="2026110812345", invoice_kind="personal", invoice_title="王", email="w@example.com")
REPAIR = of("repair", product="冰箱", visit_time="周六", address="三声路 3 号", **WHO)
DATA = of("data_request", data_action="delete", **WHO)

WORKED = [(2, "accept"), (5, "investigate")]
LIVES: dict[str, list[tuple[float, str]]] = {
    "ignored": [],
    "begun": WORKED,
    "prompt": [*WORKED, (26, "answer"), (30, "satisfy")],
    "slow": [(20, "accept"), (30, "investigate"), (150, "answer"), (160, "satisfy")],
    "far too late": [*WORKED, (500, "answer")],
    "disputed": [*WORKED, (20, "answer"), (44, "dispute"), (90, "answer"), (95, "satisfy")],
    "disputed, ignored": [*WORKED, (20, "answer"), (44, "dispute")],
    "asked": [*WORKED, (20, "ask"), (70, "reply"), (120, "answer")],
    "asked over the festival": [*WORKED, (6, "ask"), (300, "reply")],
    "asked in vain": [*WORKED, (30, "ask")],
    "asked, answered while waiting": [*WORKED, (10, "ask"), (400, "answer")],
    "withdrawn": [(3, "accept"), (30, "withdraw")],
    "urged": [(4, "accept"), (60, "urge")],
    "put off by staff": [*WORKED, (100, "postpone"), (180, "answer")],
    "called": [(1.5, "call")],
    "called late": [(9, "call")],
    "taken": [(0.2, "accept"), (1, "investigate"), (20, "answer")],
    "left by its owner": [(3, "owner leaves")],
}
MATTERS: list[tuple[str, dict[str, Any], str]] = [
    ("2026-02-09 09:10", complaint(), "prompt"),
    ("2026-02-09 14:00", complaint(), "ignored"),
    ("2026-02-09 23:59", REFUND, "slow"),
    ("2026-02-10 00:10", INVOICE, "begun"),
    ("2026-02-10 10:00", URGENT, "ignored"),
    ("2026-02-10 11:30", complaint(), "disputed"),
    ("2026-02-10 20:50", CALLBACK, "called"),
    ("2026-02-11 03:20", SAFETY, "ignored"),
    ("2026-02-11 09:00", complaint(), "asked over the festival"),
    ("2026-02-11 16:00", REPAIR, "asked"),
    ("2026-02-12 08:30", MESSAGE, "called late"),
    ("2026-02-12 12:00", URGENT, "asked"),
    ("2026-02-12 21:30", complaint(), "asked in vain"),
    ("2026-02-13 10:00", complaint(), "far too late"),
    ("2026-02-13 18:00", REFUND, "withdrawn"),
    ("2026-02-14 09:00", complaint(), "begun"),  # a Saturday that is worked
    ("2026-02-14 20:30", CALLBACK, "ignored"),
    ("2026-02-15 10:00", URGENT, "ignored"),  # the festival begins
    ("2026-02-16 23:30", SAFETY, "taken"),
    ("2026-02-17 00:05", MESSAGE, "ignored"),
    ("2026-02-18 11:00", complaint(), "put off by staff"),
    ("2026-02-20 15:00", SUGGESTION, "slow"),
    ("2026-02-22 22:10", complaint(), "asked, answered while waiting"),
    ("2026-02-24 09:00", complaint(), "urged"),
    ("2026-02-24 13:00", DATA, "ignored"),
    ("2026-02-25 17:45", complaint(), "left by its owner"),
    ("2026-02-27 10:00", PRAISE, "ignored"),
    ("2026-02-28 19:00", complaint(), "disputed, ignored"),
    ("2026-03-02 07:00", REPAIR, "prompt"),
    ("2026-03-03 12:00", complaint(), "ignored"),
]


@dataclass
class Month:
    """The service as two processes on one database, its clock, and what its customers did when."""

    desk: Desk
    other: Services
    chance: random.Random
    deeds: list[tuple[datetime, str, str]] = field(default_factory=list)  # when, which matter, what
    numbers: dict[str, str] = field(default_factory=dict)  # matter -> ticket
    acted: dict[str, list[datetime]] = field(default_factory=dict)  # conversation -> its customer's own deeds
    conversations: dict[str, str] = field(default_factory=dict)

    async def live(self) -> None:
        """From the first day to the last."""
        self.deeds = sorted((shanghai(at), f"m{n}", "register") for n, (at, _, _) in enumerate(MATTERS))
        now, end = shanghai(BEGIN), shanghai(END)
        while now < end:
            now += STEP
            await self.do_what_people_do(now)
            self.desk.clock.set(now)
            await self.tick(now)

    async def tick(self, now: datetime) -> None:
        """One process, the other, or both at once; sometimes all of them were just started anew."""
        if shanghai("2026-02-26 09:00") <= now < shanghai("2026-02-26 10:30"):
            return  # the machine is down
        if self.chance.random() < 0.03:
            await self.restart()
        both = (self.desk.services, self.other)
        if self.chance.random() < 0.25:
            await asyncio.gather(*(run_timers(one, now) for one in both))
        else:
            await run_timers(self.chance.choice(both), now)

    async def restart(self) -> None:
        """Nothing in memory survives."""
        for services in (self.desk.services, self.other):
            await services.db.close()
        self.desk.services, self.other = anew(self.desk.services), anew(self.desk.services)

    async def do_what_people_do(self, until: datetime) -> None:
        while self.deeds and self.deeds[0][0] <= until:
            at, matter, deed = self.deeds.pop(0)
            self.desk.clock.set(at)
            await getattr(self, deed.replace(" ", "_"))(matter)
            await self.tick(at)

    # -- customers

    async def register(self, matter: str) -> None:
        at, payload, life = MATTERS[int(matter[1:])]
        conversation_id = await self.says(matter, "我有事找你们")
        self.numbers[matter] = (await self.desk.turn(conversation_id, "open_ticket", payload))["number"]
        self.deeds += [(shanghai(at) + timedelta(hours=hours), matter, deed) for hours, deed in LIVES[life]]
        self.deeds.sort()

    async def says(self, matter: str, text: str) -> str:
        conversation_id = self.conversations[matter] = await says(self.desk, text, matter)
        self.acted.setdefault(conversation_id, []).append(self.desk.clock.now())
        return conversation_id

    async def reply(self, matter: str) -> None:
        await self.says(matter, "照片发您了，请看")

    async def _turn(self, matter: str, kind: str, **payload: str) -> None:
        conversation_id = await self.says(matter, "我想说说这件事")
        await self.desk.turn(conversation_id, kind, {"number": self.numbers[matter], **payload})

    async def satisfy(self, matter: str) -> None:
        await self._turn(matter, "satisfy_ticket")

    async def dispute(self, matter: str) -> None:
        await self._turn(matter, "dispute_ticket", reason="没有解决")

    async def withdraw(self, matter: str) -> None:
        await self._turn(matter, "withdraw_ticket", reason="不需要了")

    async def urge(self, matter: str) -> None:
        await self._turn(matter, "urge_ticket", note="请快一点")

    # -- staff

    async def _owner(self, matter: str) -> Staff:
        ticket = await self.desk.row(Ticket, number=self.numbers[matter])
        return await self.desk.row(Staff, id=ticket.owner_id)  # type: ignore[no-any-return]

    async def _move(self, matter: str, action: Action, **reasons: str) -> None:
        by = await self._owner(matter)
        await transition(self.desk.services, self.numbers[matter], Step(action, **reasons), by)  # type: ignore[arg-type]

    async def accept(self, matter: str) -> None:
        await self._move(matter, Action.ACCEPT)

    async def investigate(self, matter: str) -> None:
        await self._move(matter, Action.INVESTIGATE)

    async def answer(self, matter: str) -> None:
        reasons = {"note": "已经为您处理好", "cause": "零件老化", "corrective_action": "加强检查"}
        await self._move(matter, Action.ANSWER, **reasons)

    async def ask(self, matter: str) -> None:
        text = "请您发一张铭牌的照片"
        await ask_customer.ask(self.desk.services, self.numbers[matter], text, await self._owner(matter))

    async def call(self, matter: str) -> None:
        by = await self._owner(matter)
        await ticket_work.contact_customer(self.desk.services, self.numbers[matter], "phone", "已电话联系", by)

    async def postpone(self, matter: str) -> None:
        promise = await self.desk.row(Promise, ticket_number=self.numbers[matter], kind=PromiseKind.RESULT)
        due_at = promise.due_at + timedelta(days=2)
        await promises.postpone(self.desk.services, promise.id, due_at, "等配件", await self._owner(matter))

    async def owner_leaves(self, matter: str) -> None:
        await self.desk.change(Staff, (await self._owner(matter)).id, active=False)


def anew(services: Services) -> Services:
    """The same service as a process just started: other connections, another bus."""
    bus = Bus()
    return Services(
        **{**vars(services), "bus": bus, "db": Reopened(services.settings.database_url, bus, services.clock)}
    )


@pytest.fixture
def url(databases: Databases) -> str:
    """Made before any event loop runs: migrations have their own."""
    return databases.fresh()


@pytest.fixture
async def month(url: str, template: Services) -> AsyncIterator[Month]:
    clock = ManualClock(shanghai(BEGIN))
    settings = settings_for(url, demo=True)
    first = anew(Services(**{**vars(template), "settings": settings, "clock": clock}))
    await ensure_staff(first)
    made = Month(Desk(first, clock), anew(first), random.Random(20260209))
    yield made
    await made.desk.services.db.close()
    await made.other.db.close()


async def test_a_month(month: Month, capfd: pytest.CaptureFixture[str]) -> None:
    await month.live()
    out = "".join(capfd.readouterr())
    assert "timer_failed" not in out, out[-4000:]
    desk = month.desk
    tickets = {ticket.number: ticket for ticket in await desk.rows(Ticket)}
    assert set(month.numbers.values()) <= set(tickets)  # repeated causes opened internal ones besides
    assert len(month.numbers) == len(MATTERS)
    await _every_ticket_is_owned_and_told_by_its_timeline(desk, tickets)
    await _every_promise_ends(desk)
    await _everything_was_told_once(desk, tickets)
    await _every_letter_left_once(desk, tickets)
    await _nobody_was_disturbed_at_night(month, tickets)
    await _each_was_seen_off_at_most_once_a_visit(month)
    _what_must_have_happened(month, tickets, await desk.rows(TicketEvent), await desk.rows(Letter))


async def _every_ticket_is_owned_and_told_by_its_timeline(desk: Desk, tickets: dict[str, Ticket]) -> None:
    staff = {one.id for one in await desk.rows(Staff)}
    for number, ticket in tickets.items():
        events = sorted(await desk.rows(TicketEvent, number=number), key=lambda event: event.id)
        assert ticket.owner_id in staff
        assert replay(events) == Standing.of(ticket), number


async def _every_promise_ends(desk: Desk) -> None:
    """Kept, broken, or open with time left; only who waits for a customer may be past a date."""
    now = desk.clock.now()
    waiting = {pause.number for pause in await desk.rows(TicketPause, until=None)}
    for promise in await desk.rows(Promise):
        if promise.state == PromiseState.OPEN:
            assert promise.due_at > now or promise.ticket_number in waiting, promise.ticket_number
        elif promise.state == PromiseState.BROKEN:
            assert promise.settled_at > promise.due_at


async def _everything_was_told_once(desk: Desk, tickets: dict[str, Ticket]) -> None:
    """Staff hears of each clock and each date once, in time, and a missed one raises its ticket once."""
    told = Counter[tuple[str, ...]]()
    for row in await desk.rows(Audit, action="warning"):
        told[row.subject, row.detail["code"], str(row.detail.get("promise")), str(row.detail.get("due_at")),
             str(row.detail.get("again"))] += 1  # fmt: skip
    assert {key: count for key, count in told.items() if count > 1} == {}
    events = await desk.rows(TicketEvent)
    for promise in await desk.rows(Promise, state=PromiseState.BROKEN):
        number, due = promise.ticket_number, promise.due_at.isoformat()
        by_time = [event for event in events if event.number == number and is_end_of(event, promise)]
        if not by_time:
            continue  # done late by a person before the next timer
        assert len(by_time) == 1
        assert promise.settled_at - promise.due_at <= LATE
        assert told[number, "due_soon", promise.kind, due, "None"] == 1, (number, promise.kind)
        assert told[number, "overdue", promise.kind, due, "None"] == 1
    broken = [event for event in events if event.action == "promise_broken"]
    raised = [event for event in events if event.action == "escalated" and event.detail["cause"] != "asked"]
    assert 0 < len(raised) <= len(broken)
    assert {(e.number, e.at) for e in raised} <= {(e.number, e.at) for e in broken}
    warned = [row for row in await desk.rows(Audit, action="warning") if row.detail["code"] == "safety_open"]
    again = {row.subject for row in warned if row.detail["again"]}
    assert {row.subject for row in warned} == {n for n, ticket in tickets.items() if ticket.urgency == "safety"}
    assert len(again) == 1  # the other was taken before the second time


def is_end_of(event: TicketEvent, promise: Promise) -> bool:
    return (
        event.action == "promise_broken"
        and event.at == promise.settled_at
        and event.detail is not None
        and event.detail["promise"] == promise.kind
    )


async def _every_letter_left_once(desk: Desk, tickets: dict[str, Ticket]) -> None:
    said = Counter(message.id for message in await desk.rows(Message) if (message.custom or {}).get("letter"))
    letters = await desk.rows(Letter)
    for letter in letters:
        assert letter.voided_at or letter.sent_at is not None, (letter.number, letter.kind)
        assert letter.sent_at is None or letter.sent_at - letter.send_at <= LATE
    assert Counter(letter.message_id for letter in letters if letter.message_id) == said
    put_off = Counter(letter.number for letter in letters if letter.kind == "postponement")
    assert put_off
    per_cause = Counter((letter.number, letter.kind, letter.round, letter.text) for letter in letters)
    assert max(per_cause.values()) == 1


async def _nobody_was_disturbed_at_night(month: Month, tickets: dict[str, Ticket]) -> None:
    """By night only who has just written is answered, and dangers are told of."""
    calendar, limits = month.desk.services.calendar, month.desk.services.company.limits
    dangerous = {ticket.conversation_id for ticket in tickets.values() if ticket.urgency == "safety"}
    for message in await month.desk.rows(Message):
        if message.author == "customer" or not calendar.is_quiet(message.at, limits):
            continue
        own = month.acted.get(message.conversation_id, [])
        answered = any(timedelta(0) <= message.at - at <= SENT_IN_ANSWER for at in own)
        assert answered or message.conversation_id in dangerous, (message.at, message.text)


async def _each_was_seen_off_at_most_once_a_visit(month: Month) -> None:
    for matter, conversation_id in month.conversations.items():
        told = await month.desk.told(conversation_id)
        visits = Counter(message.session_no for message in told if message.custom == {"kind": "farewell"})
        assert set(visits.values()) <= {1}, matter
        assert 1 in visits, matter


def _what_must_have_happened(
    month: Month, tickets: dict[str, Ticket], events: list[TicketEvent], letters: list[Letter]
) -> None:
    """The lives above, told by hand."""

    def ticket(at: str) -> Ticket:
        return tickets[month.numbers[f"m{next(n for n, one in enumerate(MATTERS) if one[0] == at)}"]]

    def did(at: str) -> list[str]:
        number = ticket(at).number
        return [event.action for event in sorted(events, key=lambda one: one.id) if event.number == number]

    def wrote(at: str) -> list[str]:
        number = ticket(at).number
        return [one.kind for one in letters if one.number == number and one.kind == "postponement"]

    assert ticket("2026-02-09 09:10").status == "satisfied"
    assert ticket("2026-02-09 09:10").level == "department"
    assert wrote("2026-02-09 09:10") == []
    ignored = did("2026-02-09 14:00")  # contact missed; 2-14 put off, in vain for 15 days end then; missed
    assert ignored.count("promise_broken") == 2
    assert ticket("2026-02-09 14:00").level == "management"
    assert wrote("2026-02-10 10:00") == ["postponement"]  # urgent: one working day more, once
    assert wrote("2026-02-11 03:20") == []  # nobody is put off in danger
    assert did("2026-02-11 03:20").count("duty_warned") == 2
    assert did("2026-02-16 23:30").count("duty_warned") == 1
    assert did("2026-02-11 09:00").count("continued") == 1
    assert did("2026-02-12 21:30").count("continued") == 0
    assert ticket("2026-02-12 21:30").status == "investigating"
    assert ticket("2026-02-25 17:45").owner_id
    assert ticket("2026-02-28 19:00").round == 2
    assert did("2026-02-27 10:00") == ["registered"]  # praise has no clock
