"""Remarks among colleagues: kept with the audit, never part of what a customer is told."""

from __future__ import annotations

from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Audit, Staff
from helpdesk.usecases.journal import audit

NOTE = "conversation_note"


async def note_conversation(services: Services, conversation_id: str, text: str, by: Staff) -> Audit:
    """Write a remark about a conversation.

    Raises:
        NotFound: there is no such conversation.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        await lock_conversation(uow.session, conversation_id)
        row = Audit(at=now, actor=audit.by_staff(by.id), action=NOTE, subject=conversation_id, detail={"text": text})
        uow.session.add(row)
        uow.announce("conversation", conversation_id=conversation_id)
        await uow.commit()
    return row
