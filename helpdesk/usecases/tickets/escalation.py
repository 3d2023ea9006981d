"""A ticket goes one level up: asked for by staff, or by the clock (C4)."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.model.matter import Matter
from helpdesk.model.ticket import Kind, next_level
from helpdesk.model.timeline import Line, Standing
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import Search, choose_owner
from helpdesk.usecases.promises import promises
from helpdesk.usecases.tickets.register import add_event, touch

ASKED = "asked"


@dataclass(frozen=True)
class Push:
    """Who sends a ticket up, and why. `cause`: asked, or the clock that ran out (first_contact, result, callback)."""

    actor: str
    cause: str = ASKED
    note: str | None = None


async def escalate(services: Services, uow: UnitOfWork, ticket: Ticket, push: Push) -> bool:
    """Move a locked ticket one level up; False when it is at the top already.

    The department that takes it over is on the way of its own (`escalates_to`). Its owner stays, for who was
    first concerned coordinates until the end (C8); another is found only for one who no longer works here.
    """
    before, level = Standing.of(ticket), next_level(ticket.level)
    if level == before.level:
        return False
    ticket.level = level
    ticket.department = services.company.departments[ticket.department].escalates_to
    detail = {"from_level": before.level, "to_level": level, "department": ticket.department, "cause": push.cause}
    await keep_owned(services, uow, ticket)
    add_event(uow, ticket, Line("escalated", push.actor, note=push.note, detail=detail), before=before)
    touch(uow, ticket)
    return True


async def keep_owned(services: Services, uow: UnitOfWork, ticket: Ticket) -> None:
    """An owner who is no longer active is followed by one who is."""
    owner = await uow.session.get_one(Staff, ticket.owner_id, populate_existing=True)
    if owner.active:
        return
    matter = Matter(Kind(ticket.kind), ticket.fields, ticket.category)
    other = await choose_owner(services, uow, Search(matter, ticket.department, not_these={owner.id}))
    before = Standing.of(ticket)
    ticket.owner_id = other.id
    await promises.hand_on(uow, ticket)
    detail = {"from_owner": owner.id, "to_owner": other.id}
    add_event(uow, ticket, Line("handed_on", audit.SYSTEM, detail=detail), before=before)
