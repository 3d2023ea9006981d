"""People by their id."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import NotFound
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff


async def everyone(services: Services) -> Sequence[Staff]:
    """All active members of staff, by id."""
    async with services.db.read() as uow:
        return (await uow.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id))).all()


async def all_people(session: AsyncSession) -> Sequence[Staff]:
    """All members of staff, also locked ones, by id."""
    return (await session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.id))).all()


async def is_anybody_here(services: Services) -> bool:
    """Whether a matter that comes in now would have an owner."""
    async with services.db.read() as uow:
        return await uow.session.scalar(select(Staff.id).where(Staff.active).limit(1)) is not None


async def locked_person(uow: UnitOfWork, staff_id: str) -> Staff:
    """A member of staff as they are now; in a writing unit the row is locked.

    Raises:
        NotFound: there is nobody with this id.
    """
    query = select(Staff).where(Staff.id == staff_id).with_for_update().execution_options(populate_existing=True)
    found = await uow.session.scalar(query)
    if found is None:
        raise NotFound("staff_not_found", staff_id=staff_id)
    return found
