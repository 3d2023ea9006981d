"""服务质量调查: sending it by choice, and what customers answered, by dimension (SERVQUAL)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from helpdesk.desk import views
from helpdesk.desk.access import Filter, Given, Id, Who
from helpdesk.desk.excel import IS_EXCEL, excel
from helpdesk.desk.report_words import BY
from helpdesk.desk.reports import Days, title_of, titles
from helpdesk.desk.supervision import Lead
from helpdesk.desk.tickets import detail_of
from helpdesk.model.place import Place
from helpdesk.model.report import By
from helpdesk.model.survey import Dimension, Gap, overall
from helpdesk.sheets import Written, sheet_of
from helpdesk.store.tables import Survey
from helpdesk.text.masking import mask_numbers
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.ratings import surveys
from helpdesk.usecases.reports.read import PAGE
from helpdesk.usecases.reports.surveys import survey_report, survey_rows

OVERALL = "overall"
"""All dimensions as one."""

router = APIRouter(tags=["reports"])


class GapView(views.View):
    """Of `count` answers the mean expectation and perception, 1 to 5, and the second less the first. Null: nothing."""

    count: int
    expected: float | None
    perceived: float | None
    gap: float | None


class AskedView(views.View):
    """A dimension as customers read it."""

    name: Dimension
    title: str
    says: str


class SurveyPartView(views.View):
    """Gaps of a day, person, department, channel or category, by dimension and `overall`."""

    key: str
    title: str
    gaps: dict[str, GapView]


class SurveyReportView(views.View):
    """Gaps of what was answered from `first` to `last`; `sent` were asked in these days."""

    first: date
    last: date
    by: By
    sent: int
    answered: int
    dimensions: list[AskedView]
    total: SurveyPartView
    parts: list[SurveyPartView]


class AnswerView(views.View):
    """One customer's answer: of each dimension what was expected and what was perceived."""

    number: str
    at: datetime | None
    staff: str
    channel: str
    category: str
    scores: dict[Dimension, tuple[int, int]]
    comment: str | None


class AnswersView(views.View):
    """A page of them; `cursor` is where the next one goes on."""

    rows: list[AnswerView]
    cursor: str | None


@router.post("/tickets/{number}/survey", status_code=201)
async def send(number: Id, services: Given, who: Who) -> views.TicketDetail:
    """Ask the customer of a case that is over what they think of the service."""
    made = await surveys.send(services, number.upper(), who.staff)
    return await detail_of(services, made.number, who.staff)


@router.get("/reports/survey")
async def report(services: Given, who: Lead, span: Days, by: By = By.DAY) -> SurveyReportView:
    """What customers answered in a span of days."""
    found = await survey_report(services, span, by)
    names = await titles(services, by)
    parts = [_part(key, title_of(by, key, names), told) for key, told in found.parts.items()]
    asked = services.company.survey.dimensions
    return SurveyReportView(
        first=span.first,
        last=span.last,
        by=by,
        sent=found.sent,
        answered=found.answered,
        dimensions=[AskedView(name=one, title=asked[one].title, says=asked[one].says) for one in Dimension],
        total=_part("", "合计", found.total),
        parts=parts[::-1] if by is By.DAY else sorted(parts, key=lambda one: -one.gaps[OVERALL].count),
    )


def _part(key: str, title: str, told: Mapping[Dimension, Gap]) -> SurveyPartView:
    every = {str(name): gap for name, gap in told.items()} | {OVERALL: overall(told)}
    return SurveyPartView(key=key, title=title, gaps={name: GapView(**vars(gap)) for name, gap in every.items()})


@router.get("/reports/survey/rows")
async def rows(
    services: Given,
    who: Lead,
    span: Days,
    by: By = By.DAY,
    key: Annotated[str | None, Query(max_length=64)] = None,
    cursor: Filter = None,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> AnswersView:
    """The answers behind a figure, the latest first."""
    found, after = await survey_rows(services, span, by, None if key is None else clean(key), Place(cursor, limit))
    return AnswersView(rows=[_answer(one) for one in found], cursor=after)


def _answer(one: Survey) -> AnswerView:
    return AnswerView(
        number=one.number,
        at=one.answered_at,
        staff=one.staff_id,
        channel=one.channel,
        category=one.category,
        scores={Dimension(name): (pair[0], pair[1]) for name, pair in (one.scores or {}).items()},
        comment=mask_numbers(one.comment) if one.comment else None,
    )


@router.get("/reports/survey/sheet", **IS_EXCEL)
async def sheet(services: Given, who: Lead, span: Days, by: By = By.DAY) -> Response:
    """The same table as an Excel file."""
    found = await report(services, who, span, by)
    name = f"服务质量调查 {BY[by]} {span.first} 至 {span.last}"
    return excel(sheet_of(BY[by], _lines(found)), name, "survey")


def _lines(found: SurveyReportView) -> list[list[Written]]:
    names = {str(one.name): one.title for one in found.dimensions} | {OVERALL: "五项合计"}
    headings: list[Written] = [BY[found.by], "问卷数"]
    for title in names.values():
        headings += [f"{title}：期望", f"{title}：感受", f"{title}：差距"]
    return [headings, *(_line(part, list(names)) for part in (found.total, *found.parts))]


def _line(part: SurveyPartView, names: list[str]) -> list[Written]:
    cells: list[Written] = [part.title, part.gaps[OVERALL].count]
    for name in names:
        told = part.gaps[name]
        cells += [None if one is None else round(one, 2) for one in (told.expected, told.perceived, told.gap)]
    return cells
