"""How the queue stands: who waits, who serves, and an honest estimate from how fast people were served of late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Priority, State
from helpdesk.model.queue import Pace, Waiting, estimate_s, longest_ahead_s, position_of
from helpdesk.services import Services
from helpdesk.store.tables import Audit, Conversation, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import on_duty

SERVED = "conversation_served"
"""Audit action with {"handled_s"}: written whenever a person ends serving a conversation."""
TAKEN = "conversation_taken"
"""Audit action with {"waited_s"}: written whenever a person begins to serve one; 0 for who did not wait."""

RECENT = timedelta(days=7)
LAST_HOUR = timedelta(hours=1)
SAMPLES = 20
JOINING = "joining"


@dataclass(frozen=True)
class Position:
    """One customer's place; `estimate_s` is None when nobody can honestly say."""

    position: int
    estimate_s: int | None
    staff_online: int


async def waiting(session: AsyncSession) -> list[Waiting]:
    """Everyone in the queue, in no order."""
    query = select(Conversation.id, Conversation.priority, Conversation.queued_at, Conversation.opened_at).where(
        Conversation.state == State.WAITING
    )
    rows = await session.execute(query)
    return [Waiting(key, Priority(priority), queued or opened) for key, priority, queued, opened in rows]


async def position_in_queue(
    session: AsyncSession, now: datetime, *, conversation_id: str = JOINING, joining: Priority | None = None
) -> Position:
    """The place of a conversation, or of one that would join now with the priority `joining`."""
    line = [one for one in await waiting(session) if one.conversation_id != conversation_id or joining is None]
    if joining is not None:
        line.append(Waiting(conversation_id, joining, now))
    position = position_of(conversation_id, line, now)
    pace = await _pace(session, now)
    longest = longest_ahead_s(conversation_id, line, now)
    return Position(position, estimate_s(position, longest, pace), pace.on_duty)


async def _pace(session: AsyncSession, now: datetime) -> Pace:
    staff = await on_duty(session, now)
    if not staff:
        return Pace(0, 0, 0)
    free = max(0, sum(one.capacity for one in staff) - await _served_by(session, staff))
    return Pace(len(staff), free, await _served_lately(session, staff, now), await _taking(session, now))


async def _served_by(session: AsyncSession, staff: Sequence[Staff]) -> int:
    query = select(func.count()).where(
        Conversation.state == State.STAFF, Conversation.staff_id.in_([one.id for one in staff])
    )
    return int(await session.scalar(query) or 0)


async def serving(session: AsyncSession, staff_id: str) -> int:
    """How many conversations a person has now."""
    query = select(func.count()).where(Conversation.state == State.STAFF, Conversation.staff_id == staff_id)
    return int(await session.scalar(query) or 0)


async def _served_lately(session: AsyncSession, staff: Sequence[Staff], now: datetime) -> int:
    """Conversations that these people ended within the last hour."""
    actors = [audit.by_staff(one.id) for one in staff]
    query = select(func.count()).where(Audit.action == SERVED, Audit.at > now - LAST_HOUR, Audit.actor.in_(actors))
    return int(await session.scalar(query) or 0)


async def _taking(session: AsyncSession, now: datetime) -> list[float]:
    """Seconds that the last customers waited for a person."""
    query = select(Audit.detail).where(Audit.action == TAKEN, Audit.at > now - RECENT).order_by(Audit.id.desc())
    waited = [float(detail["waited_s"]) for detail in await session.scalars(query.limit(SAMPLES)) if detail]
    return [seconds for seconds in waited if seconds > 0]


def wait_words(services: Services, seconds: int | None) -> str:
    """The estimate in words; that it is unknown is said too."""
    if seconds is None:
        return services.wording.render("estimate_unknown")
    return services.wording.render("estimate_known", minutes=max(1, round(seconds / 60)))
