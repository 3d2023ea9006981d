"""Stays with people as they happen: wished for, taken, first word, end. What is told of waiting is counted by them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Handoff

BY_STAFF = "staff"
"""The reason of a stay that no customer wished for: somebody took them from the bot."""
PULLED = "pulled"
HANDED_ON = "handed_on"


@dataclass(frozen=True)
class Wanted:
    """What a customer needs a person for, and whom they ask for; `barred`: whom the matter is about."""

    department: str | None = None
    category: str | None = None
    wished_id: str | None = None
    barred: Collection[str] = ()


async def open_stay(session: AsyncSession, conversation_id: str) -> Handoff | None:
    """The stay that is under way."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None))
    return await session.scalar(query)


async def open_stays(session: AsyncSession, conversation_ids: Collection[str]) -> dict[str, Handoff]:
    """Conversation -> the stay that is under way."""
    query = select(Handoff).where(Handoff.conversation_id.in_(conversation_ids), Handoff.ended_at.is_(None))
    return {stay.conversation_id: stay for stay in (await session.scalars(query)).all()}


def begin(uow: UnitOfWork, conversation: Conversation, reason: str, wanted: Wanted, wished_at: datetime) -> Handoff:
    """A customer wishes for a person."""
    stay = Handoff(
        conversation_id=conversation.id,
        session_no=conversation.session_no,
        channel=conversation.channel,
        wished_at=wished_at,
        reason=reason,
        priority=conversation.priority,
        department=wanted.department,
        category=wanted.category,
        wished_id=wanted.wished_id,
        barred=sorted(wanted.barred),
    )
    uow.session.add(stay)
    return stay


async def taken(uow: UnitOfWork, conversation: Conversation, staff_id: str, why: str) -> None:
    """Somebody serves them; without a wish it begins here."""
    stay = await open_stay(uow.session, conversation.id) or begin(uow, conversation, BY_STAFF, Wanted(), uow.now)
    stay.staff_id, stay.why, stay.taken_at = staff_id, why, uow.now


async def spoken(uow: UnitOfWork, conversation_id: str) -> None:
    """The person said something; the first word counts."""
    stay = await open_stay(uow.session, conversation_id)
    if stay is not None and stay.first_word_at is None:
        stay.first_word_at = uow.now


async def end(uow: UnitOfWork, conversation_id: str, outcome: str) -> Handoff | None:
    """It is over; which it was."""
    stay = await open_stay(uow.session, conversation_id)
    if stay is not None:
        stay.ended_at, stay.outcome = uow.now, outcome
        await uow.session.flush()  # one may begin in the same unit, and there is one open at a time
    return stay


async def begin_again(uow: UnitOfWork, conversation: Conversation, outcome: str, department: str | None = None) -> None:
    """It goes on with somebody else. Who was never spoken to has waited since the first wish."""
    before = await end(uow, conversation.id, outcome)
    if before is None:
        begin(uow, conversation, conversation.queue_reason or BY_STAFF, Wanted(department), uow.now)
        return
    category = None if department else before.category
    wanted = Wanted(department or before.department, category, barred=before.barred)
    since = before.wished_at if before.first_word_at is None and before.reason != BY_STAFF else uow.now
    begin(uow, conversation, HANDED_ON if before.reason == BY_STAFF else before.reason, wanted, since)
