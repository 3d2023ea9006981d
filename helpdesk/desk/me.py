"""One's own account: password, second factor, where one is signed in; and how an invited person comes in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from helpdesk.desk import people_views as views
from helpdesk.desk.access import Anybody, Clean, Given, Id, check_origin
from helpdesk.errors import Conflict
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import invitations, passwords, second_factor, sessions

router = APIRouter(tags=["session"])


class NewPassword(BaseModel):
    """The present password, and the one that is to be."""

    current: str = Field(max_length=1000)
    password: str = Field(max_length=1000)


class Code(BaseModel):
    """Six digits of an authenticator."""

    code: Clean = Field(max_length=20)


class Link(BaseModel):
    """What stands after `#` in an invitation's address."""

    token: str = Field(max_length=200)


class Acceptance(Link):
    """The same, and the password that was chosen."""

    password: str = Field(max_length=1000)


@router.post("/me/password", status_code=204)
async def change_password(body: NewPassword, services: Given, who: Anybody) -> None:
    """Choose a new password; one stays signed in here, and nowhere else."""
    await passwords.change_own(services, who.staff.id, who.token_hash, body.current, body.password)


@router.post("/me/second-factor", status_code=201)
async def offer_second_factor(services: Given, who: Anybody) -> views.OfferView:
    """A secret for one's authenticator; it counts once a code of it was shown."""
    made = await second_factor.offer(services, who.staff.id)
    return views.OfferView(secret=made.secret, uri=made.uri, picture=made.picture)


@router.post("/me/second-factor/confirm", status_code=204)
async def confirm_second_factor(body: Code, services: Given, who: Anybody) -> None:
    """The authenticator shows the right code: from now on one is asked for at every sign-in."""
    await second_factor.confirm(services, who.staff.id, body.code)


@router.post("/me/second-factor/drop", status_code=204)
async def drop_second_factor(body: Code, services: Given, who: Anybody) -> None:
    """Sign in without a code from now on, or, where one is required, set up another telephone."""
    if who.staff.totp_secret is None:
        raise Conflict("second_factor_off")
    await second_factor.drop(services, who.staff.id, body.code)


@router.get("/me/sessions")
async def my_sessions(services: Given, who: Anybody) -> list[views.StaffSessionView]:
    """Where one is signed in."""
    async with services.db.read() as uow:
        found = await sessions.open_sessions(uow.session, who.staff.id, services.clock.now())
    return [views.session_view(one, who.token_hash) for one in found]


@router.delete("/me/sessions", status_code=204)
async def revoke_others(services: Given, who: Anybody) -> None:
    """Sign out everywhere else."""
    await sessions.revoke_every(services, who.staff.id, audit.by_staff(who.staff.id), but=who.token_hash)


@router.delete("/me/sessions/{session_id}", status_code=204)
async def revoke(session_id: Id, services: Given, who: Anybody) -> None:
    """Sign out in one place."""
    await sessions.revoke(services, who.staff.id, session_id, audit.by_staff(who.staff.id))


@router.post("/invitation")
async def look(body: Link, request: Request, services: Given) -> views.InvitedView:
    """Whom an invitation is for; nobody has to be signed in."""
    check_origin(request)
    staff = await invitations.invited(services, body.token)
    return views.InvitedView(id=staff.id, name=staff.name, number=staff.number)


@router.post("/invitation/accept")
async def accept(body: Acceptance, request: Request, services: Given) -> views.InvitedView:
    """Choose a password by an invitation, which holds no longer; then sign in with it."""
    check_origin(request)
    staff = await invitations.accept(services, body.token, body.password)
    return views.InvitedView(id=staff.id, name=staff.name, number=staff.number)
