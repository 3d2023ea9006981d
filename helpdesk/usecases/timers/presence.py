"""Presence lapses, and who is served by nobody any more goes back into the queue (D4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import ONLINE, lock_conversation
from helpdesk.store.tables import Conversation, Staff
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import AWAY, announce_presence, is_reachable
from helpdesk.usecases.queue import queueing
from helpdesk.usecases.timers.each import BATCH, each


async def run(services: Services, now: datetime) -> None:
    """First who is gone, then whom they left alone."""
    await each(services, now, await _lapsed(services, now), lapse)
    await each(services, now, await _deserted(services, now), requeue)


async def _lapsed(services: Services, now: datetime) -> Sequence[str]:
    """Staff who counted as on duty and gave no sign of life in time."""
    query = select(Staff.id).where(
        Staff.presence == ONLINE, or_(Staff.present_until.is_(None), Staff.present_until <= now)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def lapse(services: Services, uow: UnitOfWork, staff_id: str) -> None:
    """Somebody who is not here any more counts as away."""
    staff = await uow.session.get_one(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff.presence == ONLINE and not is_reachable(staff, uow.now):
        staff.presence = AWAY
        audit.note(uow, audit.SYSTEM, "presence_lapsed", staff_id)
        announce_presence(uow, staff_id, AWAY)


async def _deserted(services: Services, now: datetime) -> Sequence[str]:
    """Conversations whose person is no longer reachable."""
    query = (
        select(Conversation.id)
        .join(Staff, Staff.id == Conversation.staff_id)
        .where(Conversation.state == State.STAFF)
        .where(or_(Staff.present_until.is_(None), Staff.present_until <= now))
        .limit(BATCH)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def requeue(services: Services, uow: UnitOfWork, conversation_id: str) -> None:
    """Back to the old place in the queue, and the customer is told."""
    conversation = await lock_conversation(uow.session, conversation_id)
    if conversation.state != State.STAFF or conversation.staff_id is None:
        return
    staff = await uow.session.get_one(Staff, conversation.staff_id, populate_existing=True)
    if is_reachable(staff, uow.now):
        return
    audit.note(uow, audit.SYSTEM, "conversation_requeued", conversation_id, staff=staff.id)
    says = await queueing.requeue(services, uow, conversation)
    await say(uow, conversation, says, answers=None, in_reply_to=[])
