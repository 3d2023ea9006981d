"""What customers answer on the page behind a survey's link: once, and until it is too old."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.matter import Matter
from helpdesk.model.survey import BAD, Scores, is_whole, perceived_mean
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Survey, Ticket
from helpdesk.usecases.conversations.receive import as_stored
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.tokens import digest
from helpdesk.usecases.tickets.internal import open_internal
from helpdesk.usecases.tickets.register import Opening

LONGEST = 1000  # characters


@dataclass(frozen=True)
class Opened:
    """What the page asks about: a case, in words."""

    number: str
    kind_title: str


async def opened(services: Services, token: str) -> Opened:
    """What a link is about.

    Raises:
        NotFound: it is unknown or too old. Conflict: it was answered.
    """
    async with services.db.read() as uow:
        survey = await _found(services, uow, token)
        ticket = await uow.session.get_one(Ticket, survey.number)
    return Opened(ticket.number, services.wording.render(f"kind_{ticket.kind}"))


async def answer(services: Services, token: str, scores: Scores, comment: str) -> None:
    """Keep what a customer thinks; who is discontent with us in all becomes a supervisor's task (G2).

    Raises:
        NotFound. Conflict: it was answered before. InvalidInput: a score is missing, or the words are too long.
    """
    now = services.clock.now()
    words = as_stored(comment)
    if not is_whole(scores) or len(words) > LONGEST:
        raise InvalidInput("survey_incomplete", field="scores")
    async with services.db.write(now) as uow:
        survey = await _found(services, uow, token, lock=True)
        survey.scores = {name: list(pair) for name, pair in scores.items()}
        survey.comment, survey.answered_at = words or None, now
        if perceived_mean(scores) <= BAD:
            await _follow_up(services, uow, survey)
        await uow.commit()


async def _found(services: Services, uow: UnitOfWork, token: str, *, lock: bool = False) -> Survey:
    query = select(Survey).where(Survey.link_hash == digest(token))
    survey = await uow.session.scalar(query.with_for_update() if lock else query)
    if survey is not None and survey.answered_at is not None:
        raise Conflict("survey_answered")
    if survey is None or survey.until <= uow.now:
        raise NotFound("survey_over")
    return survey


async def _follow_up(services: Services, uow: UnitOfWork, survey: Survey) -> None:
    mean = f"{perceived_mean(survey.scores or {}):.1f}"
    told = {"number": survey.number, "score": mean, "comment": survey.comment or "—"}
    matter = Matter(
        Kind.INTERNAL, {"description": services.wording.render("task_low_survey", **told)}, category="low_rating"
    )
    await open_internal(services, uow, matter, Opening(survey.customer_id, audit.SYSTEM))
