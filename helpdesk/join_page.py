"""The page /join, on which a customer shows by a code that a mobile number is theirs. No session, no cookie: the link
from their conversation says whose it is.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from helpdesk.desk.access import Given
from helpdesk.door.addresses import caller_of
from helpdesk.usecases.conversations import joining
from helpdesk.web_pages import add_page

router = APIRouter(include_in_schema=False)


class Number(BaseModel):
    """The number that a code is to be sent to."""

    token: str = Field(max_length=200)
    phone: str = Field(max_length=40)


class Code(BaseModel):
    """What the customer read."""

    token: str = Field(max_length=200)
    code: str = Field(max_length=20)


class ShownView(BaseModel):
    """The number, masked."""

    phone: str


add_page(router, "join", {"join.js"})


@router.post("/join/code")
async def send(asked: Number, request: Request, services: Given, response: Response) -> ShownView:
    """Send a code."""
    caller = caller_of(request.scope)
    place = "" if caller.is_shared else caller.network
    return _private(response, await joining.send_code(services, asked.token, asked.phone, place))


@router.post("/join")
async def prove(asked: Code, services: Given, response: Response) -> ShownView:
    """The code was read: the number is the customer's own."""
    return _private(response, await joining.prove(services, asked.token, asked.code))


def _private(response: Response, phone: str) -> ShownView:
    response.headers["Cache-Control"] = "no-store"
    return ShownView(phone=phone)
