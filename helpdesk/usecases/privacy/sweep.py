"""Traces of a person in rows that are nobody's: a group of questions, a remark on an internal ticket, an audit line.

What other customers said stays theirs, also where it names this person; they may be another of the same name.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, inspect, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.holdings import HOLDINGS, SWEPT, SWEPT_AWAY, Holding, belongs
from helpdesk.store.tables import Base
from helpdesk.usecases.privacy.person import without
from helpdesk.usecases.tickets.internal import HOUSE

OURS = (HOUSE,)


@dataclass(frozen=True)
class Place:
    """A row, by its key, and the columns that name somebody."""

    table: type[Base]
    key: tuple[Any, ...]
    columns: tuple[str, ...]


async def find(services: Services, told: Collection[str]) -> list[Place]:
    """Every such row; a thread goes through the tables, so that nobody waits for it."""
    if not told:
        return []
    async with services.db.read(much=True) as uow:
        found = [await _in_table(uow.session, table, columns, told, where) for table, columns, where in _searched()]
    return [place for places in found for place in places]


def _searched() -> Iterator[tuple[type[Base], Sequence[str], ColumnElement[bool] | None]]:
    yield from ((table, columns, None) for table, columns in SWEPT.items())
    for holding in HOLDINGS:
        if holding.words and not holding.goes:
            yield holding.table, tuple(holding.words), _is_nobodys(holding)


def _is_nobodys(holding: Holding) -> ColumnElement[bool]:
    return or_(belongs(holding, OURS), not_(belongs(holding, None)))


async def _in_table(
    session: AsyncSession,
    table: type[Base],
    columns: Sequence[str],
    told: Collection[str],
    where: ColumnElement[bool] | None,
) -> list[Place]:
    tells = or_(*(_holds(getattr(table, column), one) for column in columns for one in told))
    query = select(table).where(tells if where is None else and_(tells, where))
    rows = (await session.scalars(query)).all()
    return [Place(table, tuple(inspect(row).identity or ()), tuple(columns)) for row in rows]


def _holds(column: Any, one: str) -> ColumnElement[bool]:
    """Whether a text, or a JSON value with its signs as they are or escaped, holds these words."""
    text = cast(column, Text)
    escaped = json.dumps(one)[1:-1]
    ways = {one, escaped}
    return or_(*(text.contains(way, autoescape=True) for way in ways))


async def blank(uow: UnitOfWork, places: Sequence[Place], told: Collection[str]) -> int:
    """Put stars where this person is named; how many rows that were."""
    for place in places:
        row = await uow.session.get(place.table, place.key, with_for_update=True, populate_existing=True)
        if row is not None and place.table in SWEPT_AWAY:
            await uow.session.delete(row)
            continue
        for column, value in _values(row, place.columns).items():
            setattr(row, column, without(value, told))
    await uow.session.flush()
    return len(places)


def _values(row: Base | None, columns: Sequence[str]) -> Mapping[str, Any]:
    return {} if row is None else {column: getattr(row, column) for column in columns}
