"""Everything somebody owns passes to others: to one colleague, or to whom each matter fits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.errors import InvalidInput, Reason
from helpdesk.model.promise import PromiseState
from helpdesk.model.ticket import CLOSED
from helpdesk.model.timeline import Line, Standing
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Promise, Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.promises import promises
from helpdesk.usecases.promises.promises import lock_promise
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets import register
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.routing import colleague, next_handler


@dataclass(frozen=True)
class Owned:
    """What somebody answers for: numbers of tickets that are not closed, ids of open promises about no ticket."""

    tickets: list[str]
    promises: list[str]


async def owned_by(services: Services, staff_id: str) -> Owned:
    """What somebody answers for now."""
    async with services.db.read() as uow:
        open_tickets = select(Ticket.number).where(Ticket.owner_id == staff_id, Ticket.status.not_in(CLOSED))
        loose = select(Promise.id).where(
            Promise.owner_id == staff_id, Promise.state == PromiseState.OPEN, Promise.ticket_number.is_(None)
        )
        numbers = (await uow.session.scalars(open_tickets.order_by(Ticket.number))).all()
        return Owned(list(numbers), list((await uow.session.scalars(loose.order_by(Promise.due_at))).all()))


async def hand_on(services: Services, staff_id: str, to: str | None, actor: str) -> Owned:
    """Pass on all of it, each in a unit of its own; customers are told who has their ticket. What was passed on.

    `to` None: for each the colleague it fits. So too where a ticket is a complaint about `to`.

    Raises:
        NotFound: nobody has the id `staff_id`. InvalidInput: `to` is nobody, is locked, or is the same person.
    """
    async with services.db.read() as uow:
        leaver = await locked_person(uow, staff_id)
        if to is not None:
            await _check_heir(uow, staff_id, to)
    found = await owned_by(services, staff_id)
    passed = [number for number in found.tickets if await _pass_ticket(services, number, leaver, to, actor)]
    loose = [one for one in found.promises if await _pass_promise(services, one, leaver, to, actor)]
    return Owned(passed, loose)


async def _check_heir(uow: UnitOfWork, staff_id: str, to: str) -> None:
    heir = await uow.session.get(Staff, to)
    if heir is None or not heir.active or to == staff_id:
        raise InvalidInput.at({"to": Reason("heir_wanted")})


async def _pass_ticket(services: Services, number: str, leaver: Staff, to: str | None, actor: str) -> bool:
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        if ticket.owner_id != leaver.id or ticket.status in CLOSED:
            return False
        before = Standing.of(ticket)
        ticket.owner_id = (await _heir(services, uow, ticket, to)).id
        detail = {"from_owner": leaver.id, "to_owner": ticket.owner_id}
        note = f"{leaver.name}的工单移交"
        register.add_event(uow, ticket, Line("handed_on", actor, note=note, detail=detail), before=before)
        await promises.hand_on(uow, ticket)
        register.touch(uow, ticket)
        await ticket_letters.progress(services, uow, ticket, "handed_on", actor)
        await uow.commit()
    return True


async def _heir(services: Services, uow: UnitOfWork, ticket: Ticket, to: str | None) -> Staff:
    """Nobody is given a complaint about themselves (C6), whatever was chosen for all the others."""
    if to is not None:
        try:
            return await colleague(uow, ticket, to)
        except InvalidInput:
            pass
    return await next_handler(services, uow, ticket)


async def _pass_promise(services: Services, promise_id: str, leaver: Staff, to: str | None, actor: str) -> bool:
    async with services.db.write() as uow:
        promise = await lock_promise(uow, promise_id)
        if promise.owner_id != leaver.id or promise.state != PromiseState.OPEN:
            return False
        promise.owner_id = to or (await _colleague_of(uow, leaver)).id
        audit.note(uow, actor, "promise_handed_on", promise_id, from_owner=leaver.id, to_owner=promise.owner_id)
        uow.announce("promise", promise_id=promise_id)
        await uow.commit()
    return True


async def _colleague_of(uow: UnitOfWork, leaver: Staff) -> Staff:
    """Somebody of the same department, else anybody."""
    query = select(Staff).where(Staff.active, Staff.id != leaver.id)
    order = (Staff.department != leaver.department, Staff.id)
    return (await uow.session.scalars(query.order_by(*order).limit(1))).one()
