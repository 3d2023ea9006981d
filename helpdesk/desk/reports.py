"""报表: figures of the work by day, person, department, channel and category, and the rows behind each (G4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import select

from helpdesk.desk import views
from helpdesk.desk.access import Filter, Given
from helpdesk.desk.excel import IS_EXCEL, excel
from helpdesk.desk.report_words import BY, CHANNELS, NONE, PLACES, WORDS
from helpdesk.desk.supervision import Lead
from helpdesk.errors import InvalidInput
from helpdesk.model.blueprint import Place, blueprint
from helpdesk.model.report import SHOWN, TOLD, By, Cell, Figure, Measure, Shown, figure
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.sheets import Written, sheet_of
from helpdesk.store.tables import Staff
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.reports import read

DAYS = range(2000, 2200)  # years

router = APIRouter(tags=["reports"])


class MeasureView(views.View):
    """What is measured and how. `shown`: count, time (seconds), number, share or mean."""

    name: Measure
    title: str
    meaning: str
    shown: Shown


class PartView(views.View):
    """Figures of a day, person, department, channel or category. `rest`: a day that is no legal working day."""

    key: str
    title: str
    rest: bool
    figures: dict[Measure, Figure]


class ReportView(views.View):
    """Figures of the days `first` to `last`. `missing`: days whose figures are not made yet; `settled_until`: until
    then 一次解决 cannot change any more."""

    first: date
    last: date
    by: By
    measures: list[MeasureView]
    total: dict[Measure, Figure]
    parts: list[PartView]
    days: list[PartView]
    missing: list[date]
    settled_until: date


class FactView(views.View):
    """One row behind a figure: a conversation or ticket, whose it was and what was counted."""

    kind: str
    subject: str
    at: datetime
    value: int
    staff: str
    department: str
    channel: str
    category: str


class FactsView(views.View):
    """A page of them; `cursor` is where the next one goes on."""

    rows: list[FactView]
    cursor: str | None


async def _span(
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> read.Span:
    if first.year not in DAYS or last.year not in DAYS:
        raise InvalidInput("date_wrong", field="from")
    return read.Span(first, last)


Days = Annotated[read.Span, Depends(_span)]


@router.get("/reports")
async def report(services: Given, who: Lead, span: Days, by: By = By.DAY) -> ReportView:
    """Figures of a span of days, of all and apart."""
    found = await read.report(services, span, by)
    days = [_part(services, By.DAY, key, cell, {}) for key, cell in found.days.items()]
    parts = days[::-1] if by is By.DAY else await _parts(services, found)
    return ReportView(
        first=span.first,
        last=span.last,
        by=by,
        measures=[measure_view(one) for one in TOLD],
        total=figures_of(found.total),
        parts=parts,
        days=days,
        missing=found.missing,
        settled_until=found.settled_until,
    )


async def _parts(services: Services, found: read.Report) -> list[PartView]:
    """The busiest first."""
    names = await titles(services, found.by)
    parts = [_part(services, found.by, key, cell, names) for key, cell in found.parts.items()]
    return sorted(parts, key=lambda one: -one.figures[Measure.CONTACTS].count - one.figures[Measure.REGISTERED].count)


def measure_view(one: Measure) -> MeasureView:
    """A measure in the words staff read."""
    title, meaning = WORDS[one]
    return MeasureView(name=one, title=title, meaning=meaning, shown=SHOWN[one])


def figures_of(cell: Cell, measures: Iterable[Measure] = TOLD) -> dict[Measure, Figure]:
    """What is told of each measure."""
    return {one: figure(cell, one) for one in measures}


def _part(services: Services, by: By, key: str, cell: Cell, names: Mapping[str, str]) -> PartView:
    rest = by is By.DAY and not services.calendar.is_working_day(date.fromisoformat(key))
    return PartView(key=key, title=title_of(by, key, names), rest=rest, figures=figures_of(cell))


def title_of(by: By, key: str, names: Mapping[str, str]) -> str:
    """What a part of a report is called."""
    return key if by is By.DAY else names.get(key) or key or NONE[by]


async def titles(services: Services, by: By) -> Mapping[str, str]:
    """What the keys are called."""
    company = services.company
    if by is By.STAFF:
        async with services.db.read() as uow:
            people = (await uow.session.execute(select(Staff.id, Staff.name, Staff.number))).all()
        return {one.id: f"{one.name}（{one.number}）" for one in people}
    if by is By.DEPARTMENT:
        return {name: department.title for name, department in company.departments.items()}
    if by is By.CATEGORY:
        kinds = {str(kind): services.wording.render(f"kind_{kind}") for kind in Kind}
        return kinds | {name: one.title for name, one in company.complaints.categories.items()}
    return CHANNELS


@router.get("/reports/rows")
async def rows(
    services: Given,
    who: Lead,
    span: Days,
    measure: Measure,
    by: By = By.DAY,
    key: Annotated[str | None, Query(max_length=64)] = None,
    cursor: Filter = None,
    limit: Annotated[int, Query(ge=1, le=200)] = read.PAGE,
) -> FactsView:
    """The rows behind a figure, the latest first; without `key` behind that of all."""
    asked = read.Asked(measure, by, None if key is None else clean(key))
    found, after = await read.rows(services, span, asked, _place(cursor), limit)
    shown = [FactView(**{name: getattr(one, name) for name in FactView.model_fields}) for one in found]
    return FactsView(rows=shown, cursor=f"{after[0]}:{after[1]}" if after else None)


def _place(cursor: str | None) -> tuple[date, int] | None:
    day, _, number = (cursor or "").partition(":")
    if not cursor:
        return None
    try:
        return date.fromisoformat(day), max(0, int(number[:9]))
    except ValueError:
        raise InvalidInput("page_over", field="cursor") from None


class CameView(views.View):
    """Customers who came by a channel."""

    channel: str
    title: str
    count: int


class StepView(views.View):
    """A step from one place to the next, under the measure whose rows it opens; `lost`: customers drop out there."""

    before: Place
    after: Place
    before_title: str
    after_title: str
    lost: bool
    measure: MeasureView
    figure: Figure


class BlueprintView(views.View):
    """Where customers came in, went on, waited and dropped out. `missing`: days whose figures are not made yet."""

    first: date
    last: date
    came: list[CameView]
    steps: list[StepView]
    missing: list[date]


@router.get("/reports/blueprint")
async def service_blueprint(services: Given, who: Lead, span: Days) -> BlueprintView:
    """The service blueprint of a span of days."""
    found = await read.report(services, span, By.CHANNEL)
    drawn = blueprint(found.total, found.parts)
    return BlueprintView(
        first=span.first,
        last=span.last,
        came=[CameView(channel=one, title=CHANNELS.get(one, one), count=count) for one, count in drawn.came.items()],
        steps=[
            StepView(
                before=step.before,
                after=step.after,
                before_title=PLACES[step.before],
                after_title=PLACES[step.after],
                lost=step.lost,
                measure=measure_view(step.measure),
                figure=told,
            )
            for step, told in drawn.steps
        ],
        missing=found.missing,
    )


@router.get("/reports/sheet", **IS_EXCEL)
async def sheet(services: Given, who: Lead, span: Days, by: By = By.DAY) -> Response:
    """The same table as an Excel file."""
    found = await report(services, who, span, by)
    name = f"报表 {BY[by]} {span.first} 至 {span.last}"
    return excel(sheet_of(BY[by], _lines(found)), name, "report")


def _lines(found: ReportView) -> list[list[Written]]:
    """Headings, the total and the parts; a measure takes as many columns as it has figures."""
    headings: list[Written] = [BY[found.by]]
    for one in found.measures:
        headings += [f"{one.title}{suffix}" for suffix in _SUFFIXES[one.shown]]
    total = PartView(key="", title="合计", rest=False, figures=found.total)
    return [headings, *(_line(found, part) for part in (total, *found.parts))]


_SUFFIXES: Mapping[Shown, tuple[str, ...]] = {
    Shown.COUNT: ("",),
    Shown.TIME: ("：次数", "：中位数（分钟）", "：九成以内（分钟）"),
    Shown.NUMBER: ("：中位数", "：九成以内"),
    Shown.SHARE: ("（%）", "：共"),
    Shown.MEAN: ("", "：共"),
}


def _line(found: ReportView, part: PartView) -> list[Written]:
    cells: list[Written] = [f"{part.title}（休）" if part.rest else part.title]
    for one in found.measures:
        cells += _cells(one.shown, part.figures[one.name])
    return cells


def _cells(shown: Shown, told: Figure) -> list[Written]:
    match shown:
        case Shown.COUNT:
            return [told.count]
        case Shown.TIME:
            return [told.count, _minutes(told.median), _minutes(told.p90)]
        case Shown.NUMBER:
            return [told.median, told.p90]
        case Shown.SHARE:
            return [None if told.mean is None else round(told.mean * 100, 1), told.count]
        case Shown.MEAN:
            return [None if told.mean is None else round(told.mean, 2), told.count]


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
