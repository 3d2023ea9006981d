"""Promises and clocks run out: the owner is warned, the customer told, the ticket raised, each once (E1, E2, C4).

Every open promise knows when time acts on it next (`look_at`), so that a tick costs as much as there is to do,
however many promises there are. What is done is in table `fired`, under the promise, the deed and the date.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.promise import PromiseKind, PromiseState, is_overdue
from helpdesk.model.ticket import CLOSED, Kind, Status
from helpdesk.model.timeline import Line
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Promise, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.once import fired_at, once
from helpdesk.usecases.letters.letters import write_letter
from helpdesk.usecases.promises import alarms, warnings
from helpdesk.usecases.promises.pauses import open_pause
from helpdesk.usecases.promises.promises import Delay, due_words, lock_promise, move_later, ticket_of
from helpdesk.usecases.tickets.escalation import Push, escalate, keep_owned
from helpdesk.usecases.tickets.register import add_event
from helpdesk.usecases.timers.each import BATCH, each

PAUSED_LOOK = timedelta(days=1)
"""While a ticket waits for its customer nothing runs out; the end of the wait sets the date, and with it `look_at`."""
FAILED_LOOK = timedelta(minutes=5)


async def run(services: Services, now: datetime) -> None:
    """Act on every promise whose moment has come."""
    await each(services, now, await _to_look_at(services, now), look, otherwise=look_later)


async def _to_look_at(services: Services, now: datetime) -> Sequence[str]:
    query = (
        select(Promise.id)
        .where(Promise.state == PromiseState.OPEN, Promise.look_at <= now)
        .order_by(Promise.look_at)
        .limit(BATCH)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def look(services: Services, uow: UnitOfWork, promise_id: str) -> None:
    """Do what is due about one promise, and reckon when to look again."""
    promise = await lock_promise(uow, promise_id)
    if promise.state != PromiseState.OPEN or promise.look_at > uow.now:
        return
    ticket = await ticket_of(uow, promise)
    if await _waits(uow, promise):
        promise.look_at = uow.now + PAUSED_LOOK
    elif is_overdue(PromiseState(promise.state), promise.due_at, uow.now):
        await break_promise(services, uow, promise, ticket)
    else:
        next_danger = await _danger(services, uow, promise, ticket)
        await _before_due(services, uow, promise, ticket)
        promise.look_at = _next(services, promise, ticket, next_danger, uow.now)


async def look_later(services: Services, uow: UnitOfWork, promise_id: str) -> None:
    """One that cannot be dealt with (a wording is broken, say) makes room for the others for a while."""
    promise = await lock_promise(uow, promise_id)
    promise.look_at = uow.now + FAILED_LOOK


async def _waits(uow: UnitOfWork, promise: Promise) -> bool:
    if promise.kind != PromiseKind.RESULT or promise.ticket_number is None:
        return False
    pause = await open_pause(uow.session, promise.ticket_number)
    return pause is not None and pause.since < promise.due_at


def _next(
    services: Services, promise: Promise, ticket: Ticket | None, danger: datetime | None, now: datetime
) -> datetime:
    """The next moment after `now`; a promise is broken once its time has passed, not at it."""
    broken_at = promise.due_at + timedelta(microseconds=1)
    reminded_at, put_off_at = alarms.remind_at(services, promise), alarms.postpone_at(services, promise, ticket, now)
    ahead = (danger, reminded_at, put_off_at, broken_at)
    return min((at for at in ahead if at is not None and at > now), default=broken_at)


def _key(promise: Promise, code: str) -> str:
    return f"{promise.id}:{code}:{promise.due_at:%Y%m%dT%H%M%S}"


def _subject(promise: Promise) -> str:
    return promise.ticket_number or promise.id


# ---------------------------------------------------------------- dangers


async def _danger(services: Services, uow: UnitOfWork, promise: Promise, ticket: Ticket | None) -> datetime | None:
    """A danger is told at once, at any hour, and again when nobody has taken it; when to see whether."""
    if ticket is None or ticket.urgency != Urgency.SAFETY or ticket.status != Status.REGISTERED:
        return None
    first = f"{ticket.number}:{warnings.SAFETY_OPEN}"
    if await once(uow, first):
        _tell_danger(uow, ticket, again=False)
    told_at = await fired_at(uow, first) or uow.now
    again_at = told_at + timedelta(minutes=services.company.limits.safety_accept_minutes)
    if again_at > uow.now:
        return again_at
    if await once(uow, f"{first}:again"):
        _tell_danger(uow, ticket, again=True)
    return None


def _tell_danger(uow: UnitOfWork, ticket: Ticket, *, again: bool) -> None:
    warnings.warn(uow, warnings.SAFETY_OPEN, ticket.number, ticket.owner_id, number=ticket.number, again=again)
    add_event(uow, ticket, Line("duty_warned", audit.SYSTEM, detail={"again": again, "owner": ticket.owner_id}))


# ---------------------------------------------------------------- before it is due


async def _before_due(services: Services, uow: UnitOfWork, promise: Promise, ticket: Ticket | None) -> None:
    at = alarms.postpone_at(services, promise, ticket, uow.now)
    if at is not None and at <= uow.now and await _put_off(services, uow, promise, ticket):
        return
    if alarms.remind_at(services, promise) <= uow.now:
        await _remind(uow, promise)


async def _put_off(services: Services, uow: UnitOfWork, promise: Promise, ticket: Ticket | None) -> bool:
    """The customer is told a new date before the old one is missed, once a promise."""
    if not await once(uow, f"{promise.id}:put_off"):
        return False
    due_at = alarms.later(services, promise, ticket)
    if due_at is None:
        return False
    await move_later(services, uow, promise, ticket, Delay(due_at, audit.SYSTEM))
    return True


async def _remind(uow: UnitOfWork, promise: Promise) -> None:
    code = warnings.DUE_SOON if promise.kind in warnings.CLOCKED else warnings.PROMISE_DUE
    if await once(uow, _key(promise, code)):
        known = {"number": promise.ticket_number, "promise": promise.kind, "due_at": promise.due_at.isoformat()}
        warnings.warn(uow, code, _subject(promise), promise.owner_id, **known)


# ---------------------------------------------------------------- missed


async def break_promise(services: Services, uow: UnitOfWork, promise: Promise, ticket: Ticket | None) -> None:
    """A promise was missed: it is written down where owner and supervisors see it; a clock raises its ticket."""
    promise.state, promise.settled_at = PromiseState.BROKEN, uow.now
    audit.note(uow, audit.SYSTEM, "promise_broken", promise.id, owner=promise.owner_id, kind=promise.kind)
    uow.announce("promise", promise_id=promise.id, state=promise.state)
    is_clock = promise.kind in warnings.CLOCKED
    code = warnings.OVERDUE if is_clock else warnings.PROMISE_BROKEN
    if await once(uow, _key(promise, code)):
        known = {"number": promise.ticket_number, "promise": promise.kind, "due_at": promise.due_at.isoformat()}
        warnings.warn(uow, code, _subject(promise), promise.owner_id, **known)
    if ticket is not None:
        add_event(
            uow, ticket, Line("promise_broken", audit.SYSTEM, note=promise.text, detail={"promise": promise.kind})
        )
        uow.announce("ticket", number=ticket.number)
        if is_clock and ticket.status not in CLOSED:
            await _raise(services, uow, promise, ticket)


async def _raise(services: Services, uow: UnitOfWork, promise: Promise, ticket: Ticket) -> None:
    """One level up; who waited for a result or a call in vain is told so, and who sees to it now."""
    if not await escalate(services, uow, ticket, Push(audit.SYSTEM, promise.kind)):
        await keep_owned(services, uow, ticket)
    if promise.kind != PromiseKind.FIRST_CONTACT and ticket.kind != Kind.INTERNAL:
        words = Words("overdue", {"old_due": due_words(services, promise.due_at)})
        await write_letter(
            services,
            uow,
            ticket,
            Writing(LetterKind.PROGRESS, words=words, key=_key(promise, "missed"), by=audit.SYSTEM),
        )
