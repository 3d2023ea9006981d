"""Receive a customer's message: keep it first, acknowledge it then, answer it once however often it comes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.exc import IntegrityError

from helpdesk.bus import News
from helpdesk.errors import Conflict, InvalidInput
from helpdesk.model.conversation import Author
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import add_messages
from helpdesk.store.queries import (
    answers_to,
    find_conversation,
    message_by_external_id,
    note_lock,
    with_choices,
)
from helpdesk.store.tables import Conversation, Customer, Identity, Message, new_id
from helpdesk.usecases.conversations.locks import claim_for
from helpdesk.usecases.conversations.speak import PAYLOAD_LENGTH, PAYLOAD_PREFIX, processed, take_seq
from helpdesk.usecases.conversations.wake import wake
from zhtext.values.secrets import blank_secrets

NAME_LIMIT = 128  # characters of a sender or of a message id
KEPT = "\n\t\u200d"
UNSEEN = frozenset({"Cc", "Cs", "Cf"})
_LINE_ENDS = re.compile("[\u2028\u2029]")
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINS_NOTHING = re.compile(f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")
RACES = 5  # how often two first messages of one sender may collide before we give up
_CUSTOMERS = cast(Table, Customer.__table__)
_SEEN = update(_CUSTOMERS).where(_CUSTOMERS.c.id == bindparam("customer")).values(last_seen_at=bindparam("now"))


@dataclass(frozen=True)
class Incoming:
    """A message as a channel hands it over. `message_id` is the client's own; without one we make one.

    `unspoken`: it is no words (an image, a place); `text` describes it for staff, and while the bot has the
    conversation the service itself answers, with this wording.
    """

    channel: str
    sender: str
    text: str
    message_id: str | None = None
    image: str | None = None
    unspoken: str | None = None
    stored_as: str = field(default_factory=new_id)  # our id of it, if it is stored now and no repeat


def clean(text: str) -> str:
    """Text without what nobody sees: NUL and control characters (but line breaks and tabs), halves of surrogate pairs,
    zero-width signs, and signs that turn the order of others round. What joins emoji stays."""
    text = _JOINS_NOTHING.sub("", _LINE_ENDS.sub("\n", text))
    kept = (sign for sign in text if sign in KEPT or unicodedata.category(sign) not in UNSEEN)
    return "".join(kept).strip()


def as_stored(text: str) -> str:
    """A customer's words as they are kept and passed on: cleaned, identity and card numbers, passwords blanked (PIPL).

    Nothing behind this door ever holds such a number: no row, no worker, no desk, no log.
    """
    return blank_secrets(clean(text))


def check_name(value: Any, what: str) -> str:
    """An identifier from outside: 1 to 128 printable characters.

    Raises:
        InvalidInput: it is anything else.
    """
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LIMIT or not value.isprintable() or not value.strip():
        raise InvalidInput("name_wrong", field=what, most=NAME_LIMIT)
    return value


async def receive(services: Services, incoming: Incoming) -> Message:
    """Store a message and wake whoever answers; a repeat is the message stored the first time.

    Raises:
        InvalidInput: sender or message id is unusable.
        Conflict: the message id already stands for another text.
    """
    check_name(incoming.sender, "sender")
    if incoming.message_id is not None:
        check_name(incoming.message_id, "message_id")
    for is_again in (False, *(RACES - 1) * [True]):
        try:
            return await _store(services, incoming, is_again)
        except IntegrityError:  # the same sender or message is there: look again
            continue
    raise Conflict("message_twice", message_id=incoming.message_id)


async def _store(services: Services, incoming: Incoming, is_again: bool) -> Message:
    """Few messages are repeats, and the database refuses those: it is asked for the first one only then."""
    async with services.db.write(urgent=True) as uow:
        conversation = await conversation_of(uow, incoming.channel, incoming.sender)
        message = await _repeat(uow, conversation, incoming) if is_again else None
        if message is None:
            message = await add(uow, conversation, incoming)
            await claim_for(services, uow, conversation, message)
        else:
            wake(uow, message)
        await uow.commit()
    return message


async def conversation_of(uow: UnitOfWork, channel: str, sender: str) -> Conversation:
    """The sender's conversation, locked; a stranger gets one."""
    known = await find_conversation(uow.session, channel, sender, lock=True)
    if known:
        return known
    customer = Customer(id=new_id(), created_at=uow.now, last_seen_at=uow.now)
    identity = Identity(id=new_id(), channel=channel, sender=sender, customer_id=customer.id, created_at=uow.now)
    conversation = Conversation(
        id=new_id(), identity_id=identity.id, customer_id=customer.id, channel=channel, opened_at=uow.now
    )
    for row in (customer, identity, conversation):
        uow.session.add(row)
        await uow.session.flush()
    note_lock(uow.session, conversation.id)
    return conversation


def is_stranger(conversation: Conversation) -> bool:
    """Nothing was ever said: there is nothing to look up either."""
    return conversation.last_seq == 0


async def _repeat(uow: UnitOfWork, conversation: Conversation, incoming: Incoming) -> Message | None:
    if incoming.message_id is None or is_stranger(conversation):
        return None
    message = await message_by_external_id(uow.session, conversation.id, incoming.message_id)
    if message and said(message) != as_stored(incoming.text):
        raise Conflict("message_id_used", message_id=incoming.message_id)
    return message


def said(message: Message) -> str:
    """What the client sent: a press is stored under its title."""
    return str((message.input or {}).get("payload") or message.text)


async def add(uow: UnitOfWork, conversation: Conversation, incoming: Incoming) -> Message:
    """Store a message that was not stored before, and tell of it; its conversation is locked."""
    text = as_stored(incoming.text)
    button = await _pressed(uow, conversation, text)
    if not is_stranger(conversation):
        await _seen(uow, conversation)
    message = Message(
        id=incoming.stored_as,
        conversation_id=conversation.id,
        session_no=conversation.session_no,
        seq=await take_seq(uow, conversation, 1),
        author=Author.CUSTOMER,
        external_id=incoming.message_id or incoming.stored_as,
        text=button["title"] if button else text,
        input=_input(incoming, button),
        image=incoming.image,
        at=uow.now,
    )
    with uow.session.no_autoflush:  # the conversation's row is written once, at the end
        await add_messages(uow.session, [message])
    uow.announce("message", conversation_id=conversation.id, message_id=message.id)
    return message


async def _seen(uow: UnitOfWork, conversation: Conversation) -> None:
    await uow.session.execute(_SEEN, {"customer": conversation.customer_id, "now": uow.now})


def _input(incoming: Incoming, button: dict[str, Any] | None) -> dict[str, Any] | None:
    if button:
        return {"press": button["press"], "payload": button["payload"]}
    return {"unspoken": incoming.unspoken} if incoming.unspoken else None


async def _pressed(uow: UnitOfWork, conversation: Conversation, text: str) -> dict[str, Any] | None:
    """The button this text is the payload of, among the last messages with choices."""
    if not text.startswith(PAYLOAD_PREFIX) or len(text) != len(PAYLOAD_PREFIX) + PAYLOAD_LENGTH:
        return None
    offered = await with_choices(uow.session, conversation.id)
    buttons: list[dict[str, Any]] = [button for message in offered for button in message.buttons or []]
    return next((button for button in buttons if button["payload"] == text), None)


async def wait_for_answer(services: Services, message: Message, seconds: float) -> list[Message] | None:
    """What was said in answer to `message`, or None when it is not dealt with in time.

    The bus tells; of answers that another process wrote, the dispatcher tells it.
    """
    async with services.bus.subscribe(processed(message.id)) as feed:
        answer = await _answer(services, message.id)
        if answer is not None:
            return answer
        return await _told(services, message, await feed.wait(seconds))


async def receive_and_wait(
    services: Services, incoming: Incoming, seconds: float
) -> tuple[Message, list[Message] | None]:
    """`receive`, then `wait_for_answer`; who listens before a new message is stored need not look first.

    Raises: as `receive`.
    """
    async with services.bus.subscribe(processed(incoming.stored_as)) as feed:
        message = await receive(services, incoming)
        if message.id == incoming.stored_as:
            return message, await _told(services, message, await feed.wait(seconds))
    return message, await wait_for_answer(services, message, seconds)


async def _told(services: Services, message: Message, news: News | None) -> list[Message] | None:
    """The answer that was announced; without an announcement, or with one from elsewhere, the database's."""
    if news and "answer" in news.data:
        return list(news.data["answer"])
    return await _answer(services, message.id)


async def _answer(services: Services, message_id: str) -> list[Message] | None:
    async with services.db.read() as uow:
        message = await uow.session.get_one(Message, message_id)
        return list(await answers_to(uow.session, message)) if message.processed_at else None
