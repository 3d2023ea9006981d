"""What happened on one day, fact by fact, read from the rows themselves; figures and the rows behind them are this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from helpdesk.model.conversation import Author
from helpdesk.model.promise import PromiseState
from helpdesk.model.report import NOBODY, WINDOW_DAYS, Fact, Measure
from helpdesk.model.ticket import CLOSED, Action, Kind
from helpdesk.store.tables import Conversation, Handoff, Message, Promise, Rating, Staff, Ticket, TicketEvent
from helpdesk.usecases.queue.stays import BY_STAFF

SATISFIED_FROM = 4
WINDOW = timedelta(days=WINDOW_DAYS)
WENT_ON = ("transferred", "lost")
"""Stays that ended because another began: nobody gave up there."""
NO_MATTER = frozenset({Kind.PRAISE, Kind.SUGGESTION, Kind.INTERNAL})
"""Tickets after which nothing is left to settle for their customer."""
Session = tuple[str, int]
"""A conversation's id and the number of its session."""


@dataclass(frozen=True)
class Day:
    """A day of the company's zone, from midnight to midnight, and who is in which department."""

    start: datetime
    end: datetime
    departments: Mapping[str, str] = field(default_factory=dict)

    def of(self, moment: Any) -> ColumnElement[bool]:
        """A column's moment lies in it."""
        return and_(moment >= self.start, moment < self.end)


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), zone)


async def facts_of(session: AsyncSession, zone: ZoneInfo, day: date, only: Measure | None = None) -> list[Fact]:
    """Everything that is counted on a day, or `only` what is counted of one measure."""
    people = {one.id: one.department for one in (await session.execute(select(Staff.id, Staff.department))).all()}
    that = Day(midnight(zone, day), midnight(zone, day + timedelta(days=1)), people)
    found = [fact for part, told in _PARTS if only is None or only in told for fact in await part(session, that)]
    return [fact for fact in found if only is None or fact.measure is only]


# ---------------------------------------------------------------- customers who came


@dataclass
class Contact:
    """A session in which a customer said something, from its first word on."""

    conversation_id: str
    session_no: int
    customer_id: str
    channel: str
    at: datetime
    last: datetime


def _said() -> ColumnElement[bool]:
    """A customer's own words or press; not the widget that was opened, which asks the bot to speak first."""
    is_start = and_(Message.input.is_not(None), Message.input["start"].as_string().is_not(None))
    return and_(Message.author == Author.CUSTOMER, ~is_start)


def _here(day: Day) -> Select[str]:
    return select(Message.conversation_id).where(day.of(Message.at), _said())


async def _sessions(session: AsyncSession, day: Day) -> list[Contact]:
    """All sessions within the window around a day of whoever wrote on that day."""
    who = select(Conversation.customer_id).where(Conversation.id.in_(_here(day)))
    first, last = func.min(Message.at), func.max(Message.at)
    query = (
        select(Message.conversation_id, Message.session_no, Conversation.customer_id, Conversation.channel, first, last)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.customer_id.in_(who), _said())
        .where(Message.at >= day.start - WINDOW, Message.at < day.end + WINDOW)
        .group_by(Message.conversation_id, Message.session_no, Conversation.customer_id, Conversation.channel)
    )
    return [Contact(*row) for row in await session.execute(query)]


async def _contacts(session: AsyncSession, day: Day) -> list[Fact]:
    known = await _sessions(session, day)
    begun = [one for one in known if day.start <= one.at < day.end]
    by_customer: dict[str, list[datetime]] = {}
    for one in known:
        by_customer.setdefault(one.customer_id, []).append(one.at)
    stays = await _stays_of(session, day)
    matters = _by_session(known, (await session.scalars(_tickets_of(day))).all())
    found: list[Fact] = []
    for one in begun:
        place = (one.conversation_id, one.session_no)
        served, tickets = stays.get(place, []), matters.get(place, [])
        found += _of_contact(one, served, tickets, by_customer[one.customer_id], day)
    return found


async def _stays_of(session: AsyncSession, day: Day) -> dict[Session, list[Handoff]]:
    query = select(Handoff).where(Handoff.conversation_id.in_(_here(day))).order_by(Handoff.wished_at)
    found: dict[Session, list[Handoff]] = {}
    for stay in (await session.scalars(query)).all():
        found.setdefault((stay.conversation_id, stay.session_no), []).append(stay)
    return found


def _tickets_of(day: Day) -> Select[Ticket]:
    near = (Ticket.created_at >= day.start, Ticket.created_at < day.end + WINDOW)
    return select(Ticket).where(Ticket.conversation_id.in_(_here(day)), Ticket.kind.not_in(NO_MATTER), *near)


def _by_session(known: Sequence[Contact], tickets: Iterable[Ticket]) -> dict[Session, list[Ticket]]:
    """Tickets under the session in which they were registered: the last that had begun."""
    found: dict[Session, list[Ticket]] = {}
    for ticket in tickets:
        before = [one for one in known if one.conversation_id == ticket.conversation_id and one.at <= ticket.created_at]
        if before:
            last = max(before, key=lambda one: one.at)
            found.setdefault((last.conversation_id, last.session_no), []).append(ticket)
    return found


def _of_contact(
    one: Contact, stays: Sequence[Handoff], tickets: Sequence[Ticket], moments: Sequence[datetime], day: Day
) -> Iterator[Fact]:
    again = any(one.at < at <= one.at + WINDOW for at in moments)
    before = any(one.at - WINDOW <= at < one.at for at in moments)
    staff = next((stay.staff_id for stay in reversed(stays) if stay.staff_id), NOBODY)
    category = next((ticket.category or ticket.kind for ticket in tickets), None)
    department = next((stay.department for stay in reversed(stays) if stay.department), None)
    where = {
        "staff": staff,
        "department": department or day.departments.get(staff, NOBODY),
        "channel": one.channel,
        "category": category or next((stay.category for stay in stays if stay.category), NOBODY),
    }
    values = {
        Measure.CONTACTS: True,
        Measure.BOT_ALONE: not stays,
        Measure.HANDED_OVER: bool(stays),
        Measure.FIRST_CONTACT: not again and not tickets,
        Measure.REPEATED: before,
    }
    for measure, value in {**values, **_steps_of(one, stays, tickets)}.items():
        yield Fact(measure, int(value), one.at, "conversation", one.conversation_id, **where)


def _steps_of(one: Contact, stays: Sequence[Handoff], tickets: Sequence[Ticket]) -> dict[Measure, float]:
    """How a customer went on from the bot, and after how many seconds."""
    found = {}
    if stays:
        found[Measure.ASKED_FOR_PERSON] = max(0.0, (stays[0].wished_at - one.at).total_seconds())
    if tickets:
        found[Measure.LEFT_MATTER] = (min(ticket.created_at for ticket in tickets) - one.at).total_seconds()
    return found or {Measure.SETTLED_BY_BOT: (one.last - one.at).total_seconds()}


# ---------------------------------------------------------------- waiting for a person


async def _stays(session: AsyncSession, day: Day) -> list[Fact]:
    """Wishes for a person, and what became of them; whom staff took from the bot unasked did not wait."""
    query = select(Handoff).where(day.of(Handoff.wished_at)).order_by(Handoff.wished_at)
    return [fact for stay in (await session.scalars(query)).all() for fact in _of_stay(stay, day)]


def _of_stay(stay: Handoff, day: Day) -> Iterator[Fact]:
    staff = stay.staff_id or NOBODY
    where = {
        "staff": staff,
        "department": stay.department or day.departments.get(staff, NOBODY),
        "channel": stay.channel,
        "category": stay.category or NOBODY,
    }

    def fact(measure: Measure, value: float) -> Fact:
        return Fact(measure, round(value), stay.wished_at, "conversation", stay.conversation_id, **where)

    for measure, value in {**_waits(stay), **_service(stay)}.items():
        yield fact(measure, value)


def _waits(stay: Handoff) -> dict[Measure, float]:
    if stay.reason == BY_STAFF:
        return {}
    found: dict[Measure, float] = {}
    if stay.taken_at is not None:
        found = {Measure.TO_PERSON: (stay.taken_at - stay.wished_at).total_seconds(), Measure.GIVEN_UP: 0}
    elif stay.ended_at is not None and stay.outcome not in WENT_ON:
        found = {Measure.LEFT_WAITING: (stay.ended_at - stay.wished_at).total_seconds(), Measure.GIVEN_UP: 1}
    if stay.first_word_at is not None:
        found[Measure.TO_FIRST_WORD] = (stay.first_word_at - stay.wished_at).total_seconds()
    return found


def _service(stay: Handoff) -> dict[Measure, float]:
    if stay.taken_at is None or stay.ended_at is None:
        return {}
    ended = Measure.HANDED_ON if stay.outcome in WENT_ON else Measure.SERVED
    return {ended: (stay.ended_at - stay.taken_at).total_seconds()}


# ---------------------------------------------------------------- tickets


def _matters() -> Select[Ticket, str | None]:
    """Customers' tickets, and the channel they came by."""
    query = select(Ticket, Conversation.channel).outerjoin(Conversation, Conversation.id == Ticket.conversation_id)
    return query.where(Ticket.kind != Kind.INTERNAL)


def _of_ticket(ticket: Ticket, channel: str | None, measure: Measure, value: float, at: datetime) -> Fact:
    return Fact(
        measure,
        round(value),
        at,
        "ticket",
        ticket.number,
        staff=ticket.owner_id,
        department=ticket.department,
        channel=channel if ticket.source == "chat" and channel else ticket.source,
        category=ticket.category or ticket.kind,
    )


async def _registered(session: AsyncSession, day: Day) -> list[Fact]:
    rows = await session.execute(_matters().where(day.of(Ticket.created_at)))
    return [_of_ticket(one, channel, Measure.REGISTERED, 1, one.created_at) for one, channel in rows]


async def _first_calls(session: AsyncSession, day: Day) -> list[Fact]:
    rows = await session.execute(_matters().where(day.of(Ticket.first_contact_at)))
    return [
        _of_ticket(one, channel, Measure.TO_FIRST_CALL, (at - one.created_at).total_seconds(), at)
        for one, channel in rows
        if (at := one.first_contact_at) is not None
    ]


async def _moves(session: AsyncSession, day: Day) -> list[Fact]:
    """What the timeline tells: results, ends, matters that began again, opinions of results."""
    told = (Action.ANSWER, Action.REINVESTIGATE, Action.RESUME, "rated")
    happened = or_(TicketEvent.action.in_(told), TicketEvent.to_status.in_(CLOSED))
    query = (
        _matters()
        .add_columns(TicketEvent, _is_first(), _last_answer())
        .join(TicketEvent, TicketEvent.number == Ticket.number)
    )
    rows = await session.execute(query.where(day.of(TicketEvent.at), happened).order_by(TicketEvent.id))
    return [fact for row in rows for fact in _of_move(*row)]


def _is_first() -> ColumnElement[bool]:
    """No such event of the ticket came before this one."""
    earlier = aliased(TicketEvent)
    same = (earlier.number == TicketEvent.number, earlier.action == TicketEvent.action, earlier.id < TicketEvent.id)
    return ~exists().where(*same)


_AFTER_RESULT: Mapping[str, Measure] = {
    Action.SATISFY: Measure.ACCEPTED,
    Action.REINVESTIGATE: Measure.NOT_ACCEPTED,
    Action.CONCLUDE: Measure.CONCLUDED,
    Action.WITHDRAW: Measure.WITHDRAWN,
}


def _last_answer() -> ScalarSelect[datetime]:
    """When the ticket was answered last before the event."""
    earlier = aliased(TicketEvent)
    told = (earlier.number == TicketEvent.number, earlier.action == Action.ANSWER, earlier.id < TicketEvent.id)
    return select(func.max(earlier.at)).where(*told).scalar_subquery()


def _of_move(
    ticket: Ticket, channel: str | None, event: TicketEvent, first: bool, answered_at: datetime | None
) -> Iterator[Fact]:
    def fact(measure: Measure, value: float) -> Fact:
        return _of_ticket(ticket, channel, measure, value, event.at)

    if event.action == Action.ANSWER and first:
        yield fact(Measure.TO_RESULT, (event.at - ticket.created_at).total_seconds())
        if ticket.result_due is not None:
            yield fact(Measure.IN_TIME, event.at <= ticket.result_due)
    if event.action in _AFTER_RESULT:
        since = answered_at or ticket.created_at
        yield fact(_AFTER_RESULT[event.action], (event.at - since).total_seconds())
    if event.action in {Action.REINVESTIGATE, Action.RESUME}:
        yield fact(Measure.REOPENED, 1)
    if event.to_status in CLOSED and event.from_status not in CLOSED:
        yield fact(Measure.CLOSED, 1)
        yield fact(Measure.ROUNDS, ticket.round)
    score = (event.detail or {}).get("score") if event.action == "rated" else None
    if isinstance(score, int):
        yield fact(Measure.RESULT_SCORE, score)


# ---------------------------------------------------------------- promises and ratings


async def _promises(session: AsyncSession, day: Day) -> list[Fact]:
    """Promises kept or broken on the day; what is still open is neither."""
    query = (
        select(Promise, Ticket, Conversation.channel)
        .outerjoin(Ticket, Ticket.number == Promise.ticket_number)
        .outerjoin(Conversation, Conversation.id == func.coalesce(Promise.conversation_id, Ticket.conversation_id))
        .where(day.of(Promise.settled_at), Promise.state.in_((PromiseState.KEPT, PromiseState.BROKEN)))
    )
    return [_of_promise(*row, day) for row in await session.execute(query)]


def _of_promise(promise: Promise, ticket: Ticket | None, channel: str | None, day: Day) -> Fact:
    return Fact(
        Measure.PROMISES_KEPT,
        int(promise.state == PromiseState.KEPT),
        promise.settled_at or promise.due_at,
        "ticket" if promise.ticket_number else "conversation",
        promise.ticket_number or promise.conversation_id or NOBODY,
        staff=promise.owner_id,
        department=ticket.department if ticket else day.departments.get(promise.owner_id, NOBODY),
        channel=channel or NOBODY,
        category=(ticket.category or ticket.kind) if ticket else NOBODY,
    )


async def _ratings(session: AsyncSession, day: Day) -> list[Fact]:
    query = select(Rating, Conversation.channel).join(Conversation, Conversation.id == Rating.conversation_id)
    rows = await session.execute(query.where(day.of(Rating.at)))
    return [fact for rating, channel in rows for fact in _of_rating(rating, channel, day)]


def _of_rating(rating: Rating, channel: str, day: Day) -> Iterator[Fact]:
    staff = rating.staff_id or NOBODY
    for measure, value in ((Measure.SATISFIED, rating.score >= SATISFIED_FROM), (Measure.SCORE, rating.score)):
        yield Fact(
            measure,
            int(value),
            rating.at,
            "conversation",
            rating.conversation_id,
            staff=staff,
            department=day.departments.get(staff, NOBODY),
            channel=channel,
        )


_PARTS = (
    (
        _contacts,
        {Measure.CONTACTS, Measure.BOT_ALONE, Measure.HANDED_OVER, Measure.FIRST_CONTACT, Measure.REPEATED}
        | {Measure.SETTLED_BY_BOT, Measure.ASKED_FOR_PERSON, Measure.LEFT_MATTER},
    ),
    (
        _stays,
        {Measure.TO_PERSON, Measure.TO_FIRST_WORD, Measure.GIVEN_UP}
        | {Measure.LEFT_WAITING, Measure.SERVED, Measure.HANDED_ON},
    ),
    (_registered, {Measure.REGISTERED}),
    (_first_calls, {Measure.TO_FIRST_CALL}),
    (
        _moves,
        {
            Measure.TO_RESULT,
            Measure.IN_TIME,
            Measure.CLOSED,
            Measure.ROUNDS,
            Measure.REOPENED,
            Measure.RESULT_SCORE,
            *_AFTER_RESULT.values(),
        },
    ),
    (_promises, {Measure.PROMISES_KEPT}),
    (_ratings, {Measure.SATISFIED, Measure.SCORE}),
)
"""What is read together, and what comes of it."""
