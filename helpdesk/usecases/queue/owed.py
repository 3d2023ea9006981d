"""What is owed to the customers somebody serves: who waits for an answer, since when, and what was not read yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Author, State
from helpdesk.store.tables import Conversation, Message, ReadMark


@dataclass(frozen=True)
class Owed:
    """`since`: when the customer began to wait for whoever serves; `unread`: messages of theirs nobody has seen."""

    since: datetime
    unread: int


async def owed(session: AsyncSession, conversations: Sequence[Conversation]) -> dict[str, Owed]:
    """By conversation, for those that a person serves and whose customer spoke last."""
    served = {one.id: one for one in conversations if one.state == State.STAFF}
    rows = await session.execute(_unanswered(list(served)))
    return {key: Owed(_later(first, served[key].queued_at), int(unread)) for key, first, unread in rows}


def _unanswered(ids: Sequence[str]) -> Select[str, datetime, int]:
    """Of each conversation the first of the customer's messages after the last reply, and how many are unread."""
    replied = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(ids), Message.author == Author.STAFF)
        .group_by(Message.conversation_id)
        .subquery()
    )
    seen = func.coalesce(ReadMark.staff_seq, 0)
    return (
        select(Message.conversation_id, func.min(Message.at), func.sum(case((Message.seq > seen, 1), else_=0)))
        .outerjoin(replied, replied.c.conversation_id == Message.conversation_id)
        .outerjoin(ReadMark, ReadMark.conversation_id == Message.conversation_id)
        .where(Message.conversation_id.in_(ids), Message.author == Author.CUSTOMER)
        .where(Message.seq > func.coalesce(replied.c.seq, 0))
        .group_by(Message.conversation_id)
    )


def _later(first: datetime, queued_at: datetime | None) -> datetime:
    """What was said to the bot before the customer asked for a person was not said to whoever serves."""
    return max(first, queued_at) if queued_at else first
