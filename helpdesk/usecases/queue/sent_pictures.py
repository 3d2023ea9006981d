"""A picture that staff send a customer: drawn anew, kept in the conversation, and sent as a message of theirs."""

from __future__ import annotations

from sqlalchemy import select

from helpdesk.disk import check_room
from helpdesk.errors import Conflict
from helpdesk.model.conversation import Author
from helpdesk.model.rights import Deed
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Message, Staff
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.conversations.receive import check_name
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.queue.replies import tell


async def require(services: Services, conversation_id: str, staff: Staff) -> None:
    """Refuse whoever may not write to this customer, before a picture is read.

    Raises:
        NotFound, Conflict, NotAllowed: see `served.own`.
    """
    async with services.db.write() as uow:
        await own(uow, conversation_id, staff, Deed.REPLY)


async def send(services: Services, conversation_id: str, staff: Staff, content: bytes, client_id: str) -> Message:
    """Send a picture once per `client_id`.

    Raises:
        InvalidInput: the bytes are no picture of a kind we show. Conflict: `client_id` stands for words.
        NotFound, NotAllowed: see `served.own`. NoRoom, TooManyTries.
    """
    check_name(client_id, "client_id")
    check_room(services.settings)
    drawn = await services.studio.redraw(content)
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.REPLY)
        sent = await known(uow, conversation, client_id)
        if sent is not None:
            return sent
        image = await pictures.keep_for(services, uow, {"conversation_id": conversation.id}, drawn)
        message, _ = await tell(uow, conversation, staff, Say(image=image), client_id)
        await uow.commit()
    return message


async def known(uow: UnitOfWork, conversation: Conversation, client_id: str, kind: str | None = None) -> Message | None:
    """The picture that was sent under this id already, or what `custom` calls `kind`.

    Raises:
        Conflict: it was another sort of message.
    """
    query = select(Message).where(
        Message.conversation_id == conversation.id, Message.author == Author.STAFF, Message.external_id == client_id
    )
    found = await uow.session.scalar(query)
    if found is not None and (found.image is None if kind is None else (found.custom or {}).get("kind") != kind):
        raise Conflict("client_id_used", client_id=client_id)
    return found
