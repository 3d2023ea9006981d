"""Unanswered questions find their group, some seconds after they were noted, so that no reply waits for it.

Any process may do it, two never at once: places are computed outside a transaction, then whoever raises the
counter from where it stood writes them, and the other tries again later.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.knowledge import Knowledge
from helpdesk.knowledge.grouping import SAMPLES, Groups
from helpdesk.services import Services, StillLoading
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import QuestionGroup, Unanswered, new_id
from helpdesk.text.masking import mask_question, without_personal
from helpdesk.usecases.journal.numbers import count_of, next_count
from helpdesk.usecases.knowledge.unanswered import GroupState, lock_group

COUNTER = "question_groups"
BATCH = 50
GROUPS_COMPARED = 300
"""The groups asked about last; an older one begins anew when its question comes up again."""


@dataclass(frozen=True)
class Placed:
    """Where a question belongs; `is_answered`: the article that answers its group would answer it now."""

    row: Unanswered
    group_id: str
    is_answered: bool


async def group_new(services: Services) -> int:
    """Put questions that were noted lately into groups; how many."""
    if isinstance(services.knowledge, StillLoading):
        return 0
    async with services.db.read() as uow:
        rows = await _ungrouped(uow.session)
        if not rows:
            return 0
        turn = await count_of(uow.session, COUNTER)
        known = await _samples(uow.session)
        answered = await _answered_by(uow.session)
    placed = await asyncio.to_thread(_place, services.knowledge, rows, known, answered)
    async with services.db.write() as uow:
        if await next_count(services, uow, COUNTER) != turn + 1:
            return 0
        for one in placed:
            await _count(uow, one)
        await uow.commit()
    return len(placed)


async def _ungrouped(session: AsyncSession) -> Sequence[Unanswered]:
    query = select(Unanswered).where(Unanswered.group_id.is_(None)).order_by(Unanswered.at, Unanswered.id)
    return (await session.scalars(query.limit(BATCH))).all()


async def _samples(session: AsyncSession) -> dict[str, list[str]]:
    """Some questions of each group, the first ones asked."""
    lately = select(QuestionGroup.id).order_by(QuestionGroup.last_at.desc()).limit(GROUPS_COMPARED).subquery()
    place = func.row_number().over(partition_by=Unanswered.group_id, order_by=(Unanswered.at, Unanswered.id))
    ranked = (
        select(Unanswered.group_id, Unanswered.text, place.label("place"))
        .where(Unanswered.group_id.in_(select(lately.c.id)))
        .subquery()
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = select(ranked.c.group_id, ranked.c.text).where(ranked.c.place <= SAMPLES)
    for group_id, text in await session.execute(query.order_by(ranked.c.group_id, ranked.c.place)):
        found[group_id].append(without_personal(text))
    return dict(found)


async def _answered_by(session: AsyncSession) -> dict[str, str]:
    query = select(QuestionGroup.id, QuestionGroup.faq_id).where(QuestionGroup.state == GroupState.ANSWERED)
    return {group_id: faq_id or "" for group_id, faq_id in await session.execute(query)}


def _place(
    knowledge: Knowledge, rows: Sequence[Unanswered], known: Mapping[str, Sequence[str]], answered: Mapping[str, str]
) -> list[Placed]:
    groups = Groups(known, knowledge.current.index.vectors)
    placed = []
    for row in rows:
        text = without_personal(row.text)
        group_id = groups.nearest(text) or new_id()
        groups.add(group_id, text)
        placed.append(Placed(row, group_id, _is_answered(knowledge, row, answered.get(group_id))))
    return placed


def _is_answered(knowledge: Knowledge, row: Unanswered, faq_id: str | None) -> bool:
    """Noted before its answer was published; who got that answer and was not helped is another matter."""
    if not faq_id or faq_id in (row.suggested or []):
        return False
    return knowledge.outcome(row.text).faq_ids == (faq_id,)


async def _count(uow: UnitOfWork, placed: Placed) -> None:
    row = await uow.session.get(Unanswered, placed.row.id, with_for_update=True)
    if row is None or row.group_id is not None:
        return
    group = await lock_group(uow, placed.group_id)
    if group is None:
        text = mask_question(row.text)
        group = QuestionGroup(
            id=placed.group_id, text=text, count=0, first_at=row.at, last_at=row.at, state=GroupState.OPEN
        )
        uow.session.add(group)
        await uow.session.flush()
    row.group_id = group.id
    group.count += 1
    group.last_at = max(group.last_at, row.at)
    if group.state == GroupState.ANSWERED and not placed.is_answered:
        group.state = GroupState.OPEN
    await uow.session.flush()
