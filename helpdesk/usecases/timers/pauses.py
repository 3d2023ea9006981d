"""The wait for a customer ends when they say something, wherever they say it (C3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from helpdesk.model.conversation import Author
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Message, Ticket, TicketEvent, TicketPause
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.pauses import open_pause
from helpdesk.usecases.tickets import ask_customer
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.timers.each import BATCH, each


async def run(services: Services, now: datetime) -> None:
    """End every pause whose customer has answered, and those of tickets that are answered or closed."""
    await each(services, now, await _over(services), go_on)


async def _over(services: Services) -> Sequence[str]:
    """Tickets in a pause that is over; few are in one, and the index knows them."""
    query = (
        select(TicketPause.number)
        .join(Ticket, Ticket.number == TicketPause.number)
        .outerjoin(Conversation, Conversation.id == Ticket.conversation_id)
        .where(TicketPause.until.is_(None), or_(_has_spoken(), _has_acted(), Ticket.status.in_(ask_customer.STOPPED)))
        .limit(BATCH)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


def _has_spoken() -> ColumnElement[bool]:
    """A message in the ticket's conversation; that a chat window was opened is none (it has no words)."""
    words = select(Message.id).where(
        Message.conversation_id == Ticket.conversation_id,
        Message.author == Author.CUSTOMER,
        Message.text != "",
        Message.at > TicketPause.since,
    )
    return and_(Conversation.last_customer_at > TicketPause.since, words.exists())


def _has_acted() -> ColumnElement[bool]:
    """A note, an urge or the like about the ticket, be it from another channel."""
    return (
        select(TicketEvent.id)
        .where(TicketEvent.number == TicketPause.number, TicketEvent.actor == audit.CUSTOMER)
        .where(TicketEvent.at > TicketPause.since)
        .exists()
    )


async def go_on(services: Services, uow: UnitOfWork, number: str) -> None:
    """Looked at again under the ticket's lock: somebody else may have gone on, or asked anew."""
    ticket = await locked_ticket(uow, number)
    pause = await open_pause(uow.session, number)
    if pause is None:
        return
    heard = await _heard(uow, ticket, pause.since)
    if heard is not None:
        await ask_customer.end(services, uow, ticket, ask_customer.End(audit.CUSTOMER, heard))
    elif ticket.status in ask_customer.STOPPED:
        await ask_customer.end(services, uow, ticket, ask_customer.End(audit.SYSTEM, uow.now))


async def _heard(uow: UnitOfWork, ticket: Ticket, since: datetime) -> datetime | None:
    """When the customer first said or did something after `since`."""
    said = select(func.min(Message.at)).where(
        Message.conversation_id == ticket.conversation_id,
        Message.author == Author.CUSTOMER,
        Message.text != "",
        Message.at > since,
    )
    done = select(func.min(TicketEvent.at)).where(
        TicketEvent.number == ticket.number, TicketEvent.actor == audit.CUSTOMER, TicketEvent.at > since
    )
    moments = [await uow.session.scalar(query) for query in (said, done)]
    return min((at for at in moments if at is not None), default=None)
