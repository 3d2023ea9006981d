"""A claim: the right to answer a conversation's next message, held by one process for a while.

Taken in the unit that stores the message, or, for what was left lying, in one of its own; given up in the unit that
writes the answer. No lock, connection or transaction is held while the worker thinks. A claim that is not renewed
lapses, and its number is never used again: whatever its holder still tries to write is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import update

from helpdesk.background import after
from helpdesk.errors import NotFound, TurnLost
from helpdesk.model.conversation import State, TurnRef
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation, pending_messages
from helpdesk.store.tables import Conversation, Message
from helpdesk.usecases.conversations.sessions import begin_if_over, has_been_answered
from helpdesk.usecases.conversations.standing import Standing, look
from helpdesk.usecases.conversations.wake import PENDING, wake

TEXT_LIMIT = 2000  # characters of one input; a longer message is answered by the service
BETWEEN_TEXTS = "\n"


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
    standing: Standing

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
    async with services.db.write() as uow:
        try:
            conversation = await lock_conversation(uow.session, conversation_id)
        except NotFound:  # erased meanwhile
            return None
        pending = await pending_messages(uow.session, conversation_id) if _is_free(conversation, uow.now) else ()
        if not pending:
            return None
        standing = await look(uow, conversation, pending[0].seq)
        held = _take(services, conversation, pending, standing, uow.now)
        await uow.commit()
    return held


async def claim_for(services: Services, uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Have `message`, stored in this unit, answered once it is committed: the claim is taken in the same unit.

    The conversation's row is locked. Where nobody here would answer (the service starts or ends), or another
    holds the claim, only its news is told.
    """
    held = None
    if services.bus.is_heard(PENDING) and _is_free(conversation, uow.now):
        standing = await look(uow, conversation, message.seq)
        pending = await pending_messages(uow.session, conversation.id) if standing.is_more else [message]
        held = _take(services, conversation, pending, standing, uow.now)
    wake(uow, message, held)


def _is_free(conversation: Conversation, now: datetime) -> bool:
    return conversation.turn_until is None or conversation.turn_until < now


def _take(
    services: Services, conversation: Conversation, pending: Sequence[Message], standing: Standing, now: datetime
) -> Claim:
    lately = begin_if_over(conversation, pending, services.settings.session_idle_hours)
    conversation.turn_no += 1
    conversation.turn_until = now + timedelta(seconds=services.settings.claim_seconds)
    return Claim(
        conversation_id=conversation.id,
        turn_no=conversation.turn_no,
        state=State(conversation.state),
        messages=tuple(together(pending, services.settings.burst_seconds)),
        dialogue=conversation.dialogue,
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        session_no=conversation.session_no,
        opens_session=not has_been_answered(conversation),
        greeted_lately=lately,
        standing=standing,
    )


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
    try:
        conversation = await lock_conversation(uow.session, held.conversation_id)
    except NotFound as erased:
        raise _lost(held) from erased
    if conversation.turn_no != held.turn_no:
        raise _lost(held)
    conversation.turn_until = None
    return conversation


def _lost(held: Claim) -> TurnLost:
    return TurnLost(why=f"turn {held.turn_no} of {held.conversation_id} has passed on")


async def release(services: Services, held: Claim) -> None:
    """Give the claim up without an answer, for whoever looks next."""
    async with services.db.write() as uow:
        await give_up(uow, held)
        await uow.commit()


@asynccontextmanager
async def renewed(services: Services, held: Claim) -> AsyncIterator[None]:
    """Keep the claim from lapsing for as long as the block lasts."""
    async with after(services.settings.claim_seconds / 3, partial(_renew, services, held)):
        yield


async def _renew(services: Services, held: Claim) -> None:
    seconds = services.settings.claim_seconds
    while True:
        until = services.clock.now() + timedelta(seconds=seconds)
        async with services.db.write() as uow:
            await uow.session.execute(
                update(Conversation)
                .where(Conversation.id == held.conversation_id, Conversation.turn_no == held.turn_no)
                .where(Conversation.turn_until.is_not(None))
                .values(turn_until=until)
            )
            await uow.commit()
        await asyncio.sleep(seconds / 3)
