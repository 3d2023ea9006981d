"""What the desk looks up: the queue in its order, conversations, tickets. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.conversation import Author, Priority, State
from helpdesk.model.queue import Waiting, in_order
from helpdesk.store.tables import Audit, Conversation, Customer, Identity, Message, Staff, Ticket
from helpdesk.usecases.journal.notes import NOTE

CONVERSATION_PAGE = 100
MESSAGE_PAGE = 200
NEWEST = 2**31 - 1


@dataclass(frozen=True)
class Place:
    """One place in the queue, with whose it is."""

    position: int
    conversation: Conversation
    identity: Identity
    customer: Customer


async def queue(session: AsyncSession, now: datetime) -> list[Place]:
    """Everyone who waits, first to be served first."""
    query = _with_people().where(Conversation.state == State.WAITING)
    rows = {c.id: (c, identity, customer) for c, identity, customer in (await session.execute(query))}
    line = [Waiting(c.id, Priority(c.priority), c.queued_at or c.opened_at) for c, _, _ in rows.values()]
    return [Place(n, *rows[one.conversation_id]) for n, one in enumerate(in_order(line, now), start=1)]


def _with_people() -> Select[Conversation, Identity, Customer]:
    return (
        select(Conversation, Identity, Customer)
        .join(Identity, Identity.id == Conversation.identity_id)
        .join(Customer, Customer.id == Conversation.customer_id)
    )


async def conversations(
    session: AsyncSession, *, state: str | None = None, staff_id: str | None = None, sender: str | None = None
) -> list[tuple[Conversation, Identity, Customer, str]]:
    """Conversations with what the customer last said in each, who wrote last first.

    Raises:
        InvalidInput: there is no such state.
    """
    query = _with_people().order_by(Conversation.last_customer_at.desc(), Conversation.id).limit(CONVERSATION_PAGE)
    if state:
        query = query.where(Conversation.state == _checked(state, State, "state"))
    if staff_id:
        query = query.where(Conversation.staff_id == staff_id)
    if sender:
        query = query.where(Identity.sender == sender)
    rows = (await session.execute(query)).all()
    texts = await _last_texts(session, [c.id for c, _, _ in rows])
    return [(c, identity, customer, texts.get(c.id, "")) for c, identity, customer in rows]


def _checked(value: str, allowed: type[State], what: str) -> str:
    if value not in set(allowed):
        raise InvalidInput("no_such_choice", value=value[:40], what=what, allowed=[str(one) for one in allowed])
    return value


async def _last_texts(session: AsyncSession, ids: Sequence[str]) -> dict[str, str]:
    last = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(ids), Message.author == Author.CUSTOMER, Message.text != "")
        .group_by(Message.conversation_id)
        .subquery()
    )
    query = select(Message.conversation_id, Message.text).join(
        last, (last.c.conversation_id == Message.conversation_id) & (last.c.seq == Message.seq)
    )
    return dict((await session.execute(query)).all())


async def conversation(session: AsyncSession, conversation_id: str) -> tuple[Conversation, Identity, Customer]:
    """One conversation and whose it is.

    Raises:
        NotFound.
    """
    found = (await session.execute(_with_people().where(Conversation.id == conversation_id))).first()
    if found is None:
        raise NotFound("conversation_not_found", conversation_id=conversation_id)
    row: tuple[Conversation, Identity, Customer] = found
    return row


async def messages(session: AsyncSession, conversation_id: str, *, before: int = NEWEST) -> list[Message]:
    """The last messages before a `seq`, oldest first; the service's own starts of a turn are no messages."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq < before)
        .order_by(Message.seq.desc())
        .limit(MESSAGE_PAGE)
    )
    found = (await session.scalars(query)).all()
    return [m for m in reversed(found) if not (m.author == Author.CUSTOMER and "start" in (m.input or {}))]


async def notes(session: AsyncSession, conversation_id: str) -> Sequence[Audit]:
    """Remarks among colleagues, oldest first."""
    query = select(Audit).where(Audit.action == NOTE, Audit.subject == conversation_id).order_by(Audit.id)
    return (await session.scalars(query)).all()


async def ticket(session: AsyncSession, number: str) -> tuple[Ticket, Staff]:
    """One ticket and its owner.

    Raises:
        NotFound.
    """
    query = select(Ticket, Staff).join(Staff, Staff.id == Ticket.owner_id).where(Ticket.number == number.upper())
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound("ticket_not_found", number=number)
    row: tuple[Ticket, Staff] = found
    return row
