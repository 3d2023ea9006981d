"""The page /survey behind the link of a survey: no session, no cookie, the link says which case it is about."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from helpdesk.desk.access import Given
from helpdesk.errors import NotAllowed
from helpdesk.model.survey import Dimension
from helpdesk.services import Services
from helpdesk.usecases.people.sign_in import COOKIE
from helpdesk.usecases.ratings import survey_answers
from helpdesk.web_pages import add_page

router = APIRouter(include_in_schema=False)


class Link(BaseModel):
    """What stands behind `#` in the link."""

    token: str = Field(max_length=64)


class Answered(Link):
    """Of each dimension what was expected and what was perceived, 1 to 5."""

    scores: dict[Dimension, tuple[int, int]] = Field(max_length=len(Dimension))
    comment: str = Field("", max_length=4000)


class DimensionView(BaseModel):
    """A dimension in words."""

    name: Dimension
    title: str
    says: str


class QuestionsView(BaseModel):
    """What the page asks."""

    number: str
    kind_title: str
    expected: str
    perceived: str
    scale: list[str]
    dimensions: list[DimensionView]


add_page(router, "survey", {"survey.css", "survey.js"})


@router.post("/survey/open")
async def open_link(link: Link, services: Given, response: Response) -> QuestionsView:
    """The questions, as long as the link counts."""
    found = await survey_answers.opened(services, link.token)
    response.headers["Cache-Control"] = "no-store"
    survey = services.company.survey
    return QuestionsView(
        number=found.number,
        kind_title=found.kind_title,
        **survey.questions.model_dump(),
        scale=list(survey.scale),
        dimensions=[
            DimensionView(name=name, title=survey.dimensions[name].title, says=survey.dimensions[name].says)
            for name in Dimension
        ],
    )


@router.post("/survey/answer", status_code=204)
async def answer(told: Answered, request: Request, services: Given) -> None:
    """Keep the answers, once. Whoever is signed in at the desk is no customer."""
    _by_customer(services, request)
    scores = {str(name): list(pair) for name, pair in told.scores.items()}
    await survey_answers.answer(services, told.token, scores, told.comment)


def _by_customer(services: Services, request: Request) -> None:
    if COOKIE in request.cookies:
        raise NotAllowed("survey_by_staff")
