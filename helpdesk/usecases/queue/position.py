"""How the queue stands: who waits, who serves, and an honest estimate from what serving took of late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Priority, State
from helpdesk.model.queue import Waiting, estimate_s, position_of
from helpdesk.services import Services
from helpdesk.store.tables import Audit, Conversation, Staff
from helpdesk.usecases.people.duty import on_duty

SERVED = "conversation_served"
"""Audit action with {"handled_s"}: written whenever a person ends serving a conversation."""

RECENT = timedelta(days=7)
SAMPLES = 20
JOINING = "joining"


@dataclass(frozen=True)
class Standing:
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


async def standing(
    session: AsyncSession, now: datetime, *, conversation_id: str = JOINING, joining: Priority | None = None
) -> Standing:
    """The place of a conversation, or of one that would join now with the priority `joining`."""
    line = [one for one in await waiting(session) if one.conversation_id != conversation_id or joining is None]
    if joining is not None:
        line.append(Waiting(conversation_id, joining, now))
    position = position_of(conversation_id, line, now)
    staff = await on_duty(session, now)
    capacity = sum(one.capacity for one in staff)
    if not capacity:
        return Standing(position, None, len(staff))
    free = max(0, capacity - await _served_by(session, staff))
    return Standing(position, estimate_s(position, free, capacity, await _handling(session, now)), len(staff))


async def _served_by(session: AsyncSession, staff: Sequence[Staff]) -> int:
    query = select(func.count()).where(
        Conversation.state == State.STAFF, Conversation.staff_id.in_([one.id for one in staff])
    )
    return int(await session.scalar(query) or 0)


async def serving(session: AsyncSession, staff_id: str) -> int:
    """How many conversations a person has now."""
    query = select(func.count()).where(Conversation.state == State.STAFF, Conversation.staff_id == staff_id)
    return int(await session.scalar(query) or 0)


async def _handling(session: AsyncSession, now: datetime) -> list[float]:
    """Seconds that the last conversations took."""
    query = (
        select(Audit.detail).where(Audit.action == SERVED, Audit.at > now - RECENT).order_by(Audit.id.desc())
    ).limit(SAMPLES)
    details = (await session.scalars(query)).all()
    return [float(detail["handled_s"]) for detail in details if detail]


def wait_words(services: Services, seconds: int | None) -> str:
    """The estimate in words; that it is unknown is said too."""
    if seconds is None:
        return services.wording.render("estimate_unknown")
    return services.wording.render("estimate_known", minutes=max(1, round(seconds / 60)))
