"""Pictures that customers send: kept in the database, shown to their own session and to staff, evidence on a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.disk import MEGABYTE, check_room
from helpdesk.door.redraw import Drawn
from helpdesk.errors import NotFound, TooManyTries
from helpdesk.model.conversation import Author
from helpdesk.model.field import known
from helpdesk.model.matter import Matter
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import find_conversation
from helpdesk.store.tables import Conversation, Message, Picture, Ticket, new_id
from helpdesk.usecases.conversations.receive import conversation_of

AN_HOUR = 30  # pictures that one conversation may send
WINDOW = timedelta(hours=1)
A_DAY = timedelta(days=1)
EVIDENCE = "evidence"
ADDRESS = "/pictures/"


def address(picture_id: str) -> str:
    """Where a picture is shown; `Message.image` holds it."""
    return ADDRESS + picture_id


async def check_rate(services: Services, channel: str, sender: str) -> None:
    """Refuse a flood before its bytes are read.

    Raises:
        TooManyTries: `AN_HOUR` pictures came within an hour.
    """
    async with services.db.read() as uow:
        conversation = await find_conversation(uow.session, channel, sender)
        if conversation is not None:
            await _check_rate(uow, conversation)


async def _check_rate(uow: UnitOfWork, conversation: Conversation) -> None:
    query = select(func.count()).where(Picture.conversation_id == conversation.id, Picture.at > uow.now - WINDOW)
    if int(await uow.session.scalar(query) or 0) >= AN_HOUR:
        raise TooManyTries("pictures_of_an_hour", most=AN_HOUR, retry_after_s=int(WINDOW.total_seconds()))


async def _check_day(services: Services, uow: UnitOfWork) -> None:
    """What everybody may send in a day has an end, or a crowd of free sessions fills the disk."""
    query = select(func.sum(func.length(Picture.content))).where(Picture.at > uow.now - A_DAY)
    if int(await uow.session.scalar(query) or 0) >= services.settings.pictures_a_day * MEGABYTE:
        raise TooManyTries("pictures_of_a_day", retry_after_s=int(WINDOW.total_seconds()))


async def keep(services: Services, channel: str, sender: str, content: bytes) -> str:
    """Store a picture of the sender's conversation, drawn anew; its id.

    Raises:
        InvalidInput: the bytes are no picture of a kind we show. TooManyTries: see `check_rate`. NoRoom.
    """
    check_room(services.settings)
    drawn = await services.studio.redraw(content)
    async with services.db.write() as uow:
        conversation = await conversation_of(uow, channel, sender)
        await _check_rate(uow, conversation)
        await _check_day(services, uow)
        picture = Picture(
            id=new_id(),
            conversation_id=conversation.id,
            content_type=drawn.content_type,
            content=drawn.content,
            at=uow.now,
        )
        uow.session.add(picture)
        await uow.commit()
    return picture.id


async def keep_for(services: Services, uow: UnitOfWork, owner: Mapping[str, str], drawn: Drawn) -> str:
    """Store a picture, drawn anew, in a conversation or on a ticket; its address.

    `owner`: {"conversation_id": ...} or {"number": ...}.

    Raises:
        TooManyTries: nothing more fits today.
    """
    return address(await keep_bytes(services, uow, owner, drawn.content_type, drawn.content))


async def keep_bytes(
    services: Services, uow: UnitOfWork, owner: Mapping[str, str], content_type: str, content: bytes
) -> str:
    """Store a picture or a file as it is; its id.

    Raises:
        TooManyTries: nothing more fits today.
    """
    await _check_day(services, uow)
    kept = Picture(id=new_id(), content_type=content_type, content=content, at=uow.now, **owner)
    uow.session.add(kept)
    await uow.session.flush()
    return kept.id


async def own(services: Services, channel: str, sender: str, picture_id: str) -> Picture:
    """A picture that this sender sent, without its bytes.

    Raises:
        NotFound: unknown and foreign pictures look the same.
    """
    async with services.db.read() as uow:
        picture = await uow.session.get(Picture, picture_id)
        conversation = await find_conversation(uow.session, channel, sender)
        if picture is None or conversation is None or picture.conversation_id != conversation.id:
            raise NotFound("picture_not_found")
    return picture


async def any_of(services: Services, picture_id: str) -> Picture:
    """A picture for staff, without its bytes.

    Raises:
        NotFound.
    """
    async with services.db.read() as uow:
        picture = await uow.session.get(Picture, picture_id)
        if picture is None:
            raise NotFound("picture_not_found")
    return picture


async def content(services: Services, picture_id: str) -> bytes:
    """A picture's bytes, for who may see them."""
    async with services.db.read() as uow:
        return (await uow.session.execute(select(Picture.content).where(Picture.id == picture_id))).scalar_one()


# ---------------------------------------------------------------- evidence


def added(value: object, picture: str) -> list[str]:
    """A ticket's field `evidence` with one more picture."""
    return [*(one for line in _lines(known(value)) if (one := line.strip())), picture]


async def with_evidence(services: Services, uow: UnitOfWork, conversation: Conversation, matter: Matter) -> Matter:
    """The matter with the pictures that were sent for it: its field `evidence` is then [words..., address...].

    Those of this session that no earlier ticket of the conversation has had the chance to take; of earlier sessions
    too when a picture answered the question then and the form was finished days later.
    """
    said = known(matter.fields.get(EVIDENCE))
    words = [one for line in _lines(said) if (one := line.strip())]
    label = services.wording.render("picture_label")
    sent = await _pictures(uow, conversation, of_any_session=label in words)
    if not sent:
        return matter
    told = [word for word in words if word != label and word not in sent]
    return replace(matter, fields={**matter.fields, EVIDENCE: [*told, *sent]})


def _lines(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value or "").splitlines()


async def _pictures(uow: UnitOfWork, conversation: Conversation, *, of_any_session: bool) -> Sequence[str]:
    """The addresses of pictures since the conversation's last ticket, oldest first."""
    opened = select(func.max(Ticket.created_at)).where(Ticket.conversation_id == conversation.id)
    last = await uow.session.scalar(opened)
    query = select(Message.image).where(
        Message.conversation_id == conversation.id, Message.author == Author.CUSTOMER, Message.image.is_not(None)
    )
    if not of_any_session:
        query = query.where(Message.session_no == conversation.session_no)
    if last is not None:
        query = query.where(Message.at > last)
    return [image for image in (await uow.session.scalars(query.order_by(Message.seq))).all() if image]
