"""Running counts: of tickets, a series a day in the company's time zone, and of changes that others look for."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.ticket import CUSTOMERS, INTERNAL, format_number
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Counter

_COUNTERS = cast(Table, Counter.__table__)
_STANDS = select(_COUNTERS.c.value).where(_COUNTERS.c.name == bindparam("counter"))
"""Built once: each process asks six times a second whether something was changed elsewhere."""


async def next_ticket_number(services: Services, uow: UnitOfWork) -> str:
    """Take the next number of the day; the counter's row is locked until the unit ends."""
    return await _next(services, uow, "ticket", CUSTOMERS)


async def next_internal_number(services: Services, uow: UnitOfWork) -> str:
    """The same for tickets no customer hears of."""
    return await _next(services, uow, "internal", INTERNAL)


async def _next(services: Services, uow: UnitOfWork, counter: str, series: str) -> str:
    day = f"{uow.now.astimezone(services.company.profile.zone):%Y%m%d}"
    return format_number(day, await next_count(services, uow, f"{counter}:{day}"), series)


async def next_count(services: Services, uow: UnitOfWork, name: str) -> int:
    """Raise a counter by one and return it; one statement, so two never get the same."""
    dialect: Any = sqlite if services.db.is_sqlite else postgresql
    fresh = dialect.insert(Counter).values(name=name, value=1)
    statement: Insert = fresh.on_conflict_do_update(
        index_elements=[Counter.name], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return int((await uow.session.execute(statement)).scalar_one())


async def count_of(session: AsyncSession, counter: str) -> int:
    """Where a counter stands; 0 before its first use."""
    return await session.scalar(_STANDS, {"counter": counter}) or 0
