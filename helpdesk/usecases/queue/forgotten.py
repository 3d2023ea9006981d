"""「忘记我」: a customer clears the chat from their browser. Nobody waits for them any more, nor talks to nobody."""

from __future__ import annotations

from helpdesk.model.conversation import Author, State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.queue.queueing import leave

FORGOTTEN = "browser_forgotten"


async def browser_forgot(services: Services, conversation_id: str) -> None:
    """Leave the queue, or tell whoever serves that the customer is gone; what was registered goes on."""
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        if conversation.state == State.WAITING:
            await leave(uow, conversation)
        elif conversation.state == State.STAFF:
            gone = Say(services.wording.render("customer_forgot"), Author.SYSTEM)
            await say(uow, conversation, [gone], answers=None, in_reply_to=[])
        audit.note(uow, audit.CUSTOMER, FORGOTTEN, conversation_id)
        uow.announce("forgotten", conversation_id=conversation_id)
        await uow.commit()
