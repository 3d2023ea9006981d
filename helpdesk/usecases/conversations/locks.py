"""A claim: the right to answer a conversation's next message, held by one process for a while.

Taken and given up by single statements on the conversation's row, so that no lock, connection or
transaction is held while the worker thinks. A claim that is not renewed lapses, and its number is never
used again: whatever its holder still tries to write is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, update

from helpdesk.background import in_background
from helpdesk.errors import TurnLost
from helpdesk.model.conversation import State, TurnRef
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import note_lock, pending_messages
from helpdesk.store.tables import Conversation, Message
from helpdesk.usecases.conversations.sessions import begin_if_over, has_been_answered

TEXT_LIMIT = 2000  # characters of one input; a longer message is answered by the service
BETWEEN_TEXTS = "\n"
_OF_ONE = (
    update(Conversation)
    .where(Conversation.id == bindparam("conversation"))
    .returning(Conversation)
    .execution_options(synchronize_session=False, populate_existing=True)
)
_TAKE = _OF_ONE.where(or_(Conversation.turn_until.is_(None), Conversation.turn_until < bindparam("now"))).values(
    turn_no=Conversation.turn_no + 1, turn_until=bindparam("until")
)
_GIVE_UP = _OF_ONE.where(Conversation.turn_no == bindparam("held_turn")).values(turn_until=None)


@dataclass(frozen=True)
class Claim:
    """One turn: whose, by which right, and what is to be answered (several texts sent in a burst are one)."""

    conversation_id: str
    turn_no: int
    state: State
    messages: tuple[Message, ...]
    dialogue: dict[str, Any] | None
    customer_id: str
    channel: str
    session_no: int
    opens_session: bool  # nothing of this session was answered yet
    greeted_lately: bool  # the last session ended a moment ago: no second welcome

    @property
    def first(self) -> Message:
        """The message that the answer is stored for."""
        return self.messages[0]

    @property
    def ref(self) -> TurnRef:
        """How actions name this turn."""
        return TurnRef(self.conversation_id, self.first.id, self.turn_no)

    @property
    def text(self) -> str:
        """The customer's words, those of a burst one a line."""
        return BETWEEN_TEXTS.join(message.text for message in self.messages)

    @property
    def said_at(self) -> datetime:
        """When the customer sent it (the last of a burst): what 「明天」 is counted from."""
        return self.messages[-1].at

    @property
    def external_ids(self) -> list[str]:
        """The customer's own ids of what is answered."""
        return [message.external_id for message in self.messages if message.external_id]


async def claim(services: Services, conversation_id: str) -> Claim | None:
    """Take the claim and what there is to answer; None when another holds it or nothing is pending."""
    now = services.clock.now()
    async with services.db.write() as uow:
        conversation = await _take(uow, conversation_id, now, services.settings.claim_seconds)
        pending = await pending_messages(uow.session, conversation_id) if conversation else ()
        if not conversation or not pending:
            return None
        lately = begin_if_over(conversation, pending, services.settings.session_idle_hours)
        await uow.commit()
    messages = together(pending, services.settings.burst_seconds)
    return Claim(
        conversation_id=conversation_id,
        turn_no=conversation.turn_no,
        state=State(conversation.state),
        messages=tuple(messages),
        dialogue=conversation.dialogue,
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        session_no=conversation.session_no,
        opens_session=not has_been_answered(conversation),
        greeted_lately=lately,
    )


async def _take(uow: UnitOfWork, conversation_id: str, now: datetime, seconds: float) -> Conversation | None:
    given = {"conversation": conversation_id, "now": now, "until": now + timedelta(seconds=seconds)}
    return await uow.session.scalar(_TAKE, given)


def together(pending: Sequence[Message], burst_seconds: float) -> list[Message]:
    """The oldest message, and the plain texts after it that came within `burst_seconds` of each other."""
    taken = [pending[0]]
    length = len(pending[0].text)
    for message in pending[1:]:
        length += len(message.text) + len(BETWEEN_TEXTS)
        gap = (message.at - taken[-1].at).total_seconds()
        if not (_is_text(taken[-1]) and _is_text(message)) or gap > burst_seconds or length > TEXT_LIMIT:
            break
        taken.append(message)
    return taken


def _is_text(message: Message) -> bool:
    return message.input is None and bool(message.text)


async def give_up(uow: UnitOfWork, held: Claim) -> Conversation:
    """End the claim inside a unit of work that writes what it was for; the conversation, locked.

    Raises:
        TurnLost: the claim had passed on; nothing may be written.
    """
    conversation = await uow.session.scalar(_GIVE_UP, {"conversation": held.conversation_id, "held_turn": held.turn_no})
    if conversation is None:
        raise TurnLost(f"turn {held.turn_no} of {held.conversation_id} has passed on")
    note_lock(uow.session, conversation.id)
    return conversation


async def release(services: Services, held: Claim) -> None:
    """Give the claim up without an answer, for whoever looks next."""
    async with services.db.write() as uow:
        await give_up(uow, held)
        await uow.commit()


@asynccontextmanager
async def renewed(services: Services, held: Claim) -> AsyncIterator[None]:
    """Keep the claim from lapsing for as long as the block lasts."""
    async with in_background(_renew(services, held)):
        yield


async def _renew(services: Services, held: Claim) -> None:
    seconds = services.settings.claim_seconds
    while True:
        await asyncio.sleep(seconds / 3)
        until = services.clock.now() + timedelta(seconds=seconds)
        async with services.db.write() as uow:
            await uow.session.execute(
                update(Conversation)
                .where(Conversation.id == held.conversation_id, Conversation.turn_no == held.turn_no)
                .where(Conversation.turn_until.is_not(None))
                .values(turn_until=until)
            )
            await uow.commit()
