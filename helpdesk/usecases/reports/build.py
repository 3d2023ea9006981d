"""The small tables that reports are read from: a day's figures, made at night; made again they are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Insert, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput
from helpdesk.model.report import WINDOW_DAYS, By, Fact, by_key
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Message, Once, ReportCell, ReportDay, Ticket, TicketEvent
from helpdesk.usecases.journal.once import once
from helpdesk.usecases.reports.facts import facts_of, midnight

DAY = timedelta(days=1)
UNSETTLED = timedelta(days=WINDOW_DAYS + 1)
"""A day's figures may change for so long, because customers may come again."""
TOUCHED = timedelta(days=2)
"""Tickets that were changed since the night before last: their own days are made anew, however old."""


def today(services: Services) -> date:
    """The day it is where the company is."""
    return services.clock.now().astimezone(services.company.profile.zone).date()


async def run(services: Services, now: datetime) -> None:
    """Make one day's figures that are due; the next tick, seconds later, makes the next."""
    key = f"reports:{today(services).isoformat()}"
    async with services.db.read() as uow:
        if await uow.session.get(Once, key) is not None:
            return
    async with services.db.read(much=True) as uow:
        due = await days_due(services, uow.session)
    if due:
        await make(services, due[0], now)
        return
    async with services.db.write(now) as uow:
        await once(uow, key)
        await uow.commit()


async def days_due(services: Services, session: AsyncSession) -> list[date]:
    """Days that are over and whose figures are missing or may have changed since they were made, the last first."""
    zone, this = services.company.profile.zone, today(services)
    first = await _first_moment(session)
    if first is None:
        return []
    made = {one.day: one.built_at for one in (await session.scalars(select(ReportDay))).all()}
    begun, touched = midnight(zone, this), await _touched(services, session)
    count = (this - first.astimezone(zone).date()).days

    def is_due(day: date) -> bool:
        built = made.get(day.isoformat())
        may_change = this - day <= UNSETTLED or day in touched
        return built is None or (built < begun and may_change)

    return [day for day in (this - DAY * n for n in range(1, count + 1)) if is_due(day)]


async def _first_moment(session: AsyncSession) -> datetime | None:
    """When anything happened first."""
    found = [await session.scalar(select(func.min(column))) for column in (Message.at, Ticket.created_at)]
    return min((moment for moment in found if moment is not None), default=None)


async def _touched(services: Services, session: AsyncSession) -> set[date]:
    """Days on which something happened to a ticket that was changed lately: it may have another owner or category."""
    zone, since = services.company.profile.zone, services.clock.now() - TOUCHED
    changed = Ticket.updated_at >= since
    own = select(Ticket.created_at, Ticket.first_contact_at).where(changed)
    told = select(TicketEvent.at).join(Ticket, Ticket.number == TicketEvent.number).where(changed)
    rows = [*(await session.execute(own)).all(), *(await session.execute(told)).all()]
    return {moment.astimezone(zone).date() for row in rows for moment in row if moment is not None}


async def make(services: Services, day: date, now: datetime) -> None:
    """Make a day's figures anew; whatever stood there goes."""
    async with services.db.read(much=True) as uow:
        facts = await facts_of(uow.session, services.company.profile.zone, day)
    async with services.db.write(now) as uow:
        await uow.session.execute(_made_at(uow, day))  # of two at once the second waits here
        await uow.session.execute(delete(ReportCell).where(ReportCell.day == day.isoformat()))
        cells = list(_cells(day, facts))
        if cells:
            await uow.session.execute(insert(ReportCell), cells)
        await uow.commit()


def _made_at(uow: UnitOfWork, day: date) -> Insert:
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    statement = (sqlite.insert if is_sqlite else postgresql.insert)(ReportDay).values(
        day=day.isoformat(), built_at=uow.now
    )
    return statement.on_conflict_do_update(index_elements=["day"], set_={"built_at": uow.now})


def _cells(day: date, facts: Sequence[Fact]) -> Iterator[dict[str, str]]:
    for by in By:
        for key, cell in by_key(facts, by).items():
            content = json.dumps({str(measure): values for measure, values in cell.items()}, separators=(",", ":"))
            yield {"by": by.value, "day": day.isoformat(), "key": key, "content": content}


async def rebuild(services: Services, first: date, last: date) -> int:
    """Make the figures of these days anew, the last of them yesterday at the latest; how many days.

    Raises:
        InvalidInput: the first comes after the last.
    """
    last = min(last, today(services) - DAY)
    if first > last:
        raise InvalidInput("no_day_over", first=first.isoformat(), last=last.isoformat())
    days = [first + DAY * n for n in range((last - first).days + 1)]
    for day in days:
        await make(services, day, services.clock.now())
    return len(days)
