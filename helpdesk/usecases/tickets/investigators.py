"""Several departments make an investigation group; one of them owns the matter (C4)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import CLOSED
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Investigator, Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.register import add_event, touch
from helpdesk.usecases.tickets.routing import colleague


async def add(services: Services, number: str, staff_id: str, note: str | None, by: Staff) -> Ticket:
    """A colleague joins the group; who is in it already stays in it.

    Raises:
        NotFound. Conflict: the ticket is closed. InvalidInput: no such colleague, the owner, or the person
        complained of.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.CHANGE_GROUP)
        if ticket.status in CLOSED:
            raise Conflict("ticket_over", status=ticket.status)
        other = await colleague(uow, ticket, staff_id)
        if other.id == ticket.owner_id:
            raise InvalidInput("owner_already", staff_id=staff_id)
        if await _member(uow, number, other.id) is None:
            actor = audit.by_staff(by.id)
            uow.session.add(
                Investigator(number=number, staff_id=other.id, department=other.department, added_by=actor, at=uow.now)
            )
            detail = {"staff": other.id, "department": other.department}
            add_event(uow, ticket, Line("investigator_added", actor, note=note, detail=detail))
            touch(uow, ticket)
        await uow.commit()
    return ticket


async def remove(services: Services, number: str, staff_id: str, by: Staff) -> Ticket:
    """A colleague leaves the group; the timeline remembers that they were in it.

    Raises:
        NotFound: no such ticket, or this colleague is not in its group.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.CHANGE_GROUP)
        member = await _member(uow, number, staff_id)
        if member is None:
            raise NotFound("not_in_group", staff_id=staff_id, number=number)
        await uow.session.delete(member)
        detail = {"staff": staff_id, "department": member.department}
        add_event(uow, ticket, Line("investigator_removed", audit.by_staff(by.id), detail=detail))
        touch(uow, ticket)
        await uow.commit()
    return ticket


async def _member(uow: UnitOfWork, number: str, staff_id: str) -> Investigator | None:
    query = select(Investigator).where(Investigator.number == number, Investigator.staff_id == staff_id)
    return await uow.session.scalar(query)


async def of_ticket(uow: UnitOfWork, number: str) -> Sequence[tuple[Investigator, Staff]]:
    """The group as it is now, in the order of joining."""
    query = select(Investigator, Staff).join(Staff, Staff.id == Investigator.staff_id)
    found = await uow.session.execute(query.where(Investigator.number == number).order_by(Investigator.id))
    return found.all()
