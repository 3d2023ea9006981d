"""Which open ticket a complaint is about that comes again: the same person, the same matter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from helpdesk.model.matter import Matter, is_same_matter
from helpdesk.model.ticket import CLOSED
from helpdesk.model.urgency import Urgency
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Ticket
from helpdesk.usecases.consult import proved_numbers


async def find_same(
    uow: UnitOfWork, conversation: Conversation, matter: Matter, urgency: Urgency, now: datetime
) -> Ticket | None:
    """The customer's open complaint about the same thing, locked, or None.

    A complaint from another channel is theirs only once they have shown that they know its phone: the phone
    they type now is not enough.
    """
    shown = await proved_numbers(uow.session, conversation, now)
    theirs = or_(Ticket.customer_id == conversation.customer_id, Ticket.number.in_(shown))
    query = (
        select(Ticket).where(theirs, Ticket.status.not_in(CLOSED)).order_by(Ticket.created_at.desc()).with_for_update()
    )
    for ticket in (await uow.session.scalars(query)).all():
        both_safety = urgency is Urgency.SAFETY and ticket.urgency == Urgency.SAFETY
        same = is_same_matter(matter, ticket.kind, ticket.category, ticket.fields)
        if same or (both_safety and matter.kind == ticket.kind):
            return ticket
    return None
