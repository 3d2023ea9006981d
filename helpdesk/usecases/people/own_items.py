"""What a member of staff keeps for themselves: ready-made replies in their own words, and views of lists."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.services import Services
from helpdesk.store.tables import OwnItem, Staff

MOST = 100
"""Of one kind."""


class Kind(StrEnum):
    """What it is; `talks` and `tickets` are the lists that a view is of."""

    REPLY = "reply"
    TALKS = "talks"
    TICKETS = "tickets"


VIEWS = (Kind.TALKS, Kind.TICKETS)


async def of(session: AsyncSession, staff: Staff, *kinds: Kind) -> Sequence[OwnItem]:
    """Somebody's own, as they were kept first."""
    query = select(OwnItem).where(OwnItem.staff_id == staff.id, OwnItem.kind.in_(kinds))
    return (await session.scalars(query.order_by(OwnItem.at, OwnItem.kind, OwnItem.title))).all()


async def keep(services: Services, staff: Staff, kind: Kind, title: str, content: dict[str, Any]) -> OwnItem:
    """Keep one under a title; what had the title before is replaced.

    Raises:
        InvalidInput: there are too many.
    """
    async with services.db.write() as uow:
        owner = select(Staff.id).where(Staff.id == staff.id).with_for_update()
        await uow.session.scalar(owner)  # two windows of one person keep one after the other
        item = await _titled(uow.session, staff, kind, title)
        if item is None:
            await _refuse_if_full(uow.session, staff, kind)
            item = OwnItem(staff_id=staff.id, kind=kind, title=title, content=content, at=services.clock.now())
            uow.session.add(item)
        item.content = content
        await uow.commit()
    return item


async def _titled(session: AsyncSession, staff: Staff, kind: Kind, title: str) -> OwnItem | None:
    same = (OwnItem.staff_id == staff.id, OwnItem.kind == kind, OwnItem.title == title)
    return (await session.scalars(select(OwnItem).where(*same))).one_or_none()


async def _refuse_if_full(session: AsyncSession, staff: Staff, kind: Kind) -> None:
    query = select(func.count()).where(OwnItem.staff_id == staff.id, OwnItem.kind == kind)
    if int(await session.scalar(query) or 0) >= MOST:
        raise InvalidInput("own_items_too_many", field="title", limit=MOST)


async def drop(services: Services, staff: Staff, item_id: str, *kinds: Kind) -> None:
    """Keep it no longer.

    Raises:
        NotFound: unknown ones and a colleague's look the same.
    """
    async with services.db.write() as uow:
        item = await uow.session.get(OwnItem, item_id)
        if item is None or item.staff_id != staff.id or item.kind not in kinds:
            raise NotFound("own_item_not_found", item_id=item_id)
        await uow.session.delete(item)
        await uow.commit()
