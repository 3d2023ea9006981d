"""The ledger of promises (承诺台账): made with an owner and a time, kept or broken, never forgotten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.moments import in_words
from helpdesk.model.promise import PromiseKind, PromiseState, settled
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Promise, Staff, Ticket, TicketEvent
from helpdesk.usecases import audit
from helpdesk.usecases.speak import say

PAGE = 200


def make_promise(
    uow: UnitOfWork, ticket: Ticket, kind: PromiseKind, text: str, due_at: datetime, made_by: str, now: datetime
) -> Promise:
    """Promise something about a ticket; its owner answers for it."""
    promise = Promise(
        ticket_number=ticket.number,
        conversation_id=ticket.conversation_id,
        customer_id=ticket.customer_id,
        owner_id=ticket.owner_id,
        kind=kind,
        text=text,
        due_at=due_at,
        state=PromiseState.OPEN,
        made_by=made_by,
        made_at=now,
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


async def settle(uow: UnitOfWork, ticket: Ticket, kinds: Collection[PromiseKind], now: datetime) -> None:
    """The thing was done at `now`: kept if in time, else broken."""
    for promise in await open_promises(uow.session, ticket.number):
        if promise.kind in kinds:
            promise.state = settled(promise.due_at, now)
            promise.settled_at = now


async def cancel(uow: UnitOfWork, ticket: Ticket, now: datetime) -> None:
    """The customer no longer wants it: what is not overdue counts as kept, for nothing was missed."""
    for promise in await open_promises(uow.session, ticket.number):
        promise.state = settled(promise.due_at, now)
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
        raise InvalidInput(f"no promise state {state!r}")
    query = select(Promise).order_by(Promise.due_at, Promise.id).limit(PAGE)
    if state is not None:
        query = query.where(Promise.state == state)
    if owner_id is not None:
        query = query.where(Promise.owner_id == owner_id)
    return (await session.scalars(query)).all()


async def postpone(services: Services, promise_id: str, due_at: datetime, reason: str, by: Staff) -> Promise:
    """Give a new date before the old one is missed, and tell the customer (E2).

    Raises:
        NotFound: no such promise. Conflict: it is settled already. InvalidInput: the new date is not later.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        promise = await lock_promise(uow, promise_id)
        if promise.state != PromiseState.OPEN:
            raise Conflict(f"the promise is {promise.state} already")
        if due_at <= max(promise.due_at, now):
            raise InvalidInput("the new date must be later than the old one and than now")
        await _tell_delay(services, uow, promise, due_at, now)
        _log_delay(uow, promise, due_at, reason, by, now)
        promise.due_at = due_at.astimezone(UTC)
        await uow.commit()
        return promise


async def lock_promise(uow: UnitOfWork, promise_id: str) -> Promise:
    """The promise as it is now, its row locked until the unit ends.

    Its conversation and its ticket are locked first: everybody takes these in the same order, so that no
    two units wait for each other.

    Raises:
        NotFound: there is no such promise.
    """
    found = await uow.session.get(Promise, promise_id)
    if found is None:
        raise NotFound(f"no promise {promise_id}")
    if found.conversation_id:
        await lock_conversation(uow.session, found.conversation_id)
    if found.ticket_number:
        await uow.session.get_one(Ticket, found.ticket_number, with_for_update=True)
    await uow.session.refresh(found, with_for_update=True)
    return found


async def _tell_delay(services: Services, uow: UnitOfWork, promise: Promise, due_at: datetime, now: datetime) -> None:
    if not (promise.conversation_id and promise.ticket_number):
        return
    conversation = await lock_conversation(uow.session, promise.conversation_id)
    text = services.wording.render(
        "promise_delayed",
        variant_seed=promise.id,
        number=promise.ticket_number,
        old_due=due_words(services, promise.due_at),
        due=due_words(services, due_at),
    )
    custom = {"kind": "promise_delayed", "number": promise.ticket_number, "due_at": due_at.isoformat()}
    await say(uow, conversation, [Say(text, custom=custom)], answers=None, in_reply_to=[], now=now)


def _log_delay(uow: UnitOfWork, promise: Promise, due_at: datetime, reason: str, by: Staff, now: datetime) -> None:
    actor = audit.by_staff(by.id)
    detail = {"from": promise.due_at.isoformat(), "to": due_at.isoformat(), "promise": promise.kind}
    audit.note(uow, actor, "promise_postponed", promise.id, now, reason=reason, **detail)
    if promise.ticket_number:
        uow.session.add(
            TicketEvent(
                number=promise.ticket_number, at=now, actor=actor, action="postponed", note=reason, detail=detail
            )
        )


def due_words(services: Services, at: datetime) -> str:
    """A moment in the company's time zone, in words."""
    return in_words(at.astimezone(services.company.profile.zone))
