"""Pictures that customers send: fetched while WeChat has them, drawn anew, and kept like those of the web chat.

WeChat hands over an address of its own, which is anybody's to open and gone some day, and an id that is good for three
days. The id stands in the message's `input` until its picture is here; a process that dies leaves it to be found.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy import select

from helpdesk.background import in_background
from helpdesk.channels.wechat.account import CHANNEL, Account
from helpdesk.door.redraw import Drawn
from helpdesk.errors import ChannelFailed, InvalidInput, TooManyTries
from helpdesk.model.conversation import Author
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Message
from helpdesk.usecases.conversations import pictures

log = structlog.get_logger(__name__)

MEDIA = "media_id"
CAME = "wechat_picture"
"""The topic on which this process is told that a picture waits to be fetched."""
GOOD_FOR = timedelta(days=3)
LOOK_SECONDS = 30.0
BATCH = 20


def remember(uow: UnitOfWork, message: Message, media_id: str) -> None:
    """A picture came: it is fetched as soon as its message is stored."""
    message.input = {**(message.input or {}), MEDIA: media_id}
    uow.announce(CAME, message_id=message.id)


@asynccontextmanager
async def keeping(services: Services) -> AsyncIterator[None]:
    """Fetch pictures for as long as the block lasts; nothing to do where the channel is off."""
    account = Account.of(services)
    if account is None:
        yield
        return
    async with in_background(_keep_all(services, account)):
        yield


async def _keep_all(services: Services, account: Account) -> None:
    async with services.bus.subscribe(CAME) as feed:
        while True:
            try:
                for message_id in await _waiting(services):
                    await keep(services, account, message_id)
            except Exception:
                log.exception("pictures_not_kept")
            await feed.wait(LOOK_SECONDS)


async def _waiting(services: Services) -> Sequence[str]:
    """Messages whose picture is not here yet, the newest first."""
    query = (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.at > services.clock.now() - GOOD_FOR, Conversation.channel == CHANNEL)
        .where(Message.author == Author.CUSTOMER, Message.input[MEDIA].as_string().is_not(None))
        .order_by(Message.at.desc())
        .limit(BATCH)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def keep(services: Services, account: Account, message_id: str) -> None:
    """Fetch one; what WeChat has no more, or is no picture, keeps WeChat's address. What cannot be had now is left."""
    async with services.db.read() as uow:
        message = await uow.session.get(Message, message_id)
        media_id = (message.input or {}).get(MEDIA) if message else None
    if message is None or media_id is None:
        return
    try:
        content = await account.api.download(media_id)
        drawn = await services.studio.redraw(content) if content else None
    except InvalidInput as problem:
        log.warning("picture_not_read", error=str(problem))
        drawn = None
    except (ChannelFailed, TooManyTries) as problem:
        log.warning("picture_not_fetched", error=str(problem))
        return
    await _store(services, message, media_id, drawn)


async def _store(services: Services, fetched: Message, media_id: str, drawn: Drawn | None) -> None:
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, fetched.conversation_id)
        message = await uow.session.get_one(Message, fetched.id)
        if (message.input or {}).get(MEDIA) != media_id:  # another process was first, or it was erased
            return
        if drawn is not None:
            owner = {"conversation_id": conversation.id}
            message.image = await pictures.keep_for(services, uow, owner, drawn)
        message.input = {name: value for name, value in (message.input or {}).items() if name != MEDIA} or None
        uow.announce("message", conversation_id=conversation.id, message_id=message.id)
        await uow.commit()
