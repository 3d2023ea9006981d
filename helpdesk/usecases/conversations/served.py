"""Who serves a conversation may act in it: staff that have taken it, and supervisors."""

from __future__ import annotations

from helpdesk.errors import Conflict, NotAllowed
from helpdesk.model.conversation import State
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Staff

SUPERVISORS = frozenset({"supervisor", "admin"})


async def own(uow: UnitOfWork, conversation_id: str, staff: Staff, *, or_supervisor: bool = True) -> Conversation:
    """The conversation, locked, if `staff` may act in it.

    Raises:
        NotFound: no such conversation. Conflict: nobody serves it. NotAllowed: a colleague does.
    """
    conversation = await lock_conversation(uow.session, conversation_id)
    if conversation.state != State.STAFF:
        raise Conflict("请先接手这位客户", state=conversation.state)
    if conversation.staff_id != staff.id and not (or_supervisor and staff.role in SUPERVISORS):
        raise NotAllowed("这位客户由同事服务", served_by=conversation.staff_id)
    return conversation
