"""When a conversation begins anew, and how the service asks the bot to speak first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk.model import dialogue
from helpdesk.model.conversation import Author, Move, State, after
from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import add_messages
from helpdesk.store.tables import Conversation, Message, new_id
from helpdesk.usecases.conversations.speak import take_seq
from helpdesk.usecases.conversations.wake import wake

STILL_GREETED = timedelta(minutes=30)  # whoever comes back sooner is not welcomed a second time


def begin_if_over(conversation: Conversation, pending: Sequence[Message], idle_hours: float) -> bool:
    """Open a new session for `pending` if the last one is over.

    Over means closed, or with the bot and silent for `idle_hours`. A rating, given after the end, belongs
    to the session it rates. Returns whether the customer was last heard a moment before.
    """
    first = pending[0]
    last = conversation.last_customer_at
    if _is_after_the_end(first) or not _is_over(conversation, first.at, timedelta(hours=idle_hours)):
        return False
    if conversation.state == State.CLOSED:
        conversation.state = after(State.CLOSED, Move.REOPEN)
        conversation.closed_at = None
    conversation.session_no += 1
    conversation.opened_at = first.at
    conversation.dialogue = dialogue.new_session(conversation.dialogue)
    for message in pending:
        message.session_no = conversation.session_no
    return last is not None and first.at - last < STILL_GREETED


def has_been_answered(conversation: Conversation) -> bool:
    """Whether a customer's message of this session was already dealt with."""
    last = conversation.last_customer_at
    return last is not None and last >= conversation.opened_at


def _is_after_the_end(message: Message) -> bool:
    press = (message.input or {}).get("press") or {}
    return press.get("service") == "rate"


def _is_over(conversation: Conversation, at: datetime, idle: timedelta) -> bool:
    if conversation.state == State.CLOSED:
        return True
    last = conversation.last_customer_at
    return conversation.state == State.BOT and last is not None and at - last > idle


async def request_start(uow: UnitOfWork, conversation: Conversation, start: str) -> Message:
    """Ask the bot to speak first (`open`, `subscribe`, `return`, `staff_released`), once the unit is committed.

    It is stored like a customer's message, so that it is answered once and survives a crash like one.
    """
    seq = await take_seq(uow, conversation, 1)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        session_no=conversation.session_no,
        seq=seq,
        author=Author.CUSTOMER,
        input={"start": start},
        at=uow.now,
    )
    await add_messages(uow.session, [message])
    wake(uow, message)
    return message
