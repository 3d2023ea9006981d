"""人员: accounts, invitations, sessions, locking. For administrators, and for programs whose key has the scope."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import people_views as views
from helpdesk.desk.access import Admin, Clean, Given, Id
from helpdesk.services import Services
from helpdesk.usecases.journal import audit
from helpdesk.usecases.leaving import lock as locking
from helpdesk.usecases.leaving.hand_on import hand_on
from helpdesk.usecases.people import accounts, invitations, second_factor, sessions
from helpdesk.usecases.people.accounts import Wishes
from helpdesk.usecases.people.listing import list_people, person

router = APIRouter(tags=["people"])

Short = Field(None, max_length=64)


class Person(BaseModel):
    """What an account is to be; what is left out stays."""

    name: Clean | None = Short
    number: Clean | None = Short
    role: Clean | None = Short
    department: Clean | None = Short
    skills: list[Clean] | None = Field(None, max_length=100)
    capacity: int | None = Field(None, ge=-1000, le=1000)
    second_factor_required: bool | None = None

    def wishes(self) -> Wishes:
        """The same for the use-case."""
        given: dict[str, Any] = self.model_dump(exclude={"id", "second_factor_required"})
        return Wishes(**given, totp_required=self.second_factor_required)


class NewPerson(Person):
    """An account that is made; `id` is the name to sign in with."""

    id: Clean = Field(max_length=64)


class Lock(BaseModel):
    """Where tickets go: `to` a colleague, or each to whom it fits (`hand_on` without `to`), or nowhere yet."""

    hand_on: bool = False
    to: Clean | None = Short


class Heir(BaseModel):
    """Who gets it; nobody named: each matter goes to whom it fits."""

    to: Clean | None = Short


@router.get("/people")
async def people(services: Given, who: Admin) -> list[views.PersonView]:
    """Everybody, also who is invited or locked."""
    return [views.person_view(one) for one in await list_people(services)]


@router.post("/people", status_code=201)
async def add(body: NewPerson, services: Given, who: Admin) -> views.NewPersonView:
    """A new account and its link, by which its owner chooses a password within three days."""
    staff, invitation = await accounts.add(services, body.id, body.wishes(), audit.by_staff(who.staff.id))
    shown = await _shown(services, staff.id)
    return views.NewPersonView(person=shown, invitation=views.invitation_view(invitation))


@router.get("/people/{staff_id}")
async def one(staff_id: Id, services: Given, who: Admin) -> views.PersonView:
    """One account."""
    return await _shown(services, staff_id)


@router.patch("/people/{staff_id}")
async def change(staff_id: Id, body: Person, services: Given, who: Admin) -> views.PersonView:
    """Change an account; it counts from that person's next request on."""
    await accounts.change(services, staff_id, body.wishes(), audit.by_staff(who.staff.id))
    return await _shown(services, staff_id)


@router.post("/people/{staff_id}/invitation", status_code=201)
async def invite(staff_id: Id, services: Given, who: Admin) -> views.InvitationView:
    """A new link, also for who forgot the password; earlier links hold no longer."""
    return views.invitation_view(await invitations.invite(services, staff_id, audit.by_staff(who.staff.id)))


@router.post("/people/{staff_id}/lock")
async def lock(staff_id: Id, services: Given, who: Admin, body: Lock | None = None) -> views.LockedView:
    """Shut somebody out at once: sessions and open desks end, customers go back to their place in the queue."""
    actor, wanted = audit.by_staff(who.staff.id), body or Lock()
    requeued = await locking.lock(services, staff_id, actor)
    passed = await _hand_on(services, staff_id, wanted.to, actor) if wanted.hand_on or wanted.to else None
    return views.LockedView(person=await _shown(services, staff_id), requeued=requeued, handed_on=passed)


@router.post("/people/{staff_id}/unlock")
async def unlock(staff_id: Id, services: Given, who: Admin) -> views.PersonView:
    """Let somebody in again, with the password they had."""
    await locking.unlock(services, staff_id, audit.by_staff(who.staff.id))
    return await _shown(services, staff_id)


@router.post("/people/{staff_id}/hand-on")
async def pass_on(staff_id: Id, services: Given, who: Admin, body: Heir | None = None) -> views.HandedOnView:
    """All open tickets and promises of somebody pass to others; customers are told who has their ticket."""
    return await _hand_on(services, staff_id, body.to if body else None, audit.by_staff(who.staff.id))


@router.delete("/people/{staff_id}/second-factor")
async def reset_second_factor(staff_id: Id, services: Given, who: Admin) -> views.PersonView:
    """A telephone is lost: its codes count no more, also in no open session."""
    actor = audit.by_staff(who.staff.id)
    await second_factor.reset(services, staff_id, actor)
    await sessions.revoke_every(services, staff_id, actor, but=who.token_hash)
    return await _shown(services, staff_id)


@router.get("/people/{staff_id}/sessions")
async def open_sessions(staff_id: Id, services: Given, who: Admin) -> list[views.StaffSessionView]:
    """Where somebody is signed in."""
    await person(services, staff_id)
    async with services.db.read() as uow:
        found = await sessions.open_sessions(uow.session, staff_id, services.clock.now())
    return [views.session_view(one, who.token_hash) for one in found]


@router.delete("/people/{staff_id}/sessions", status_code=204)
async def revoke_every(staff_id: Id, services: Given, who: Admin) -> None:
    """Sign somebody out everywhere; oneself, everywhere else."""
    await person(services, staff_id)
    await sessions.revoke_every(services, staff_id, audit.by_staff(who.staff.id), but=who.token_hash)


@router.delete("/people/{staff_id}/sessions/{session_id}", status_code=204)
async def revoke(staff_id: Id, session_id: Id, services: Given, who: Admin) -> None:
    """Sign somebody out in one place."""
    await sessions.revoke(services, staff_id, session_id, audit.by_staff(who.staff.id))


async def _hand_on(services: Services, staff_id: str, to: str | None, actor: str) -> views.HandedOnView:
    passed = await hand_on(services, staff_id, to or None, actor)
    return views.HandedOnView(tickets=passed.tickets, promises=len(passed.promises))


async def _shown(services: Services, staff_id: str) -> views.PersonView:
    return views.person_view(await person(services, staff_id))
