"""What the survey of service quality came to: gaps by dimension, of all and apart, and the answers behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from helpdesk.errors import InvalidInput
from helpdesk.model.place import Place
from helpdesk.model.report import NOBODY, By
from helpdesk.model.survey import Dimension, Gap, Scores, gaps
from helpdesk.services import Services
from helpdesk.store.tables import Survey
from helpdesk.usecases.reports.build import DAY
from helpdesk.usecases.reports.facts import midnight
from helpdesk.usecases.reports.read import Span

COLUMNS = {
    By.STAFF: Survey.staff_id,
    By.DEPARTMENT: Survey.department,
    By.CHANNEL: Survey.channel,
    By.CATEGORY: Survey.category,
}


@dataclass(frozen=True)
class SurveyReport:
    """Of a span of days: how many were asked, how many answered, and the gaps."""

    sent: int
    answered: int
    total: Mapping[Dimension, Gap]
    parts: Mapping[str, Mapping[Dimension, Gap]]


async def survey_report(services: Services, span: Span, by: By) -> SurveyReport:
    """The figures of what was answered in a span of days."""
    first, end = _bounds(services, span)
    asked = select(func.count()).where(Survey.asked_at >= first, Survey.asked_at < end)
    zone = services.company.profile.zone
    keyed = COLUMNS.get(by, Survey.answered_at)
    query = select(keyed, Survey.scores).where(Survey.answered_at >= first, Survey.answered_at < end)
    async with services.db.read(much=True) as uow:
        sent = await uow.session.scalar(asked)
        rows = (await uow.session.execute(query)).all()
    parts: dict[str, list[Scores]] = {}
    for key, scores in rows:
        name = key.astimezone(zone).date().isoformat() if isinstance(key, datetime) else key or NOBODY
        parts.setdefault(name, []).append(scores)
    every = gaps(scores for _, scores in rows)
    return SurveyReport(sent or 0, len(rows), every, {key: gaps(of_key) for key, of_key in sorted(parts.items())})


async def survey_rows(
    services: Services, span: Span, by: By, key: str | None, place: Place
) -> tuple[Sequence[Survey], str | None]:
    """The answers behind a figure, the latest first, and where the next page goes on."""
    limit = place.limit
    first, end = _bounds(services, _day(span, key) if by is By.DAY and key else span)
    query = select(Survey).where(Survey.answered_at >= first, Survey.answered_at < end)
    if key is not None and by in COLUMNS:
        query = query.where(COLUMNS[by] == key)
    async with services.db.read(much=True) as uow:
        found = (await uow.session.scalars(_page(query, place.after, limit))).all()
    return found[:limit], str(_skipped(place.after) + limit) if len(found) > limit else None


def _skipped(cursor: str | None) -> int:
    return int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 9 else 0


def _day(span: Span, key: str) -> Span:
    """One day of the span.

    Raises:
        InvalidInput.
    """
    for day in span.days():
        if day.isoformat() == key:
            return Span(day, day)
    raise InvalidInput("date_wrong", field="key")


def _bounds(services: Services, span: Span) -> tuple[datetime, datetime]:
    zone = services.company.profile.zone
    return midnight(zone, span.first), midnight(zone, span.last + DAY)


def _page(query: Select[Survey], cursor: str | None, limit: int) -> Select[Survey]:
    skip = _skipped(cursor)
    return query.order_by(Survey.answered_at.desc(), Survey.id).offset(skip).limit(limit + 1)
