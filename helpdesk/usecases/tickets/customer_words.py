"""The customer's own words for what only they can want: that they are satisfied, that they withdraw (C6)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput
from helpdesk.model.conversation import Author
from helpdesk.model.ticket import Action
from helpdesk.store.tables import Conversation, Message, Ticket

LISTED = 10


async def find_words(session: AsyncSession, ticket: Ticket, action: Action, message_id: str) -> Message:
    """The message that is named for a move, if it can be meant.

    Raises:
        InvalidInput: it is not this customer's, or was written before there was anything to say so about.
    """
    found = await session.scalar(_said(ticket).where(Message.id == message_id))
    since = ticket.answered_at if action is Action.SATISFY else ticket.created_at
    if found is None or (since is not None and found.at < since):
        raise InvalidInput("words_not_theirs", field="message_id")
    return found


async def words_of(session: AsyncSession, ticket: Ticket) -> Sequence[Message]:
    """What the customer wrote since the ticket was opened, the newest first."""
    query = _said(ticket).where(Message.at >= ticket.created_at)
    return (await session.scalars(query.order_by(Message.at.desc(), Message.seq.desc()).limit(LISTED))).all()


def _said(ticket: Ticket) -> Select[Message]:
    theirs = select(Conversation.id).where(Conversation.customer_id == ticket.customer_id)
    return select(Message).where(
        Message.conversation_id.in_(theirs), Message.author == Author.CUSTOMER, Message.text != ""
    )
