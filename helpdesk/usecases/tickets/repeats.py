"""Who comes again about an open matter: it is the same ticket, and it becomes more urgent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from helpdesk.model.matter import Matter, is_same_matter, joined_fields
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.model.timeline import Line, Standing
from helpdesk.model.urgency import Urgency, highest, raised
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Ticket
from helpdesk.usecases.promises import promises
from helpdesk.usecases.promises.due import assess, due_times
from helpdesk.usecases.tickets.proofs import proved_numbers
from helpdesk.usecases.tickets.register import Registration, add_event, lock_ticket, touch


async def find_same(uow: UnitOfWork, conversation: Conversation, matter: Matter, urgency: Urgency) -> Ticket | None:
    """The customer's open complaint about the same thing, locked, or None.

    A complaint from another channel is theirs only once they have shown that they know its phone: the phone
    they type now is not enough.
    """
    shown = await proved_numbers(uow.session, conversation, uow.now)
    theirs = or_(Ticket.customer_id == conversation.customer_id, Ticket.number.in_(shown))
    return await same_of(uow, theirs, matter, urgency)


async def same_of(uow: UnitOfWork, theirs: ColumnElement[bool], matter: Matter, urgency: Urgency) -> Ticket | None:
    """The same among the tickets of which `theirs` holds."""
    query = (
        select(Ticket).where(theirs, Ticket.status.not_in(CLOSED)).order_by(Ticket.created_at.desc()).with_for_update()
    )
    for ticket in (await uow.session.scalars(query)).all():
        both_safety = urgency is Urgency.SAFETY and ticket.urgency == Urgency.SAFETY
        same = is_same_matter(matter, ticket.kind, ticket.category, ticket.fields)
        if same or (both_safety and matter.kind == ticket.kind):
            return ticket
    return None


def earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    """The earlier of two times; None counts as never."""
    return min((at for at in (first, second) if at is not None), default=None)


async def join_ticket(
    services: Services, uow: UnitOfWork, matter: Matter, registration: Registration, actor: str
) -> Ticket:
    """The customer came again about an open ticket: what is new is added, and it becomes more urgent."""
    ticket = await lock_ticket(uow, registration.number)
    before = Standing.of(ticket)
    ticket.fields = joined_fields(ticket.fields, matter.fields)
    ticket.urgency = highest(raised(Urgency(ticket.urgency)), assess(services, matter, uow.now).urgency)
    ticket.category = ticket.category or matter.category
    await hasten(uow, ticket, registration.first_contact_due, registration.result_due)
    told = matter.known("description")
    add_event(uow, ticket, Line("repeated", actor, note=told, detail=dict(matter.fields)), before=before)
    touch(uow, ticket)
    return ticket


async def hasten(
    uow: UnitOfWork, ticket: Ticket, first_contact_due: datetime | None, result_due: datetime | None
) -> None:
    """Move a ticket's clocks forward, never back, and its promises with them."""
    ticket.first_contact_due = earlier(ticket.first_contact_due, first_contact_due)
    ticket.result_due = earlier(ticket.result_due, result_due)
    await promises.move_up(uow, ticket)


def sooner_dates(services: Services, ticket: Ticket, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The clocks an open ticket would have once it is urgent."""
    urgency = raised(Urgency(ticket.urgency))
    first, last = due_times(services, Kind(ticket.kind), urgency, now)
    return earlier(ticket.first_contact_due, first), earlier(ticket.result_due, last)
