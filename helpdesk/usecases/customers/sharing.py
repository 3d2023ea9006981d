"""New files are shared out fairly among those who keep files (F5), and those of colleagues who left go round again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from helpdesk.model.customer import Keeper, share
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Staff
from helpdesk.usecases.customers.files import IS_A_FILE
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import ROLE_ORDER

BATCH = 50
KEEPS_FILES = ROLE_ORDER[0]
"""The role of those who keep files; with none of them everybody who works here does."""


async def run(services: Services, now: datetime) -> None:
    """The timer: some files at a time, by one process."""
    if not services.company.customer_files.share_new:
        return
    async with services.db.read() as uow:
        if not await _waiting(uow, _unkept()) and not await _waiting(uow, _left()):
            return
    async with services.db.write(now) as uow:
        await _share(uow)
        await uow.commit()


async def _waiting(uow: UnitOfWork, query: Select[str]) -> bool:
    return await uow.session.scalar(query.limit(1)) is not None


def _unkept() -> Select[str]:
    return select(Customer.id).where(IS_A_FILE, Customer.keeper_id.is_(None))


def _left() -> Select[str]:
    return select(Customer.id).where(IS_A_FILE, Customer.keeper_id.in_(select(Staff.id).where(~Staff.active)))


async def _share(uow: UnitOfWork) -> None:
    files = await _locked(uow)
    keepers = await _keepers(uow)
    by_id = {one.id: one for one in files}
    for given in share(list(by_id), keepers, uow.now):
        customer = by_id[given.customer_id]
        detail = {"from_keeper": customer.keeper_id, "to_keeper": given.staff_id}
        audit.note(uow, audit.SYSTEM, "customer_given", customer.id, **detail)
        customer.keeper_id, customer.kept_since = given.staff_id, given.at


async def _locked(uow: UnitOfWork) -> Sequence[Customer]:
    """The oldest that wait, locked; whoever comes second finds them given."""
    waits = or_(Customer.id.in_(_unkept()), Customer.id.in_(_left()))
    query = select(Customer).where(waits).order_by(Customer.created_at, Customer.id).limit(BATCH)
    locked = query.with_for_update().execution_options(populate_existing=True)
    found = (await uow.session.scalars(locked)).all()
    gone = set((await uow.session.scalars(select(Staff.id).where(~Staff.active))).all())
    return [one for one in found if one.keeper_id is None or one.keeper_id in gone]


async def _keepers(uow: UnitOfWork) -> list[Keeper]:
    people = (await uow.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id))).all()
    keep = [one for one in people if one.role == KEEPS_FILES] or people
    query = select(Customer.keeper_id, func.max(Customer.kept_since), func.count()).group_by(Customer.keeper_id)
    had = {staff_id: (last, count) for staff_id, last, count in (await uow.session.execute(query)).all()}
    return [Keeper(one.id, *had.get(one.id, (None, 0))) for one in keep]
