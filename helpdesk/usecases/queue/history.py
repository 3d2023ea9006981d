"""What a customer has been through with us before: talks on every channel, and tickets. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Author
from helpdesk.model.ticket import Kind
from helpdesk.store.tables import Conversation, Customer, Message, Rating, Ticket

TALKS, TICKETS = 20, 20
Session = tuple[str, int]
"""The id of a conversation, and the number of the time it was opened."""
Reads = Callable[[str, Conversation, Customer], str]
"""Words of a conversation as somebody reads them."""


@dataclass(frozen=True)
class Earlier:
    """A talk from its beginning to its end. `words`: the first of its customer's, as they may be shown; `first_seq` and
    `last_seq` are its place in the conversation."""

    conversation: Conversation
    session_no: int
    began: datetime
    ended: datetime
    first_seq: int
    last_seq: int
    words: str
    staff_ids: Sequence[str]
    rating: int | None


async def talks(
    session: AsyncSession, reads: Reads, customer_id: str, but: Conversation | None = None
) -> list[Earlier]:
    """The customer's talks, on whatever channel, the newest first; without the one that is going on in `but`."""
    spans = await _spans(session, customer_id, but)
    keys = [(row.conversation_id, row.session_no) for row in spans]
    conversations = await _conversations(session, customer_id)
    customer = await session.get_one(Customer, customer_id)
    words, staff, ratings = (
        await _first_words(session, keys),
        await _staff(session, keys),
        await _ratings(session, keys),
    )
    return [
        Earlier(
            conversations[row.conversation_id],
            row.session_no,
            row.began,
            row.ended,
            row.first_seq,
            row.last_seq,
            reads(words.get(key, ""), conversations[row.conversation_id], customer),
            staff.get(key, ()),
            ratings.get(key),
        )
        for row, key in zip(spans, keys, strict=True)
    ]


async def _spans(session: AsyncSession, customer_id: str, but: Conversation | None) -> Sequence[Any]:
    """Where each talk begins and ends; one in which the customer said nothing is none."""
    theirs = select(Conversation.id).where(Conversation.customer_id == customer_id)
    others = [~and_(Message.conversation_id == but.id, Message.session_no == but.session_no)] if but else []
    ended = func.max(Message.at).label("ended")
    query = (
        select(
            Message.conversation_id,
            Message.session_no,
            func.min(Message.at).label("began"),
            ended,
            func.min(Message.seq).label("first_seq"),
            func.max(Message.seq).label("last_seq"),
        )
        .where(Message.conversation_id.in_(theirs), *others)
        .group_by(Message.conversation_id, Message.session_no)
        .having(func.count().filter(Message.author == Author.CUSTOMER, Message.text != "") > 0)
        .order_by(ended.desc())
        .limit(TALKS)
    )
    return (await session.execute(query)).all()


async def _conversations(session: AsyncSession, customer_id: str) -> Mapping[str, Conversation]:
    found = await session.scalars(select(Conversation).where(Conversation.customer_id == customer_id))
    return {one.id: one for one in found.all()}


def _of(keys: Sequence[Session], table: type[Message] | type[Rating]) -> Any:
    return or_(*(and_(table.conversation_id == one, table.session_no == number) for one, number in keys))


async def _first_words(session: AsyncSession, keys: Sequence[Session]) -> Mapping[Session, str]:
    if not keys:
        return {}
    first = (
        select(Message.conversation_id, func.min(Message.seq).label("seq"))
        .where(_of(keys, Message), Message.author == Author.CUSTOMER, Message.text != "")
        .group_by(Message.conversation_id, Message.session_no)
        .subquery()
    )
    is_first = (first.c.conversation_id == Message.conversation_id) & (first.c.seq == Message.seq)
    found = (await session.scalars(select(Message).join(first, is_first))).all()
    return {(one.conversation_id, one.session_no): one.text for one in found}


async def _staff(session: AsyncSession, keys: Sequence[Session]) -> Mapping[Session, list[str]]:
    if not keys:
        return {}
    said = (_of(keys, Message), Message.author == Author.STAFF, Message.staff_id.is_not(None))
    query = select(Message.conversation_id, Message.session_no, Message.staff_id).where(*said).distinct()
    found: dict[Session, list[str]] = {}
    for conversation_id, session_no, staff_id in (await session.execute(query)).all():
        found.setdefault((conversation_id, session_no), []).append(str(staff_id))
    return found


async def _ratings(session: AsyncSession, keys: Sequence[Session]) -> Mapping[Session, int]:
    if not keys:
        return {}
    found = (await session.scalars(select(Rating).where(_of(keys, Rating)))).all()
    return {(one.conversation_id, one.session_no): one.score for one in found}


async def tickets(session: AsyncSession, customer_id: str) -> Sequence[Ticket]:
    """The customer's tickets, done or not, the newest first."""
    query = select(Ticket).where(Ticket.customer_id == customer_id, Ticket.kind != Kind.INTERNAL)
    return (await session.scalars(query.order_by(Ticket.created_at.desc()).limit(TICKETS))).all()
