"""Reports as they are asked for: days that are over from the small tables, today from the rows themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput
from helpdesk.model.report import WINDOW_DAYS, By, Cell, Fact, Measure, by_key, together
from helpdesk.services import Services
from helpdesk.store.tables import ReportCell, ReportDay
from helpdesk.usecases.reports.build import DAY, today
from helpdesk.usecases.reports.facts import facts_of

LONGEST_DAYS = 366
LIVE_DAYS = 2
"""So many days are read from the rows: today, and yesterday in the minutes before its figures are made."""
PAGE = 100


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise InvalidInput("span_wrong", days=LONGEST_DAYS, field="from", fields=["from", "to"])

    def days(self) -> list[date]:
        """Every day, the last first."""
        return [self.last - DAY * n for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Report:
    """Figures of a span: of all, and by what was asked for. `missing`: days whose figures are not made yet.

    `settled_until`: the last day after which nobody can come again within the window any more.
    """

    span: Span
    by: By
    total: Cell
    parts: Mapping[str, Cell]
    days: Mapping[str, Cell]
    missing: Sequence[date]
    settled_until: date


async def report(services: Services, span: Span, by: By) -> Report:
    """The figures of a span of days.

    Raises:
        InvalidInput: it is longer than a year.
    """
    async with services.db.read(much=True) as uow:
        made = await _made(uow.session, span)
        open_days = [day for day in span.days() if day.isoformat() not in made and day <= today(services)]
        live = [day for day in open_days if (today(services) - day).days < LIVE_DAYS]
        facts = {day: await facts_of(uow.session, services.company.profile.zone, day) for day in live}
        kept = await _kept(uow.session, span, {By.DAY, by})
    rows = [row for row in kept if row.day in made]
    for day, found in facts.items():
        rows += [
            Row(one, day.isoformat(), key, cell) for one in {By.DAY, by} for key, cell in by_key(found, one).items()
        ]
    days = _grouped((row.day, row.cell) for row in rows if row.by == By.DAY)
    parts = days if by is By.DAY else _grouped((row.key, row.cell) for row in rows if row.by == by)
    return Report(
        span,
        by,
        together(days.values()),
        parts,
        days,
        missing=[day for day in open_days if day not in live],
        settled_until=today(services) - timedelta(days=WINDOW_DAYS + 1),
    )


@dataclass(frozen=True)
class Row:
    """A day's figures of one key."""

    by: str
    day: str
    key: str
    cell: Cell


async def _made(session: AsyncSession, span: Span) -> set[str]:
    within = ReportDay.day.between(span.first.isoformat(), span.last.isoformat())
    return set((await session.scalars(select(ReportDay.day).where(within))).all())


async def _kept(session: AsyncSession, span: Span, wanted: set[By]) -> list[Row]:
    within = ReportCell.day.between(span.first.isoformat(), span.last.isoformat())
    query = select(ReportCell.by, ReportCell.day, ReportCell.key, ReportCell.content)
    found = await session.execute(query.where(ReportCell.by.in_([one.value for one in wanted]), within))
    return [Row(by, day, key, json.loads(content)) for by, day, key, content in found]


def _grouped(cells: Iterable[tuple[str, Cell]]) -> dict[str, Cell]:
    parts: dict[str, list[Cell]] = {}
    for key, cell in cells:
        parts.setdefault(key, []).append(cell)
    return {key: together(of_key) for key, of_key in sorted(parts.items())}


@dataclass(frozen=True)
class Asked:
    """One figure: a measure of a span, of all or of whoever `key` is."""

    measure: Measure
    by: By
    key: str | None


async def rows(
    services: Services, span: Span, asked: Asked, after: tuple[date, int] | None = None, limit: int = PAGE
) -> tuple[list[Fact], tuple[date, int] | None]:
    """The facts behind a figure, the latest first, and where the next page goes on: a day and a number in it."""
    found: list[Fact] = []
    start = after or (span.last, 0)
    async with services.db.read(much=True) as uow:
        for day in await _days_with(services, uow.session, span, asked):
            if day > start[0]:
                continue
            skip = start[1] if day == start[0] else 0
            those = await _those(services, uow.session, asked, day)
            room = limit - len(found)
            found += those[skip : skip + room]
            if len(those) > skip + room:
                return found, (day, skip + room)
    return found, None


async def _days_with(services: Services, session: AsyncSession, span: Span, asked: Asked) -> list[date]:
    """Days that may have such facts, the last first: by the small tables, and those that are not made yet."""
    made = await _made(session, span)
    kept = {row.day for row in await _kept(session, span, {asked.by}) if _counts(row, asked)}
    days = [day for day in span.days() if day <= today(services)]
    return [day for day in days if day.isoformat() in kept or (day.isoformat() not in made and _may_be(day, asked))]


def _counts(row: Row, asked: Asked) -> bool:
    key = row.day if asked.by is By.DAY else row.key
    return asked.measure in row.cell and asked.key in (None, key)


def _may_be(day: date, asked: Asked) -> bool:
    return asked.by is not By.DAY or asked.key in (None, day.isoformat())


async def _those(services: Services, session: AsyncSession, asked: Asked, day: date) -> list[Fact]:
    facts = await facts_of(session, services.company.profile.zone, day, asked.measure)
    those = [one for one in facts if asked.key is None or asked.by is By.DAY or one.key(asked.by) == asked.key]
    return sorted(those, key=lambda one: (one.at, one.subject), reverse=True)
