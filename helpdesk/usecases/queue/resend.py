"""The way out at a message that did not arrive: once more, because a person says so."""

from __future__ import annotations

from helpdesk.errors import NotFound
from helpdesk.model.conversation import Author
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.tables import Message, Staff
from helpdesk.usecases.conversations.outgoing import send_again
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.journal import audit


async def resend(services: Services, conversation_id: str, message_id: str, staff: Staff) -> Message:
    """Put a message that was refused, or of which nobody knows, on its way again.

    Raises:
        NotFound: no such message of ours. Conflict: it has arrived, is under way, goes by itself later,
        or nobody serves. NotAllowed: a colleague serves this customer.
    """
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.REPLY)
        message = await uow.session.get(Message, message_id)
        if message is None or message.conversation_id != conversation.id or message.author == Author.CUSTOMER:
            raise NotFound("message_not_found", message_id=message_id)
        await send_again(uow, message.id)
        audit.note(uow, audit.by_staff(staff.id), "message_resent", conversation.id, message=message.id)
        uow.announce("message", conversation_id=conversation.id, message_id=message.id)
        await uow.commit()
    return message
