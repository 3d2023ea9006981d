"""Who waits too long for a person is offered a call instead, once (B4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.queue import queueing
from helpdesk.usecases.timers.each import BATCH, each


async def run(services: Services, now: datetime) -> None:
    """Offer a call to whoever has waited for `wait_limit_minutes`."""
    await each(services, now, await _long_waiting(services, now), offer)


async def _long_waiting(services: Services, now: datetime) -> Sequence[str]:
    limit = timedelta(minutes=services.company.limits.wait_limit_minutes)
    query = (
        select(Conversation.id, Conversation.handoff_note)
        .where(Conversation.state == State.WAITING, Conversation.queued_at <= now - limit)
        .order_by(Conversation.queued_at)
    )
    async with services.db.read() as uow:
        rows = (await uow.session.execute(query)).all()
    return [key for key, note in rows if _may_be_offered(note or {}, now - limit)][:BATCH]


def _may_be_offered(note: dict[str, Any], before: datetime) -> bool:
    """Not offered yet, and waiting since `before`: the time a person served before a lost connection is no waiting."""
    requeued = note.get(queueing.REQUEUED)
    return not note.get(queueing.OFFERED) and (requeued is None or datetime.fromisoformat(requeued) <= before)


async def offer(services: Services, uow: UnitOfWork, conversation_id: str) -> None:
    """The offer, with its choices; `queueing` sees to it that there is one only."""
    conversation = await lock_conversation(uow.session, conversation_id)
    says = await queueing.offer_callback(services, uow, conversation)
    await say(uow, conversation, says, answers=None, in_reply_to=[])
