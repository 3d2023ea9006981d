"""What time does by itself: presence lapses, promises break, who waits too long is offered a call.

`run_timers` is called every few seconds by every process. Each thing is looked for in a read, and done in
a unit of work of its own that looks again under the row's lock: two processes do it once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, or_, select

from helpdesk.errors import MoveRefused
from helpdesk.model.conversation import State
from helpdesk.model.promise import PromiseState, is_overdue
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Attempt, Audit, Conversation, Promise, Staff, TicketEvent
from helpdesk.usecases import audit, hold, queueing
from helpdesk.usecases.duty import AWAY, ONLINE, announce_presence, is_reachable
from helpdesk.usecases.promises import lock_promise
from helpdesk.usecases.speak import say

log = structlog.get_logger(__name__)

BATCH = 50
ATTEMPTS_KEPT = timedelta(days=2)
TIDIED = "attempts_tidied"

Doing = Callable[[Services, UnitOfWork, str, datetime], Awaitable[None]]


async def tick(services: Services) -> None:
    """Do everything that is due now."""
    await run_timers(services, services.clock.now())


async def run_timers(services: Services, now: datetime) -> None:
    """Do everything that is due at `now`."""
    await _each(services, now, await _lapsed(services, now), _lapse)
    await _each(services, now, await _deserted(services, now), _requeue)
    await _each(services, now, await _long_waiting(services, now), _offer)
    await hold.remind(services, now)
    await _each(services, now, await _overdue(services, now), _break)
    await _tidy(services, now)


async def _each(services: Services, now: datetime, keys: Sequence[str], do: Doing) -> None:
    for key in keys:
        async with services.db.write() as uow:
            try:
                await do(services, uow, key, now)
            except MoveRefused:
                log.info("timer_overtaken", subject=key)
                continue
            await uow.commit()


# ---------------------------------------------------------------- presence


async def _lapsed(services: Services, now: datetime) -> Sequence[str]:
    """Staff who counted as on duty and gave no sign of life in time."""
    query = select(Staff.id).where(
        Staff.presence == ONLINE, or_(Staff.present_until.is_(None), Staff.present_until <= now)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def _lapse(services: Services, uow: UnitOfWork, staff_id: str, now: datetime) -> None:
    staff = await uow.session.get_one(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff.presence == ONLINE and not is_reachable(staff, now):
        staff.presence = AWAY
        audit.note(uow, audit.SYSTEM, "presence_lapsed", staff_id, now)
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


async def _requeue(services: Services, uow: UnitOfWork, conversation_id: str, now: datetime) -> None:
    conversation = await lock_conversation(uow.session, conversation_id)
    if conversation.state != State.STAFF or conversation.staff_id is None:
        return
    staff = await uow.session.get_one(Staff, conversation.staff_id, populate_existing=True)
    if is_reachable(staff, now):
        return
    audit.note(uow, audit.SYSTEM, "conversation_requeued", conversation_id, now, staff=staff.id)
    says = await queueing.requeue(services, uow, conversation, now)
    await say(uow, conversation, says, answers=None, in_reply_to=[], now=now)


# ---------------------------------------------------------------- waiting


async def _long_waiting(services: Services, now: datetime) -> Sequence[str]:
    limit = timedelta(minutes=services.company.limits.wait_limit_minutes)
    query = (
        select(Conversation.id, Conversation.packet)
        .where(Conversation.state == State.WAITING, Conversation.queued_at <= now - limit)
        .order_by(Conversation.queued_at)
    )
    async with services.db.read() as uow:
        rows = (await uow.session.execute(query)).all()
    return [key for key, packet in rows if _may_be_offered(packet or {}, now - limit)][:BATCH]


def _may_be_offered(packet: dict[str, Any], before: datetime) -> bool:
    """Not offered yet, and waiting since `before`: the time a person served before a lost connection is no waiting."""
    requeued = packet.get(queueing.REQUEUED)
    return not packet.get(queueing.OFFERED) and (requeued is None or datetime.fromisoformat(requeued) <= before)


async def _offer(services: Services, uow: UnitOfWork, conversation_id: str, now: datetime) -> None:
    conversation = await lock_conversation(uow.session, conversation_id)
    says = await queueing.offer_callback(services, uow, conversation, now)
    await say(uow, conversation, says, answers=None, in_reply_to=[], now=now)


# ---------------------------------------------------------------- promises


async def _overdue(services: Services, now: datetime) -> Sequence[str]:
    query = select(Promise.id).where(Promise.state == PromiseState.OPEN, Promise.due_at < now).limit(BATCH)
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def _break(services: Services, uow: UnitOfWork, promise_id: str, now: datetime) -> None:
    """A promise was missed: it is written down where its owner and the supervisors see it."""
    promise = await lock_promise(uow, promise_id)
    if not is_overdue(PromiseState(promise.state), promise.due_at, now):
        return
    promise.state, promise.settled_at = PromiseState.BROKEN, now
    audit.note(uow, audit.SYSTEM, "promise_broken", promise.id, now, owner=promise.owner_id, kind=promise.kind)
    uow.announce("promise", promise_id=promise.id, state=promise.state)
    if promise.ticket_number:
        event = TicketEvent(
            number=promise.ticket_number, at=now, actor=audit.SYSTEM, action="promise_broken", note=promise.text
        )
        uow.session.add(event)
        uow.announce("ticket", number=promise.ticket_number)


# ---------------------------------------------------------------- tidying


async def _tidy(services: Services, now: datetime) -> None:
    """Tries are counted over an hour at most; what is older says nothing any more. Once a day is enough."""
    old = Attempt.at < now - ATTEMPTS_KEPT
    done = select(Audit.id).where(Audit.action == TIDIED, Audit.at > now - timedelta(days=1))
    async with services.db.read() as uow:
        has_old = await uow.session.scalar(select(Attempt.id).where(old).limit(1)) is not None
        if not has_old or await uow.session.scalar(done.limit(1)) is not None:
            return
    async with services.db.write() as uow:
        await uow.session.execute(delete(Attempt).where(old))
        audit.note(uow, audit.SYSTEM, TIDIED, "attempts", now)
        await uow.commit()
