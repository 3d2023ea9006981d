"""A person writes first: to a customer whose conversation has ended, as far as the channel lets anything through."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict
from helpdesk.model import dialogue
from helpdesk.model.conversation import Move, State, after
from helpdesk.model.delivery import WINDOWS
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation, sender_of
from helpdesk.store.tables import Conversation, Staff, WebSession
from helpdesk.usecases.journal import audit
from helpdesk.usecases.queue.handover import begin_service, refuse_if_full

SHUT = {"web": "shut_web", "wechat": "shut_wechat"}
"""The wording of why nothing gets through, by channel; the others are never shut."""
WRITTEN_AGAIN = "conversation_written_again"


async def shut(session: AsyncSession, conversation: Conversation, now: datetime) -> str | None:
    """The wording of why nothing can be written to this customer now; None where it can."""
    if not await _is_shut(session, conversation, now):
        return None
    return SHUT[conversation.channel]


async def _is_shut(session: AsyncSession, conversation: Conversation, now: datetime) -> bool:
    window, last = WINDOWS.get(conversation.channel), conversation.last_customer_at
    if window is not None:
        return last is None or now - last >= window
    if conversation.channel != "web":
        return False
    query = select(WebSession.expires_at).where(WebSession.sender == await sender_of(session, conversation))
    until = await session.scalar(query)
    return until is None or until <= now


async def write_again(services: Services, conversation_id: str, staff: Staff) -> Conversation:
    """Open a closed conversation to write to its customer; who has opened it has it, and once more is no error.

    Raises:
        Conflict: it is not closed, nothing gets through on its channel any more, or this person has as many as they
        may. NotFound.
    """
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        if conversation.state == State.STAFF and conversation.staff_id == staff.id:
            return conversation
        if conversation.state != State.CLOSED:
            raise Conflict("talk_not_over", state=conversation.state)
        why = await shut(uow.session, conversation, uow.now)
        if why is not None:
            raise Conflict(why, channel=conversation.channel)
        await refuse_if_full(uow, staff.id)
        await _open(services, uow, conversation, staff)
        await uow.commit()
    return conversation


async def _open(services: Services, uow: UnitOfWork, conversation: Conversation, staff: Staff) -> None:
    conversation.state = after(State.CLOSED, Move.WRITE_AGAIN)
    conversation.session_no += 1
    conversation.opened_at, conversation.closed_at = uow.now, None
    conversation.dialogue = dialogue.new_session(conversation.dialogue)
    audit.note(uow, audit.by_staff(staff.id), WRITTEN_AGAIN, conversation.id)
    await begin_service(services, uow, conversation, staff)
