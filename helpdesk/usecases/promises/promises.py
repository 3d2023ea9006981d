"""The ledger of promises (承诺台账): made with an owner and a time, kept or broken, never forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import Clock
from helpdesk.errors import Conflict, InvalidInput, NotAllowed, NotFound
from helpdesk.model import rights
from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.moments import in_words
from helpdesk.model.promise import PromiseKind, PromiseState, settled
from helpdesk.model.rights import Deed, Part
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Investigator, Promise, Staff, Ticket, TicketEvent, TicketPause
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.letters import write_letter
from helpdesk.usecases.people.rights import SAYS
from helpdesk.usecases.people.rights import parts as ticket_parts
from helpdesk.usecases.people.rights import parts_of as parts_of_ticket
from helpdesk.usecases.promises import pauses
from helpdesk.usecases.promises.due import clock_of

PAGE = 200


@dataclass(frozen=True)
class Given:
    """What is promised, in words, by when, and who said so."""

    kind: PromiseKind
    text: str
    due_at: datetime
    made_by: str


def make_promise(uow: UnitOfWork, ticket: Ticket, given: Given) -> Promise:
    """Promise something about a ticket; its owner answers for it."""
    promise = Promise(
        ticket_number=ticket.number,
        conversation_id=ticket.conversation_id,
        customer_id=ticket.customer_id,
        owner_id=ticket.owner_id,
        kind=given.kind,
        text=given.text,
        due_at=given.due_at,
        state=PromiseState.OPEN,
        made_by=given.made_by,
        made_at=uow.now,
    )
    uow.session.add(promise)
    return promise


async def open_promises(session: AsyncSession, number: str) -> Sequence[Promise]:
    """What is still promised about a ticket."""
    query = select(Promise).where(Promise.ticket_number == number, Promise.state == PromiseState.OPEN)
    return (await session.scalars(query.order_by(Promise.due_at))).all()


async def of_ticket(session: AsyncSession, number: str) -> Sequence[Promise]:
    """Everything ever promised about a ticket."""
    query = select(Promise).where(Promise.ticket_number == number).order_by(Promise.made_at, Promise.due_at)
    return (await session.scalars(query)).all()


async def settle(uow: UnitOfWork, ticket: Ticket, kinds: Collection[PromiseKind]) -> None:
    """The thing was done at `now`: kept if in time, else broken; a result ends the wait for the customer."""
    pause = await pauses.close(uow.session, ticket.number, uow.now) if PromiseKind.RESULT in kinds else None
    for promise in await open_promises(uow.session, ticket.number):
        if promise.kind in kinds:
            _settle(promise, pause, uow.now)


async def cancel(uow: UnitOfWork, ticket: Ticket) -> None:
    """The customer no longer wants it: what is not overdue counts as kept, for nothing was missed."""
    pause = await pauses.close(uow.session, ticket.number, uow.now)
    for promise in await open_promises(uow.session, ticket.number):
        _settle(promise, pause, uow.now)


def _settle(promise: Promise, pause: TicketPause | None, now: datetime) -> None:
    """While a result waits for the customer its clock stands still, and what was in time then still is."""
    waited = pause is not None and promise.kind == PromiseKind.RESULT and pause.since < promise.due_at
    promise.state = PromiseState.KEPT if waited else settled(promise.due_at, now)
    promise.settled_at = now


async def hand_on(uow: UnitOfWork, ticket: Ticket) -> None:
    """A new owner answers for what is still open."""
    for promise in await open_promises(uow.session, ticket.number):
        promise.owner_id = ticket.owner_id


async def move_up(uow: UnitOfWork, ticket: Ticket) -> None:
    """A ticket became more urgent: its promises are due as early as its clocks now say."""
    due = {PromiseKind.FIRST_CONTACT: ticket.first_contact_due, PromiseKind.RESULT: ticket.result_due}
    for promise in await open_promises(uow.session, ticket.number):
        earlier = due.get(PromiseKind(promise.kind))
        if earlier is not None and earlier < promise.due_at:
            promise.due_at = earlier


async def list_promises(
    session: AsyncSession, state: str | None = None, owner_id: str | None = None
) -> Sequence[Promise]:
    """The ledger, the next due first.

    Raises:
        InvalidInput: `state` is none of open, kept, broken.
    """
    if state is not None and state not in set(PromiseState):
        raise InvalidInput("no_such_choice", value=str(state)[:40], what="state")
    query = select(Promise).order_by(Promise.due_at, Promise.id).limit(PAGE)
    if state is not None:
        query = query.where(Promise.state == state)
    if owner_id is not None:
        query = query.where(Promise.owner_id == owner_id)
    return (await session.scalars(query)).all()


async def parts_of_each(
    services: Services, session: AsyncSession, found: Sequence[Promise], by: Staff
) -> list[Set[Part]]:
    """What somebody is to each of these promises, looked up for all of them at once."""
    numbers = {one.ticket_number for one in found if one.ticket_number}
    owned = select(Ticket, Staff).join(Staff, Staff.id == Ticket.owner_id).where(Ticket.number.in_(numbers))
    tickets = {ticket.number: (ticket, owner) for ticket, owner in (await session.execute(owned)).all()}
    member = select(Investigator.number).where(Investigator.staff_id == by.id, Investigator.number.in_(numbers))
    groups = set((await session.scalars(member)).all())

    def parts(one: Promise) -> Set[Part]:
        if one.ticket_number not in tickets:
            return rights.by_role(by.role)
        ticket, owner = tickets[one.ticket_number]
        also = {Part.MEMBER} if ticket.number in groups else set()
        return parts_of_ticket(services.company, ticket, owner, by, also)

    return [parts(one) | ({Part.OWNER} if by.id == one.owner_id else set()) for one in found]


async def postpone(services: Services, promise_id: str, due_at: datetime, reason: str, by: Staff) -> Promise:
    """Give a new date before the old one is missed, and tell the customer (E2).

    Raises:
        NotFound: no such promise. Conflict: it is settled already. InvalidInput: the new date is not later, or
        an ordinary result would come after `ordinary_max_calendar_days` (a supervisor may still give it).
        NotAllowed: it is somebody else's to move.
    """
    async with services.db.write() as uow:
        promise = await lock_promise(uow, promise_id)
        _require_open(promise)
        if due_at <= max(promise.due_at, uow.now):
            raise InvalidInput("promise_date_later", field="due_at")
        ticket = await ticket_of(uow, promise)
        _check(promise, await parts_of(services, uow.session, promise, ticket, by), Deed.POSTPONE)
        _check_latest(services, promise, ticket, due_at, by)
        await move_later(services, uow, promise, ticket, Delay(due_at, audit.by_staff(by.id), reason))
        await uow.commit()
        return promise


def _require_open(promise: Promise) -> None:
    if promise.state != PromiseState.OPEN:
        raise Conflict("promise_settled", state=promise.state)


def _check_latest(services: Services, promise: Promise, ticket: Ticket | None, due_at: datetime, by: Staff) -> None:
    if (
        ticket is None
        or promise.kind != PromiseKind.RESULT
        or rights.may(Deed.POSTPONE_PAST_LIMIT, rights.by_role(by.role))
    ):
        return
    if clock_of_ticket(services, ticket) != "ordinary":
        return
    latest = services.calendar.latest_result(promise.made_at, services.company.limits).at
    if due_at > max(latest, promise.due_at):
        raise InvalidInput("promise_past_limit", latest=latest.isoformat())


def clock_of_ticket(services: Services, ticket: Ticket) -> Clock:
    """What a ticket is measured by now."""
    return clock_of(services.company, Kind(ticket.kind), Urgency(ticket.urgency))


async def ticket_of(uow: UnitOfWork, promise: Promise) -> Ticket | None:
    """The ticket a locked promise is about."""
    return await uow.session.get(Ticket, promise.ticket_number) if promise.ticket_number else None


@dataclass(frozen=True)
class Delay:
    """The later date of a promise, who gave it and why."""

    due_at: datetime
    actor: str
    reason: str | None = None


async def move_later(
    services: Services, uow: UnitOfWork, promise: Promise, ticket: Ticket | None, delay: Delay
) -> None:
    """A locked promise gets a later date, its ticket's clock too; the customer is told, and it is written down."""
    actor, reason = delay.actor, delay.reason
    old, promise.due_at = promise.due_at, delay.due_at.astimezone(UTC)
    _move_clock(promise, ticket)
    fields = {"old_due": due_words(services, old), "due": due_words(services, promise.due_at)}
    if ticket is not None:
        await write_letter(services, uow, ticket, _postponement(promise, ticket, fields, actor))
    elif promise.conversation_id:
        await _say_delay(services, uow, promise, fields)
    detail = {"from": old.isoformat(), "to": delay.due_at.isoformat(), "promise": promise.kind}
    audit.note(uow, actor, "promise_postponed", promise.id, reason=reason, **detail)
    if ticket is not None:
        uow.session.add(
            TicketEvent(number=ticket.number, at=uow.now, actor=actor, action="postponed", note=reason, detail=detail)
        )
        uow.announce("ticket", number=ticket.number)


def _move_clock(promise: Promise, ticket: Ticket | None) -> None:
    if ticket is None:
        return
    if promise.kind == PromiseKind.RESULT:
        ticket.result_due = promise.due_at
    elif promise.kind in {PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK}:
        ticket.first_contact_due = promise.due_at


async def settle_by_staff(services: Services, promise_id: str, note: str | None, by: Staff) -> Promise:
    """Staff says that a thing was done: kept if in time, else broken.

    Raises:
        NotFound: no such promise. Conflict: it is settled, or it is a result, which only an answer gives.
        NotAllowed: it is somebody else's, and this is no supervisor.
    """
    async with services.db.write() as uow:
        promise = await lock_promise(uow, promise_id)
        _require_open(promise)
        ticket = await ticket_of(uow, promise)
        _check(promise, await parts_of(services, uow.session, promise, ticket, by), Deed.SETTLE)
        if promise.kind == PromiseKind.RESULT:
            raise Conflict("promise_of_result")
        promise.state, promise.settled_at = settled(promise.due_at, uow.now), uow.now
        _write_down(uow, promise, ticket, note, by)
        await uow.commit()
        return promise


def _check(promise: Promise, theirs: Set[Part], deed: Deed) -> None:
    if not rights.may(deed, theirs):
        raise NotAllowed(SAYS.get(deed, "right_postpone"), deed=deed, owner=promise.owner_id)


async def parts_of(
    services: Services, session: AsyncSession, promise: Promise, ticket: Ticket | None, by: Staff
) -> Set[Part]:
    """What somebody is to a promise: what they are to its ticket, and its owner if they gave it."""
    theirs = await ticket_parts(services, session, ticket, by) if ticket else rights.by_role(by.role)
    return theirs | ({Part.OWNER} if by.id == promise.owner_id else set())


def _write_down(uow: UnitOfWork, promise: Promise, ticket: Ticket | None, note: str | None, by: Staff) -> None:
    actor = audit.by_staff(by.id)
    audit.note(uow, actor, "promise_settled", promise.id, state=promise.state, note=note)
    uow.announce("promise", promise_id=promise.id, state=promise.state)
    if ticket is None:
        return
    if promise.kind in {PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK}:
        ticket.first_contact_at = ticket.first_contact_at or uow.now
    detail = {"promise": promise.kind, "state": promise.state}
    uow.session.add(
        TicketEvent(
            number=ticket.number, at=uow.now, actor=actor, action="promise_settled", note=note or promise.text,
            detail=detail,
        )
    )  # fmt: skip
    uow.announce("ticket", number=ticket.number)


@dataclass
class Tally:
    """How many promises are open, kept and broken; `owner` None: everybody's."""

    owner: str | None = None
    name: str | None = None
    open: int = 0
    kept: int = 0
    broken: int = 0


async def summary(session: AsyncSession) -> tuple[Tally, list[Tally]]:
    """Everybody's promises, and each owner's, who has most to do first (E1)."""
    query = (
        select(Promise.owner_id, Staff.name, Promise.state, func.count())
        .join(Staff, Staff.id == Promise.owner_id)
        .group_by(Promise.owner_id, Staff.name, Promise.state)
    )
    total, owners = Tally(), dict[str, Tally]()
    for owner, name, state, count in (await session.execute(query)).all():
        for tally in (total, owners.setdefault(owner, Tally(owner, name))):
            setattr(tally, state, getattr(tally, state) + count)
    return total, sorted(owners.values(), key=lambda one: (-one.open, -one.broken, one.owner))


async def lock_promise(uow: UnitOfWork, promise_id: str) -> Promise:
    """The promise as it is now, its row locked until the unit ends.

    Its conversation and its ticket are locked first: everybody takes these in the same order, so that no
    two units wait for each other.

    Raises:
        NotFound: there is no such promise.
    """
    found = await uow.session.get(Promise, promise_id)
    if found is None:
        raise NotFound("promise_not_found", promise_id=promise_id)
    if found.conversation_id:
        await lock_conversation(uow.session, found.conversation_id)
    if found.ticket_number:
        await uow.session.get_one(Ticket, found.ticket_number, with_for_update=True)
    await uow.session.refresh(found, with_for_update=True)
    return found


def _postponement(promise: Promise, ticket: Ticket, fields: Mapping[str, str], by: str) -> Writing:
    custom = {"kind": "promise_delayed", "number": ticket.number, "due_at": promise.due_at.isoformat()}
    key = f"{promise.id}:postponement:{promise.due_at:%Y%m%dT%H%M%S}"
    return Writing(LetterKind.POSTPONEMENT, Words(fields=fields, custom=custom), key=key, by=by)


async def _say_delay(services: Services, uow: UnitOfWork, promise: Promise, fields: Mapping[str, str]) -> None:
    conversation = await lock_conversation(uow.session, str(promise.conversation_id))
    text = services.wording.render("promise_moved", variant_seed=promise.id, promise=promise.text, **fields)
    custom = {"kind": "promise_delayed", "due_at": promise.due_at.isoformat()}
    await say(uow, conversation, [Say(text, custom=custom)], answers=None, in_reply_to=[])


def due_words(services: Services, at: datetime) -> str:
    """A moment in the company's time zone, in words."""
    return in_words(at.astimezone(services.company.profile.zone))
