"""A word of staff's taken back: the customer sees that something was, and what it was is kept in the audit."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, NotFound
from helpdesk.model.conversation import Author
from helpdesk.model.promise import PromiseState
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Message, Picture, Staff
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.conversations.outgoing import withdraw
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.detected import made_by_reply

WITHIN = timedelta(minutes=2)
RECALLED = "recalled"
"""The `kind` of what a message holds in place of its words."""


async def recall(services: Services, conversation_id: str, message_id: str, staff: Staff) -> Message:
    """Take back one's own message; once more is no error. Its words leave the conversation and the search, a picture is
    shown to nobody any more, and promises read in it that nothing has come of are none.

    Raises:
        NotFound: no such message of this person. Conflict: too late, already on the customer's phone, or nobody serves.
        NotAllowed: a colleague serves this customer.
    """
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.REPLY)
        message = await _mine(uow, conversation, message_id, staff)
        if is_recalled(message):
            return message
        await _refuse(uow, message)
        await _take_back(uow, message, staff)
        for topic in ("recalled", "message"):
            uow.announce(topic, conversation_id=conversation.id, message_id=message.id)
        await uow.commit()
    return message


def is_recalled(message: Message) -> bool:
    """Whether a message was taken back."""
    return (message.custom or {}).get("kind") == RECALLED


async def _mine(uow: UnitOfWork, conversation: Conversation, message_id: str, staff: Staff) -> Message:
    message = await uow.session.get(Message, message_id)
    is_theirs = message is not None and message.conversation_id == conversation.id and message.staff_id == staff.id
    if message is None or not is_theirs or message.author != Author.STAFF:
        raise NotFound("message_not_yours", message_id=message_id)
    return message


async def _refuse(uow: UnitOfWork, message: Message) -> None:
    if uow.now - message.at > WITHIN:
        raise Conflict("recall_too_late", at=message.at.isoformat())
    if not await withdraw(uow, message.id):
        raise Conflict("recall_impossible")


async def _take_back(uow: UnitOfWork, message: Message, staff: Staff) -> None:
    kept = {"text": message.text, "message": message.id, "image": message.image is not None}
    audit.note(uow, audit.by_staff(staff.id), "message_recalled", message.conversation_id, **kept)
    for promise in await made_by_reply(uow.session, message):
        if promise.state == PromiseState.OPEN:
            await uow.session.delete(promise)
    shown = (message.custom or {}).get("file") or (message.image or "").removeprefix(pictures.ADDRESS)
    if shown:
        await uow.session.execute(delete(Picture).where(Picture.id == shown))
    message.text, message.image, message.buttons = "", None, None
    message.custom = {"kind": RECALLED}
    await uow.session.flush()


async def recalled_in(session: AsyncSession, conversation: Conversation) -> list[str]:
    """The ids of what was taken back in the talk that is going on: a window that was offline has shown it."""
    query = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.session_no == conversation.session_no,
        Message.author == Author.STAFF,
        Message.custom["kind"].as_string() == RECALLED,
    )
    return list((await session.scalars(query)).all())
