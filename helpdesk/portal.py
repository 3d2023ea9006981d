"""The follow-up page for customers: /follow. No session, no cookie: a number and four digits, throttled."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk.access import Given
from helpdesk.door.addresses import caller_of
from helpdesk.door.forms import picture_of
from helpdesk.door.limits import PICTURES_FROM
from helpdesk.usecases.tickets import follow as portal
from helpdesk.usecases.tickets import follow_acts, follow_pictures
from helpdesk.web_pages import add_page

KEY_HEADER = "X-Follow-Key"

router = APIRouter(include_in_schema=False)


class Asked(BaseModel):
    """What the customer enters."""

    number: str = Field(max_length=100)
    last4: str = Field(max_length=20)


class Link(BaseModel):
    """What stands behind `#` in the link of a notice."""

    token: str = Field(max_length=64)


class Act(BaseModel):
    """Something that the customer adds, or their reason for an appeal."""

    key: str = Field(max_length=200)
    text: str = Field(max_length=4000)


class Score(BaseModel):
    """What they think of the result."""

    key: str = Field(max_length=200)
    score: int
    comment: str = Field("", max_length=4000)


class StepView(BaseModel):
    """Something that happened."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    text: str


class LetterView(StepView):
    """A letter as the customer got it."""

    title: str


class FollowedView(BaseModel):
    """What the page shows of a ticket."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    kind_title: str
    status: str
    status_title: str
    level_title: str
    round: int
    owner: str
    promised_at: datetime | None
    steps: list[StepView]
    letters: list[LetterView]
    key: str
    """With it the customer may add something, rate or appeal for half an hour."""
    may_appeal: bool
    may_rate: bool


@router.get("/follow/about.json")
async def about(services: Given) -> JSONResponse:
    """Whose page it is."""
    profile = services.company.profile
    shown = {
        "company": profile.name,
        "hotline": profile.hotline,
        "colour": profile.brand_colour,
        "zone": profile.time_zone,
    }
    return JSONResponse(shown, headers={"Cache-Control": "no-cache"})


add_page(router, "follow", {"follow.css", "follow.js", "about.js", "pictures.js"})


@router.post("/follow")
async def follow(asked: Asked, request: Request, services: Given, response: Response) -> FollowedView:
    """A ticket as its customer may see it."""
    caller = caller_of(request.scope)
    place = "" if caller.is_shared else caller.network
    return _private(response, await portal.follow(services, asked.number, asked.last4, place))


@router.post("/follow/link")
async def open_link(link: Link, services: Given, response: Response) -> FollowedView:
    """The ticket that the link of a notice opens, once."""
    return _private(response, await portal.follow_link(services, link.token))


@router.post("/follow/remark")
async def remark(act: Act, services: Given, response: Response) -> FollowedView:
    """Add something to one's ticket; the ticket as it is then."""
    number = await follow_acts.remark(services, act.key, act.text)
    return _private(response, await portal.again(services, number))


@router.post("/follow/appeal")
async def appeal(act: Act, services: Given, response: Response) -> FollowedView:
    """Do not accept the result; the ticket under which it goes on."""
    number = await follow_acts.appeal(services, act.key, act.text)
    return _private(response, await portal.again(services, number))


@router.post("/follow/rating")
async def rate(score: Score, services: Given, response: Response) -> FollowedView:
    """Rate the result."""
    number = await follow_acts.rate(services, score.key, score.score, score.comment)
    return _private(response, await portal.again(services, number))


@router.post("/follow/pictures")
async def add_picture(request: Request, services: Given, response: Response) -> FollowedView:
    """Add a picture to one's ticket: a form with the field `picture`; the key stands in the header."""
    key = request.headers.get(KEY_HEADER, "")
    follow_acts.opened_by(services, key)
    await services.limiter.take_from(PICTURES_FROM, caller_of(request.scope))
    number = await follow_pictures.add(services, key, await picture_of(request.headers, request.stream()))
    return _private(response, await portal.again(services, number))


def _private(response: Response, found: portal.Followed) -> FollowedView:
    response.headers["Cache-Control"] = "no-store"
    return FollowedView.model_validate(found)
