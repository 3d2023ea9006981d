"""A ticket passes on: to a colleague, another department, the next level. It always has an owner (C4, C8)."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.errors import Conflict, InvalidInput
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import IN_HAND, LEVELS
from helpdesk.model.timeline import Line, Standing
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import rights
from helpdesk.usecases.promises import promises
from helpdesk.usecases.tickets import escalation, register
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.routing import colleague, next_handler
from helpdesk.usecases.tickets.work import require_open


async def hand_on(services: Services, number: str, to: str, text: str | None, by: Staff) -> Ticket:
    """Give a ticket to a colleague, who owns it and its promises from now on.

    Raises:
        NotFound. Conflict: it is closed. InvalidInput: there is no such colleague, or the ticket is about them.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.HAND_ON)
        require_open(ticket)
        other = await colleague(uow, ticket, to)
        before = Standing.of(ticket)
        ticket.owner_id = other.id
        detail = {"from_owner": before.owner, "to_owner": other.id}
        register.add_event(
            uow, ticket, Line("handed_on", audit.by_staff(by.id), note=text, detail=detail), before=before
        )
        await _passed_on(services, uow, ticket, "handed_on", by)
        await uow.commit()
    return ticket


@dataclass(frozen=True)
class Transfer:
    """Which department a ticket goes to, why, and to whom there; None: whoever is next."""

    department: str
    note: str
    to: str | None = None


async def transfer(services: Services, number: str, wish: Transfer, by: Staff) -> Ticket:
    """Another department is concerned. Its person takes over at the same moment; the reason is on the timeline.

    Raises:
        NotFound. Conflict: it is closed. InvalidInput: no such department, it has the ticket already, or
        nobody there can be given it.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.TRANSFER)
        require_open(ticket)
        _check_department(services, ticket, wish.department)
        before = Standing.of(ticket)
        ticket.department = wish.department
        ticket.level = _level_of(ticket, wish.department)
        owner = await (colleague(uow, ticket, wish.to) if wish.to else next_handler(services, uow, ticket))
        ticket.owner_id = owner.id
        detail = {"from_department": before.department, "to_department": wish.department, "to_owner": owner.id}
        register.add_event(
            uow, ticket, Line("transferred", audit.by_staff(by.id), note=wish.note, detail=detail), before=before
        )
        await _passed_on(services, uow, ticket, "transferred", by)
        await uow.commit()
    return ticket


def _check_department(services: Services, ticket: Ticket, department: str) -> None:
    if department not in services.company.departments:
        raise InvalidInput(
            "no_such_department", department=department, departments=sorted(services.company.departments)
        )
    if department == ticket.department:
        raise InvalidInput("department_already", department=department)


def _level_of(ticket: Ticket, department: str) -> str:
    """Office and management are levels of their own; a transfer never lowers the level."""
    reached = LEVELS.index(department) if department in LEVELS else 0
    return LEVELS[max(LEVELS.index(ticket.level), reached)]


async def escalate(services: Services, number: str, note: str, by: Staff) -> Ticket:
    """What the department cannot settle goes one level up; the customer is told.

    Raises:
        NotFound. Conflict: it is closed or answered, or at the top already.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.ESCALATE)
        if ticket.status not in IN_HAND:
            raise Conflict("ticket_answered", status=ticket.status)
        if not await escalation.escalate(services, uow, ticket, escalation.Push(audit.by_staff(by.id), note=note)):
            raise Conflict("level_highest", level=ticket.level)
        await ticket_letters.progress(services, uow, ticket, "escalated", audit.by_staff(by.id))
        await uow.commit()
    return ticket


async def _passed_on(services: Services, uow: UnitOfWork, ticket: Ticket, occasion: str, by: Staff) -> None:
    """The new owner answers for what is promised, and the customer is told who it is."""
    await promises.hand_on(uow, ticket)
    register.touch(uow, ticket)
    await ticket_letters.progress(services, uow, ticket, occasion, audit.by_staff(by.id))
