"""What the desk is warned of (E1, C4): clocks that run out, promises, dangers nobody has taken, a calendar that ends.

The list is read from what is, so that nobody has to dismiss anything; that somebody was told, and when, is in the
audit. Owners see what is theirs; supervisors also what is overdue or dangerous; so does the duty line of dangers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model import rights
from helpdesk.model.promise import PromiseKind, PromiseState
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import Status
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Promise, Staff, Ticket, TicketPause
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.due import DUTY_LINE
from helpdesk.usecases.promises.overdue import RUNNING, is_overdue, missed
from helpdesk.usecases.promises.promises import due_words

DUE_SOON, OVERDUE, SAFETY_OPEN = "due_soon", "overdue", "safety_open"
PROMISE_DUE, PROMISE_BROKEN = "promise_due", "promise_broken"
PAUSED_LONG, YEAR_UNKNOWN = "paused_long", "calendar_year_unknown"
CODES = (DUE_SOON, OVERDUE, SAFETY_OPEN, PROMISE_DUE, PROMISE_BROKEN, PAUSED_LONG, YEAR_UNKNOWN)
"""Each has its wording `warning_<code>` in company/messages."""

CLOCKED = frozenset({PromiseKind.FIRST_CONTACT, PromiseKind.RESULT, PromiseKind.CALLBACK})
"""Promises that are a ticket's clocks; the others are what people said."""
PAGE = 100
BROKEN_SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class DeskWarning:
    """One line of the desk's warnings; `at` is the moment it is about."""

    code: str
    message: str
    number: str | None = None
    at: datetime | None = None


def warn(uow: UnitOfWork, code: str, subject: str, owner: str, **detail: Any) -> None:
    """Write down that staff is told, and tell open desks."""
    audit.note(uow, audit.SYSTEM, "warning", subject, code=code, owner=owner, **detail)
    uow.announce("warning", code=code, number=detail.get("number"), owner=owner)


def lead(services: Services, promise: Promise) -> timedelta:
    """So long before a promise is due its owner is warned: at most half of the time there was."""
    limits = services.company.limits
    wanted = {
        PromiseKind.FIRST_CONTACT: timedelta(hours=limits.warn_first_contact_hours),
        PromiseKind.RESULT: timedelta(hours=limits.warn_result_hours),
    }.get(PromiseKind(promise.kind), timedelta(minutes=limits.remind_promise_minutes))
    return min(wanted, (promise.due_at - promise.made_at) / 2)


async def listed(services: Services, staff: Staff, now: datetime) -> list[DeskWarning]:
    """What this member of staff should know now, dangers first."""
    async with services.db.read() as uow:
        dangers = await _tickets(uow.session, _safety_open(), staff, everybodys=_hears_dangers(staff))
        overdue = await _tickets(uow.session, _overdue(now), staff, everybodys=_supervises(staff))
        soon = await _due_soon(services, uow.session, staff, now)
        broken = await _broken(uow.session, staff, now)
        waiting = await _paused(services, uow.session, staff, now)
    seen = {ticket.number for ticket in dangers}
    late = [ticket for ticket in overdue if ticket.number not in seen]
    return [
        *_calendar(services, now),
        *(_of_ticket(services, SAFETY_OPEN, ticket, ticket.first_contact_due) for ticket in dangers),
        *(_of_ticket(services, OVERDUE, ticket, missed(ticket, now)) for ticket in late),
        *(_of_promise(services, promise) for promise in (*broken, *soon)),
        *(_of_pause(services, pause) for pause in waiting),
    ]


async def of_ticket(services: Services, session: AsyncSession, ticket: Ticket, now: datetime) -> list[str]:
    """The codes that hold for one ticket, whoever looks at it."""
    if ticket.status not in RUNNING:
        return []
    promised = await session.scalars(_open_promises().where(Promise.ticket_number == ticket.number))
    pause = await session.scalar(_open_pauses().where(TicketPause.number == ticket.number))
    soon = {_code(one) for one in promised if now <= one.due_at <= now + lead(services, one) and not _waits(one, pause)}
    found = {
        SAFETY_OPEN: ticket.urgency == Urgency.SAFETY and ticket.status == Status.REGISTERED,
        OVERDUE: missed(ticket, now, paused=pause is not None) is not None,
        PAUSED_LONG: pause is not None and pause.since <= now - _patience(services),
    }
    return [code for code, holds in found.items() if holds] + sorted(soon)


def _waits(promise: Promise, pause: TicketPause | None) -> bool:
    return pause is not None and promise.kind == PromiseKind.RESULT


# ---------------------------------------------------------------- who hears what


def _supervises(staff: Staff) -> bool:
    return rights.may(Deed.HEAR_ALL_WARNINGS, rights.by_role(staff.role))


def _hears_dangers(staff: Staff) -> bool:
    return _supervises(staff) or staff.department == DUTY_LINE


# ---------------------------------------------------------------- questions to the database


def _safety_open() -> Select[Ticket]:
    return select(Ticket).where(Ticket.status == Status.REGISTERED, Ticket.urgency == Urgency.SAFETY)


def _overdue(now: datetime) -> Select[Ticket]:
    return select(Ticket).where(is_overdue(now))


async def _tickets(session: AsyncSession, query: Select[Ticket], staff: Staff, *, everybodys: bool) -> Sequence[Ticket]:
    if not everybodys:
        query = query.where(Ticket.owner_id == staff.id)
    return (await session.scalars(query.order_by(Ticket.created_at).limit(PAGE))).all()


def _open_promises() -> Select[Promise]:
    return select(Promise).where(Promise.state == PromiseState.OPEN)


def _open_pauses() -> Select[TicketPause]:
    return select(TicketPause).where(TicketPause.until.is_(None))


async def _due_soon(services: Services, session: AsyncSession, staff: Staff, now: datetime) -> list[Promise]:
    limits = services.company.limits
    horizon = max(limits.warn_result_hours, limits.warn_first_contact_hours, limits.remind_promise_minutes / 60)
    waits = _open_pauses().where(TicketPause.number == Promise.ticket_number).exists()
    query = (
        _open_promises()
        .where(Promise.owner_id == staff.id, Promise.due_at.between(now, now + timedelta(hours=horizon)))
        .where(or_(Promise.kind != PromiseKind.RESULT, ~waits))
        .order_by(Promise.due_at)
        .limit(PAGE)
    )
    return [one for one in (await session.scalars(query)).all() if one.due_at - now <= lead(services, one)]


async def _broken(session: AsyncSession, staff: Staff, now: datetime) -> Sequence[Promise]:
    """What people said and did not do, for a day; a ticket's own clocks are `overdue` instead."""
    query = select(Promise).where(
        Promise.state == PromiseState.BROKEN,
        Promise.due_at > now - 2 * BROKEN_SHOWN,
        Promise.settled_at > now - BROKEN_SHOWN,
        Promise.kind.not_in(CLOCKED),
    )
    if not _supervises(staff):
        query = query.where(Promise.owner_id == staff.id)
    return (await session.scalars(query.order_by(Promise.due_at).limit(PAGE))).all()


async def _paused(services: Services, session: AsyncSession, staff: Staff, now: datetime) -> Sequence[TicketPause]:
    query = _open_pauses().join(Ticket, Ticket.number == TicketPause.number)
    query = query.where(TicketPause.since <= now - _patience(services), Ticket.owner_id == staff.id)
    return (await session.scalars(query.order_by(TicketPause.since).limit(PAGE))).all()


def _patience(services: Services) -> timedelta:
    return timedelta(days=services.company.limits.pause_reminder_days)


# ---------------------------------------------------------------- lines


def _code(promise: Promise) -> str:
    if promise.state == PromiseState.BROKEN:
        return PROMISE_BROKEN
    return DUE_SOON if promise.kind in CLOCKED else PROMISE_DUE


def _of_ticket(services: Services, code: str, ticket: Ticket, at: datetime | None) -> DeskWarning:
    fields = {"number": ticket.number, "due": due_words(services, at) if at else ""}
    return DeskWarning(code, _words(services, code, **fields), ticket.number, at)


def _of_promise(services: Services, promise: Promise) -> DeskWarning:
    fields = {
        "number": promise.ticket_number or "",
        "promise": promise.text,
        "due": due_words(services, promise.due_at),
    }
    code = _code(promise)
    return DeskWarning(code, _words(services, code, **fields), promise.ticket_number, promise.due_at)


def _of_pause(services: Services, pause: TicketPause) -> DeskWarning:
    words = _words(services, PAUSED_LONG, number=pause.number, since=due_words(services, pause.since))
    return DeskWarning(PAUSED_LONG, words, pause.number, pause.since)


def _calendar(services: Services, now: datetime) -> Iterator[DeskWarning]:
    year = services.calendar.unknown_year(now, services.company.limits.ordinary_max_calendar_days)
    if year is not None:
        yield DeskWarning(YEAR_UNKNOWN, _words(services, YEAR_UNKNOWN, year=str(year)))


def _words(services: Services, code: str, **fields: str) -> str:
    return services.wording.render(f"warning_{code}", **fields)
