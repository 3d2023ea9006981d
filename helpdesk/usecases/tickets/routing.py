"""Who handles a ticket next: a colleague named, the next level's, never who is complained of, never nobody (C6, C8)."""

from __future__ import annotations

from sqlalchemy import select

from helpdesk.errors import InvalidInput
from helpdesk.model.matter import Matter
from helpdesk.model.ticket import LEVELS, next_level
from helpdesk.model.timeline import CHANGED
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, Ticket, TicketEvent
from helpdesk.usecases.people.duty import Search, choose_owner, is_complained_of


async def colleague(uow: UnitOfWork, ticket: Ticket, staff_id: str) -> Staff:
    """A colleague who can be given this ticket.

    Raises:
        InvalidInput: there is no such active member of staff, or the ticket is about this person.
    """
    found = await uow.session.get(Staff, staff_id)
    if found is None or not found.active:
        raise InvalidInput("no_such_colleague", to=staff_id)
    if is_complained_of(found, Matter.of(ticket)):
        raise InvalidInput("colleague_accused", to=staff_id)
    return found


async def one_level_up(services: Services, uow: UnitOfWork, ticket: Ticket, *, to: str | None = None) -> Staff:
    """Raise a locked ticket by one level, to the department above and to somebody new there; the new owner.

    Its promises are not touched. At the top the level stays, and somebody else leads.
    """
    ticket.level = next_level(ticket.level)
    ticket.department = services.company.departments[ticket.department].escalates_to
    if to is not None and to != ticket.owner_id:
        owner = await colleague(uow, ticket, to)
    else:
        owner = await next_handler(services, uow, ticket)
    ticket.owner_id = owner.id
    return owner


async def next_handler(services: Services, uow: UnitOfWork, ticket: Ticket) -> Staff:
    """Somebody who has not handled this ticket yet, of its present level and department."""
    before, senior = await handlers(uow, ticket), ticket.level != LEVELS[0]
    return await choose_owner(services, uow, Search(Matter.of(ticket), ticket.department, before, senior))


async def handlers(uow: UnitOfWork, ticket: Ticket) -> list[str]:
    """Everyone who owned a ticket, as its timeline tells; the present owner last."""
    query = select(TicketEvent.detail).where(TicketEvent.number == ticket.number).order_by(TicketEvent.id)
    details = (await uow.session.scalars(query)).all()
    owners = [((detail or {}).get(CHANGED) or {}).get("owner") for detail in details]
    return [*dict.fromkeys(one for one in owners if one and one != ticket.owner_id), ticket.owner_id]
