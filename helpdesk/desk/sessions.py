"""Signing in and out, presence, who is there."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from helpdesk.desk.access import Anybody, Clean, Given, Who, address_of, check_origin
from helpdesk.desk.views import MeView, PresenceView, SessionView, StaffView, me_view, staff_view
from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases.people import sign_in as staff_sign_in
from helpdesk.usecases.people.lookup import everyone
from helpdesk.usecases.people.presence import set_presence
from helpdesk.usecases.people.sign_in import COOKIE, SESSION_LASTS, Origin
from helpdesk.usecases.queue.position import serving

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """User name and password, and the code of the second factor where there is one."""

    username: Clean = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)
    code: Clean | None = Field(None, max_length=20)


class Presence(BaseModel):
    """`online` or `away`."""

    state: Clean = Field(max_length=16)


@router.post("/session")
async def sign_in(body: Credentials, request: Request, response: Response, services: Given) -> SessionView:
    """Sign in: a token for programs, the same as a cookie for the desk."""
    check_origin(request)
    origin = Origin(address_of(request), request.headers.get("user-agent", ""))
    token, staff = await staff_sign_in.sign_in(services, body.username, body.password, origin, body.code)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return SessionView(token=token, role=staff.role, staff=await _me(services, staff))


@router.delete("/session", status_code=204)
async def sign_out(response: Response, services: Given, who: Anybody) -> None:
    """Revoke this session."""
    await staff_sign_in.sign_out(services, who)
    response.delete_cookie(COOKIE)


@router.get("/me")
async def me(services: Given, who: Anybody) -> MeView:
    """Who is signed in, what they have to set up first and what they may do."""
    return await _me(services, who.staff)


@router.post("/presence")
async def presence(body: Presence, services: Given, who: Who) -> PresenceView:
    """On duty or away. A program is then on duty for ten minutes, the desk until its heartbeat stops."""
    until = await set_presence(services, who, body.state)
    return PresenceView(state=body.state, until=until)


@router.get("/staff")
async def colleagues(services: Given, who: Who) -> list[StaffView]:
    """Everybody, and who of them is on duty."""
    found: Sequence[Staff] = await everyone(services)
    return [await _shown(services, one) for one in found]


async def _me(services: Services, staff: Staff) -> MeView:
    async with services.db.read() as uow:
        fresh = await uow.session.get_one(Staff, staff.id)
        return me_view(fresh, await serving(uow.session, staff.id), services.clock.now())


async def _shown(services: Services, staff: Staff) -> StaffView:
    async with services.db.read() as uow:
        fresh = await uow.session.get_one(Staff, staff.id)
        return staff_view(fresh, await serving(uow.session, staff.id), services.clock.now())
