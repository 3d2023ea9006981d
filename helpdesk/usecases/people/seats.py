"""Seats: which process holds open desks of whom. A process that was killed loses its seats when they are over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import DeskSeat

BROWSER_STAYS = timedelta(seconds=60)
"""Three heartbeats of 20 s may be missed before a person counts as gone."""


async def take(services: Services, uow: UnitOfWork, process: str, staff_ids: Collection[str]) -> None:
    """These people have desks open at this process, which says so again before long."""
    dialect = sqlite if services.db.is_sqlite else postgresql
    rows = [{"process": process, "staff_id": one, "until": uow.now + BROWSER_STAYS} for one in sorted(staff_ids)]
    fresh = dialect.insert(DeskSeat).values(rows)
    keys = ["process", "staff_id"]
    await uow.session.execute(fresh.on_conflict_do_update(index_elements=keys, set_={"until": fresh.excluded.until}))
    await uow.session.execute(delete(DeskSeat).where(DeskSeat.until < uow.now))


async def leave(uow: UnitOfWork, process: str, staff_id: str) -> None:
    """The last of this person's desks at this process is closed."""
    await uow.session.execute(delete(DeskSeat).where(DeskSeat.process == process, DeskSeat.staff_id == staff_id))


async def is_held(session: AsyncSession, staff_id: str, now: datetime) -> bool:
    """Whether any process holds an open desk of this person."""
    query = select(DeskSeat.process).where(DeskSeat.staff_id == staff_id, DeskSeat.until > now).limit(1)
    return await session.scalar(query) is not None


async def leave_all(services: Services, process: str | None = None) -> None:
    """A process ends, and with it its seats; without a name those of every process, for there is no other."""
    statement = delete(DeskSeat)
    async with services.db.write() as uow:
        await uow.session.execute(statement.where(DeskSeat.process == process) if process else statement)
        await uow.commit()
