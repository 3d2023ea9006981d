"""The shapes of what the web chat sends; frontend/widget/src/wire.ts is the other side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Author, State
from helpdesk.store.tables import AnswerRating, Conversation, Message, Rating, ReadMark, Staff
from helpdesk.usecases.people.duty import is_reachable
from helpdesk.usecases.queue.position import position_in_queue
from helpdesk.usecases.ratings.answers import FAQ_ANSWER

PAGE = 200  # messages told at once
FRESH: dict[str, Any] = {"state": str(State.BOT), "staff": None, "queue": None, "read_seq": 0, "rated": False}


def is_shown(message: Message) -> bool:
    """Whether the customer sees it: a request that the bot speak first is stored like a message, but nobody said it."""
    return not (message.author == Author.CUSTOMER and "start" in (message.input or {}))


def customer_message(message: Message) -> dict[str, Any]:
    """The customer's own words, as `customer_uttered` tells them to every window of the session."""
    own = {**_common(message), "client_id": message.external_id}
    if not message.image:
        return own
    words = "" if "unspoken" in (message.input or {}) else message.text
    return {**own, "text": words, "attachment": _attachment(message.image)}


def told_message(
    message: Message, staff: Mapping[str, Staff], helped: Mapping[str, bool] | None = None
) -> dict[str, Any]:
    """What the customer was told, in the shape of Rasa's `bot_uttered` with ours added."""
    speaker = staff.get(message.staff_id or "")
    told = {
        **_common(message),
        "quick_replies": [_quick_reply(button) for button in message.buttons or ()],
        "in_reply_to": message.in_reply_to or [],
        "custom": message.custom,
        "staff": {"name": speaker.name, "number": speaker.number} if speaker else None,
    }
    if is_answer(message):
        told["helpful"] = (helped or {}).get(message.id)
    return {**told, "attachment": _attachment(message.image)} if message.image else told


def _common(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "seq": message.seq,
        "at": message.at.isoformat(),
        "author": str(Author(message.author)),
        "text": message.text,
    }


def _quick_reply(button: Mapping[str, Any]) -> dict[str, str]:
    return {"content_type": "text", "title": button["title"], "payload": button["payload"]}


def _attachment(image: str) -> dict[str, Any]:
    return {"type": "image", "payload": {"src": image}}


async def shapes(session: AsyncSession, messages: Iterable[Message]) -> list[tuple[str, dict[str, Any]]]:
    """(event, data) of each message that is shown, in order."""
    shown = [message for message in messages if is_shown(message)]
    staff = await _speakers(session, shown)
    helped = await _helped(session, shown)
    return [
        ("customer_uttered", customer_message(message))
        if message.author == Author.CUSTOMER
        else ("bot_uttered", told_message(message, staff, helped))
        for message in shown
    ]


async def _speakers(session: AsyncSession, messages: Sequence[Message]) -> dict[str, Staff]:
    ids = {message.staff_id for message in messages if message.staff_id}
    if not ids:
        return {}
    found = (await session.scalars(select(Staff).where(Staff.id.in_(ids)))).all()
    return {one.id: one for one in found}


def is_answer(message: Message) -> bool:
    """Whether it is an answer of the knowledge base, which the customer may call helpful or not."""
    return (message.custom or {}).get("kind") == FAQ_ANSWER


async def _helped(session: AsyncSession, messages: Sequence[Message]) -> dict[str, bool]:
    """What the customer said of answers, by message."""
    ids = [message.id for message in messages if is_answer(message)]
    if not ids:
        return {}
    query = select(AnswerRating.message_id, AnswerRating.helpful).where(AnswerRating.message_id.in_(ids))
    return dict((await session.execute(query)).all())


async def said_after(
    session: AsyncSession, conversation_id: str, seq: int, whole: bool = False
) -> tuple[list[Message], bool]:
    """Up to a page of messages after `seq`, oldest first, and whether there are more.

    From the start (`seq` 0) it is the newest page: nobody scrolls through years to reach today. `whole`: it is the
    oldest, for who wants them all.
    """
    query = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    if seq == 0 and not whole:
        newest = (await session.scalars(query.order_by(Message.seq.desc()).limit(PAGE))).all()
        return list(reversed(newest)), False
    found = (await session.scalars(query.order_by(Message.seq).limit(PAGE + 1))).all()
    return list(found[:PAGE]), len(found) > PAGE


async def snapshot(session: AsyncSession, conversation: Conversation | None, now: datetime) -> dict[str, Any]:
    """How a conversation stands, whole, for the `conversation` event."""
    if conversation is None:
        return FRESH
    marks = await session.get(ReadMark, conversation.id)
    return {
        "state": conversation.state,
        "staff": await _serving(session, conversation, now),
        "queue": await _place(session, conversation, now),
        "read_seq": marks.staff_seq if marks else 0,
        "rated": await _is_rated(session, conversation),
    }


async def _serving(session: AsyncSession, conversation: Conversation, now: datetime) -> dict[str, Any] | None:
    if conversation.state != State.STAFF or conversation.staff_id is None:
        return None
    staff = await session.get_one(Staff, conversation.staff_id)
    return {"name": staff.name, "number": staff.number, "present": is_reachable(staff, now)}


async def _place(session: AsyncSession, conversation: Conversation, now: datetime) -> dict[str, Any] | None:
    if conversation.state != State.WAITING:
        return None
    place = await position_in_queue(session, now, conversation_id=conversation.id)
    return {"position": place.position, "estimate_s": place.estimate_s}


async def _is_rated(session: AsyncSession, conversation: Conversation) -> bool:
    query = select(Rating.id).where(
        Rating.conversation_id == conversation.id, Rating.session_no == conversation.session_no
    )
    return await session.scalar(query) is not None
