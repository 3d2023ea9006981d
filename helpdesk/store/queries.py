"""The questions asked of the database in more than one place.

Those on the way of every message are built once and given their values when they are asked: building one takes
longer than the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import NotFound
from helpdesk.model.conversation import Author, EffectStatus
from helpdesk.store.tables import Conversation, Customer, Effect, Identity, Message, Staff, Ticket

PAGE = 100
CHOICES_KEPT = 3  # buttons stay valid while among this many last messages with choices
LOCKED = "locked conversations"
ONLINE = "online"
CAN_TAKE = and_(Staff.active, Staff.presence == ONLINE, Staff.present_until > bindparam("now"))
"""The condition on a row of staff who can take a customer at the moment `now`."""

IS_PENDING = and_(Message.author == literal_column("'customer'"), Message.processed_at.is_(None))
"""Written out as in `ix_messages_pending`: for a value that is given later SQLite takes no index of some rows only."""
_OF_SENDER = (
    select(Conversation)
    .join(Identity, Identity.id == Conversation.identity_id)
    .where(Identity.channel == bindparam("channel"), Identity.sender == bindparam("sender"))
)
_OF_SENDER_LOCKED = _OF_SENDER.with_for_update(of=Conversation)
_BY_ID_LOCKED = (
    select(Conversation)
    .where(Conversation.id == bindparam("conversation_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_NAMED = {
    "sqlite": "json_extract(tickets.fields, '$.staff_name')",
    "postgresql": "(tickets.fields ->> 'staff_name')",
}
"""As `ix_tickets_naming` has it (migration 0024): such tickets are few, and every list asks for them."""
_BY_EXTERNAL_ID = select(Message).where(
    Message.conversation_id == bindparam("conversation_id"),
    Message.author == Author.CUSTOMER,
    Message.external_id == bindparam("external_id"),
)
_PENDING = (
    select(Message).where(Message.conversation_id == bindparam("conversation_id"), IS_PENDING).order_by(Message.seq)
)
_FIRST_PENDING = _PENDING.with_only_columns(Message.id).limit(literal_column("1"))
_STAGED = (
    select(Effect)
    .where(Effect.conversation_id == bindparam("conversation_id"), Effect.status == EffectStatus.STAGED)
    .order_by(Effect.staged_at, Effect.key)
)


async def find_conversation(
    session: AsyncSession, channel: str, sender: str, *, lock: bool = False
) -> Conversation | None:
    """The conversation of a channel identity, or None for a stranger; with `lock` its row is locked."""
    query = _OF_SENDER_LOCKED if lock else _OF_SENDER
    found = await session.scalar(query, {"channel": channel, "sender": sender})
    if found is not None and lock:
        note_lock(session, found.id)
    return found


async def lock_conversation(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation as it is now, its row locked until the unit ends.

    Raises:
        NotFound: there is no such conversation.
    """
    found = await session.scalar(_BY_ID_LOCKED, {"conversation_id": conversation_id})
    if found is None:
        raise NotFound("conversation_not_found", conversation_id=conversation_id)
    note_lock(session, found.id)
    return found


def note_lock(session: AsyncSession, conversation_id: str) -> None:
    """This unit has the conversation's row for itself until it ends: what it read of it stays true."""
    session.info.setdefault(LOCKED, set()).add(conversation_id)


def is_locked(session: AsyncSession, conversation_id: str) -> bool:
    """Whether this unit has the conversation's row for itself."""
    return conversation_id in session.info.get(LOCKED, ())


async def sender_of(session: AsyncSession, conversation: Conversation) -> str:
    """The channel's own name for the customer of `conversation`."""
    identity = await session.get_one(Identity, conversation.identity_id)
    return identity.sender


async def customer_of(session: AsyncSession, conversation: Conversation) -> Customer:
    """Who the customer of `conversation` is."""
    return await session.get_one(Customer, conversation.customer_id)


async def message_by_external_id(session: AsyncSession, conversation_id: str, external_id: str) -> Message | None:
    """A customer's message by the id its client gave it."""
    return await session.scalar(_BY_EXTERNAL_ID, {"conversation_id": conversation_id, "external_id": external_id})


async def pending_messages(session: AsyncSession, conversation_id: str) -> Sequence[Message]:
    """Customer messages not yet answered nor handed to staff, oldest first."""
    return (await session.scalars(_PENDING, {"conversation_id": conversation_id})).all()


async def is_pending(session: AsyncSession, conversation_id: str) -> bool:
    """Whether any customer message waits."""
    return await session.scalar(_FIRST_PENDING, {"conversation_id": conversation_id}) is not None


async def forsaken_conversations(session: AsyncSession, now: datetime) -> Sequence[str]:
    """Conversations with a pending message and nobody at work on it, who waited longest first."""
    free = or_(Conversation.turn_until.is_(None), Conversation.turn_until < now)
    query = (
        select(Conversation.id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(IS_PENDING, free)
        .group_by(Conversation.id)
        .order_by(func.min(Message.at))
    )
    return (await session.scalars(query)).all()


async def processed_messages(session: AsyncSession, message_ids: Sequence[str]) -> Sequence[str]:
    """Those of the customer messages `message_ids` that are dealt with."""
    query = select(Message.id).where(Message.id.in_(message_ids), Message.processed_at.is_not(None))
    return (await session.scalars(query)).all()


async def drop_claims(session: AsyncSession) -> None:
    """Forget every claim: only right when no other process can be holding one."""
    await session.execute(update(Conversation).where(Conversation.turn_until.is_not(None)).values(turn_until=None))


async def answers_to(session: AsyncSession, message: Message) -> Sequence[Message]:
    """What was said in answer to a customer's message, oldest first.

    Messages taken together have one answer: `answers` of the later ones names the first.
    """
    query = (
        select(Message)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.author != Author.CUSTOMER,
            Message.answers == (message.answers or message.id),
        )
        .order_by(Message.seq)
    )
    return (await session.scalars(query)).all()


async def told_after(session: AsyncSession, conversation_id: str, seq: int) -> Sequence[Message]:
    """At most `PAGE` messages the customer was told after `seq`, oldest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author != Author.CUSTOMER, Message.seq > seq)
        .order_by(Message.seq)
        .limit(PAGE)
    )
    return (await session.scalars(query)).all()


async def with_choices(session: AsyncSession, conversation_id: str) -> Sequence[Message]:
    """The last messages whose buttons are still valid, newest first."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.author != Author.CUSTOMER,
            Message.buttons.is_not(None),
        )
        .order_by(Message.seq.desc())
        .limit(CHOICES_KEPT)
    )
    return (await session.scalars(query)).all()


async def staged_effects(session: AsyncSession, conversation_id: str) -> Sequence[Effect]:
    """Effects that wait for their turn to be finished, in the order they were staged."""
    return (await session.scalars(_STAGED, {"conversation_id": conversation_id})).all()


async def naming_staff(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[Ticket]:
    """Tickets in which the customer names somebody of staff."""
    names = text(f"{_NAMED[session.get_bind().dialect.name]} IS NOT NULL")
    return (await session.scalars(select(Ticket).where(names, *conditions))).all()
