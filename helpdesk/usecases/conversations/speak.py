"""Say something to a customer: store it in its place, and hand it to channels that must be called."""

from __future__ import annotations

import secrets
import string
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from helpdesk.model.conversation import Author
from helpdesk.model.say import Choice, Say
from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import add_messages
from helpdesk.store.queries import is_locked, note_lock
from helpdesk.store.tables import Conversation, Message, Outbox, new_id

CALLED_CHANNELS = frozenset({"wechat"})  # the others come and fetch
OPEN_REQUEST = timedelta(seconds=4.5)  # so long the request that brought a message may still carry its answer back
PAYLOAD_ALPHABET = string.ascii_letters + string.digits
PAYLOAD_PREFIX = "b:"
PAYLOAD_LENGTH = 8


PROCESSED = "processed:"
DUE = "outbox"  # the topic on which it is announced that a message waits to be sent, and from when (`at`) on

Answered = tuple[Message | None, list[str]]
"""The customer's message that is answered, and the ids its client gave to all that are answered at once."""


def processed(message_id: str) -> str:
    """The topic on which the `answer` to a customer's message is announced, as the list of messages it is.

    Without an answer it says only that there is one: another process wrote it.
    """
    return PROCESSED + message_id


async def say(
    uow: UnitOfWork,
    conversation: Conversation,
    says: Sequence[Say],
    *,
    answers: Message | None,
    in_reply_to: list[str],
) -> list[Message]:
    """Store `says` at the end of the conversation; empty ones are left out.

    `answers` is the customer's message they answer (None when staff or the service speaks first), and
    `in_reply_to` the ids its client gave to all messages answered at once.
    """
    spoken = [one for one in says if one.text or one.buttons or one.image or one.custom]
    first = await take_seq(uow, conversation, len(spoken))
    messages = [
        _message(conversation, one, first + place, (answers, in_reply_to), uow.now) for place, one in enumerate(spoken)
    ]
    await add_messages(uow.session, messages)
    for message in messages:
        _send(uow, conversation, message, answers)
    return messages


async def take_seq(uow: UnitOfWork, conversation: Conversation, count: int) -> int:
    """Reserve `count` places at the end of a conversation; the first of them.

    Two processes never get the same place: whose unit has the row for itself counts on, and the count is written with
    whatever else changes in the row; any other takes the row with the statement that counts.
    """
    if is_locked(uow.session, conversation.id):
        conversation.last_seq += count
        return conversation.last_seq - count + 1
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation.id)
        .values(last_seq=Conversation.last_seq + count)
        .returning(Conversation.last_seq)
        .execution_options(synchronize_session=False)
    )
    last = (await uow.session.execute(statement)).scalar_one()
    set_committed_value(conversation, "last_seq", last)
    note_lock(uow.session, conversation.id)
    return last - count + 1


def _message(conversation: Conversation, say: Say, seq: int, to: Answered, now: datetime) -> Message:
    answers, in_reply_to = to
    return Message(
        id=say.id or new_id(),
        conversation_id=conversation.id,
        session_no=conversation.session_no,
        seq=seq,
        author=say.author,
        staff_id=say.staff_id,
        text=say.text,
        buttons=[_button(choice) for choice in say.buttons] or None,
        image=say.image,
        custom=say.custom,
        in_reply_to=in_reply_to,
        answers=answers.id if answers else None,
        at=now,
    )


def _button(choice: Choice) -> dict[str, Any]:
    return {"title": choice.title, "payload": new_payload(), "press": choice.press}


def new_payload() -> str:
    """A payload that says nothing of what pressing it means."""
    return PAYLOAD_PREFIX + "".join(secrets.choice(PAYLOAD_ALPHABET) for _ in range(PAYLOAD_LENGTH))


def _send(uow: UnitOfWork, conversation: Conversation, message: Message, answers: Message | None) -> None:
    if conversation.channel in CALLED_CHANNELS and message.author != Author.CUSTOMER:
        at = _not_before(answers, uow.now)
        uow.session.add(
            Outbox(message_id=message.id, conversation_id=conversation.id, channel=conversation.channel, next_at=at)
        )
        uow.announce(DUE, at=at)
    uow.announce("message", conversation_id=conversation.id, message_id=message.id)


def _not_before(answers: Message | None, now: datetime) -> datetime:
    """An answer leaves its customer's open request the first try; what nobody asked for goes at once."""
    return max(now, answers.at + OPEN_REQUEST) if answers and answers.external_id else now
