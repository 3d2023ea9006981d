"""Who serves a conversation may act in it; for some deeds supervisors may too (helpdesk/model/rights.py)."""

from __future__ import annotations

from helpdesk.errors import Conflict, NotAllowed
from helpdesk.model import rights
from helpdesk.model.conversation import State
from helpdesk.model.rights import Deed
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Staff


async def own(uow: UnitOfWork, conversation_id: str, staff: Staff, deed: Deed) -> Conversation:
    """The conversation, locked, if `staff` may do this in it.

    Raises:
        NotFound: no such conversation. Conflict: nobody serves it. NotAllowed: a colleague does.
    """
    conversation = await lock_conversation(uow.session, conversation_id)
    if conversation.state != State.STAFF:
        raise Conflict("take_first", state=conversation.state)
    check(conversation, staff, deed)
    return conversation


def check(conversation: Conversation, staff: Staff, deed: Deed) -> None:
    """Refuse whoever may not do this in a conversation.

    Raises:
        NotAllowed: a colleague serves it.
    """
    serves = conversation.state == State.STAFF and conversation.staff_id == staff.id
    if not rights.may(deed, rights.to_served(staff.role, serves=serves)):
        raise NotAllowed("served_by_colleague", deed=deed, served_by=conversation.staff_id)
