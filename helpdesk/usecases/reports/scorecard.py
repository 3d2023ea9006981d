"""One person's scorecard (G5): three voices, language, attendance against the roster; and notes that help them on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import WEEKDAYS, Periods
from helpdesk.errors import NotFound
from helpdesk.model.conversation import Author
from helpdesk.model.report import By, Cell
from helpdesk.model.scorecard import (
    AWAY,
    LAPSED,
    ONLINE,
    Attendance,
    Said,
    Span,
    Stay,
    Voice,
    attendance,
    missing,
    present,
)
from helpdesk.services import Services
from helpdesk.store.tables import Audit, Handoff, Message, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.reports.build import DAY
from helpdesk.usecases.reports.facts import midnight
from helpdesk.usecases.reports.read import Span as Days
from helpdesk.usecases.reports.read import report

FORCED = ("reply_forced", "letter_forced")
COACHING = "coaching_note"
NOTES = 50
_PERIODS: TypeAdapter[Periods] = TypeAdapter(Periods)


@dataclass(frozen=True)
class Lack:
    """A stay that lacks voices."""

    conversation_id: str
    at: datetime
    missing: Sequence[Voice]


@dataclass(frozen=True)
class Card:
    """What is told of one person's service in a span of days; `figures` as in the reports."""

    staff: Staff
    stays: int
    lacks: Sequence[Lack]
    replies: int
    forced: Sequence[Audit]
    attendance: Attendance
    figures: Cell
    notes: Sequence[Audit]

    def without(self, voice: Voice) -> int:
        """How many stays lack this one."""
        return sum(voice in one.missing for one in self.lacks)


async def card(services: Services, staff_id: str, days: Days) -> Card:
    """The scorecard of somebody.

    Raises:
        NotFound: there is nobody with this id.
    """
    zone = services.company.profile.zone
    span = Span(midnight(zone, days.first), min(midnight(zone, days.last + DAY), services.clock.now()))
    figures = (await report(services, days, By.STAFF)).parts.get(staff_id, {})
    async with services.db.read(much=True) as uow:
        staff = await uow.session.get(Staff, staff_id)
        if staff is None:
            raise NotFound("staff_not_found", staff_id=staff_id)
        stays = await _stays(uow.session, staff_id, span)
        lacks = [Lack(one.conversation_id, one.taken_at, lack) for one in stays if (lack := missing(one))]
        here = present(await _changes(uow.session, staff_id, span), span)
        return Card(
            staff,
            len(stays),
            sorted(lacks, key=lambda one: one.at, reverse=True),
            await _replies(uow.session, staff_id, span),
            await _forced(uow.session, staff_id, span),
            attendance(list(_roster(services, staff, days, span)), here),
            figures,
            await _notes(uow.session, staff_id),
        )


async def _stays(session: AsyncSession, staff_id: str, span: Span) -> list[Stay]:
    taken = (Handoff.staff_id == staff_id, Handoff.taken_at >= span.since, Handoff.taken_at < span.until)
    said = (
        select(Message.at, Message.text, Message.author, Message.staff_id, Message.conversation_id)
        .where(Message.conversation_id.in_(select(Handoff.conversation_id).where(*taken)))
        .where(Message.author.in_((Author.CUSTOMER, Author.STAFF)), Message.at >= span.since)
        .order_by(Message.conversation_id, Message.seq)
    )
    talks: dict[str, list[tuple[datetime, str, str, str | None]]] = {}
    for at, text, author, by, conversation_id in await session.execute(said):
        talks.setdefault(conversation_id, []).append((at, text, author, by))
    rows = (await session.scalars(select(Handoff).where(*taken).order_by(Handoff.taken_at))).all()
    return [_stay(row, staff_id, talks.get(row.conversation_id, [])) for row in rows]


def _stay(row: Handoff, staff_id: str, talk: Sequence[tuple[datetime, str, str, str | None]]) -> Stay:
    since = row.taken_at or row.wished_at
    until = row.ended_at
    said = [
        Said(at, text, ours=author == Author.STAFF)
        for at, text, author, by in talk
        if at >= since and (until is None or at <= until) and (author == Author.CUSTOMER or by == staff_id)
    ]
    return Stay(row.conversation_id, since, row.outcome if until else None, said)


async def _changes(session: AsyncSession, staff_id: str, span: Span) -> list[tuple[datetime, str]]:
    """What was said of their presence in the span, and what held when it began."""
    said = (Audit.action.in_((ONLINE, AWAY, LAPSED)), Audit.subject == staff_id)
    query = select(Audit.at, Audit.action).where(*said)
    before = (await session.execute(query.where(Audit.at < span.since).order_by(Audit.id.desc()).limit(1))).all()
    within = (
        await session.execute(query.where(Audit.at >= span.since, Audit.at < span.until).order_by(Audit.id))
    ).all()
    return [(at, action) for at, action in (*before, *within)]


def _roster(services: Services, staff: Staff, days: Days, span: Span) -> Iterator[Span]:
    """When the roster says that they are here, as far as that is over or under way."""
    zone = services.company.profile.zone
    for day in reversed(days.days()):
        for period in _PERIODS.validate_python(staff.duty.get(WEEKDAYS[day.weekday()], ())):
            since, until = _moment(services, day, period.opens), _moment(services, day, period.closes)
            duty = Span(since, min(until, span.until.astimezone(zone)))
            if duty.since < duty.until:
                yield duty


def _moment(services: Services, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, services.company.profile.zone)


async def _replies(session: AsyncSession, staff_id: str, span: Span) -> int:
    query = select(func.count()).select_from(Message).where(Message.at >= span.since, Message.at < span.until)
    return await session.scalar(query.where(Message.author == Author.STAFF, Message.staff_id == staff_id)) or 0


async def _forced(session: AsyncSession, staff_id: str, span: Span) -> Sequence[Audit]:
    """What was sent although the language check would have it mended, the latest first."""
    query = select(Audit).where(Audit.action.in_(FORCED), Audit.actor == audit.by_staff(staff_id))
    query = query.where(Audit.at >= span.since, Audit.at < span.until)
    return (await session.scalars(query.order_by(Audit.id.desc()))).all()


async def _notes(session: AsyncSession, staff_id: str) -> Sequence[Audit]:
    query = select(Audit).where(Audit.action == COACHING, Audit.subject == staff_id)
    return (await session.scalars(query.order_by(Audit.id.desc()).limit(NOTES))).all()


async def coach(services: Services, staff_id: str, text: str, by: Staff) -> Audit:
    """Write somebody a note about their service, which they and whoever leads read.

    Raises:
        NotFound: there is nobody with this id.
    """
    async with services.db.write() as uow:
        await locked_person(uow, staff_id)
        row = Audit(
            at=services.clock.now(),
            actor=audit.by_staff(by.id),
            action=COACHING,
            subject=staff_id,
            detail={"text": text},
        )
        uow.session.add(row)
        await uow.commit()
    return row
