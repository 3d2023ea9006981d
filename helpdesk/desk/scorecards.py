"""个人服务记录: how somebody serves, for themselves and for whoever leads; notes that help them on (G5)."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Filled, Given, Id, Who
from helpdesk.desk.reports import Days, MeasureView, figures_of, measure_view
from helpdesk.desk.supervision import Lead
from helpdesk.errors import InvalidInput
from helpdesk.model.report import Figure, Measure
from helpdesk.model.scorecard import Voice
from helpdesk.services import Services
from helpdesk.store.tables import Audit
from helpdesk.usecases.reports import read, scorecard

router = APIRouter(tags=["reports"])

LONGEST_DAYS = 92
SHOWN = 100
"""Rows of one kind; the counts are of all."""
TOLD = (Measure.TO_FIRST_WORD, Measure.FIRST_CONTACT, Measure.PROMISES_KEPT, Measure.SATISFIED, Measure.SCORE)


class LackView(views.View):
    """A stay that lacks voices: greeted, answered, seen_off."""

    conversation_id: str
    at: datetime
    missing: list[Voice]


class ForcedView(views.View):
    """What was sent although the language check would have it mended: in a conversation or a ticket, and for what."""

    at: datetime
    subject: str
    codes: list[str]


class CoachingView(views.View):
    """A note about somebody's service."""

    at: datetime
    by: str
    text: str


class AttendanceView(views.View):
    """Minutes by the roster, of them here, and here besides; when the person was not here in time."""

    rostered: int
    kept: int
    besides: int
    late: list[datetime]


class CardView(views.View):
    """One person's card. `voices`: in how many of the `stays` each was heard; `replies` sent, of them `forced`."""

    id: str
    name: str
    number: str
    stays: int
    voices: dict[Voice, int]
    lacks: list[LackView]
    replies: int
    forced_count: int
    forced: list[ForcedView]
    attendance: AttendanceView
    measures: list[MeasureView]
    figures: dict[Measure, Figure]
    notes: list[CoachingView]


class Note(BaseModel):
    """What would help."""

    text: Filled = Field(max_length=1000)


@router.get("/me/scorecard")
async def mine(services: Given, who: Who, span: Days) -> CardView:
    """One's own card."""
    return await _card(services, who.staff.id, span)


@router.get("/scorecards/{staff_id}")
async def of_person(staff_id: Id, services: Given, who: Lead, span: Days) -> CardView:
    """Somebody's card."""
    return await _card(services, staff_id, span)


@router.post("/scorecards/{staff_id}/notes", status_code=201)
async def coach(staff_id: Id, body: Note, services: Given, who: Lead) -> CoachingView:
    """Write somebody a note, which they read on their card."""
    return _note(await scorecard.coach(services, staff_id, body.text, who.staff))


async def _card(services: Services, staff_id: str, span: read.Span) -> CardView:
    if len(span.days()) > LONGEST_DAYS:
        raise InvalidInput("scorecard_span", days=LONGEST_DAYS, field="from", fields=["from", "to"])
    found = await scorecard.card(services, staff_id, span)
    roster = found.attendance
    return CardView(
        id=found.staff.id,
        name=found.staff.name,
        number=found.staff.number,
        stays=found.stays,
        voices={voice: found.stays - found.without(voice) for voice in Voice},
        lacks=[LackView(**vars(one)) for one in found.lacks[:SHOWN]],
        replies=found.replies,
        forced_count=len(found.forced),
        forced=[_forced(one) for one in found.forced[:SHOWN]],
        attendance=AttendanceView(
            rostered=round(roster.rostered.total_seconds() / 60),
            kept=round(roster.kept.total_seconds() / 60),
            besides=round(roster.besides.total_seconds() / 60),
            late=list(roster.late),
        ),
        measures=[measure_view(one) for one in TOLD],
        figures=figures_of(found.figures, TOLD),
        notes=[_note(one) for one in found.notes],
    )


def _forced(row: Audit) -> ForcedView:
    findings = (row.detail or {}).get("findings") or []
    return ForcedView(at=row.at, subject=row.subject, codes=sorted({str(one["code"]) for one in findings}))


def _note(row: Audit) -> CoachingView:
    text = str((row.detail or {}).get("text", ""))
    return CoachingView(at=row.at, by=row.actor.removeprefix("staff:"), text=text)
