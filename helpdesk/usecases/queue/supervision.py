"""What a supervisor does in a conversation of others: whisper to whoever serves, give the customer to somebody."""

from __future__ import annotations

from helpdesk.errors import Conflict
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Audit, Conversation, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.notes import NOTE
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.people.rights import require_in_house
from helpdesk.usecases.queue import handover

WHISPER = "whisper"
ASSIGNED = "assigned"
"""Why somebody has a customer whom a supervisor gave them."""


async def whisper(services: Services, conversation_id: str, text: str, by: Staff) -> Audit:
    """Tell whoever serves something that the customer never sees; it stays with the conversation's notes.

    Raises:
        NotAllowed: whoever does not lead. NotFound: no such conversation. Conflict: nobody serves it.
    """
    require_in_house(by, Deed.SUPERVISE)
    now = services.clock.now()
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        if conversation.staff_id is None:
            raise Conflict("nobody_serves", state=conversation.state)
        detail = {"text": text, "to": conversation.staff_id}
        row = Audit(at=now, actor=audit.by_staff(by.id), action=NOTE, subject=conversation_id, detail=detail)
        uow.session.add(row)
        uow.announce("conversation", conversation_id=conversation_id)
        uow.announce(WHISPER, conversation_id=conversation_id)
        await uow.commit()
    return row


async def assign_to(services: Services, conversation_id: str, staff_id: str, by: Staff) -> Conversation:
    """Give a customer to a colleague: from the queue, from the bot, or from another colleague.

    Raises:
        NotAllowed: whoever does not lead. NotFound: no such colleague or conversation. Conflict: they are not on
        duty, full, or serve the customer already. MoveRefused: the conversation is closed.
    """
    require_in_house(by, Deed.SUPERVISE)
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        other = await locked_person(uow, staff_id)
        if conversation.staff_id is None:
            handover.refuse_away(other, uow.now)
            audit.note(uow, audit.by_staff(by.id), "customer_assigned", conversation_id, to=staff_id)
            await uow.commit()
    if conversation.staff_id is not None:
        return await handover.transfer(services, conversation_id, staff_id, by)
    return await handover.take(services, conversation_id, other, ASSIGNED)
