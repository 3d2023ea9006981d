"""Invitations: a link by which somebody chooses a password, once, within three days."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from helpdesk.errors import NotFound
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, StaffInvitation
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import news, passwords
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.people.sessions import revoke_all
from helpdesk.usecases.people.tokens import digest

LASTS = timedelta(days=3)


@dataclass(frozen=True)
class Invitation:
    """A link's path, which is stored nowhere, and until when it holds. After `#` no server or log sees it."""

    staff_id: str
    path: str
    expires_at: datetime


async def invite(services: Services, staff_id: str, actor: str) -> Invitation:
    """A new link for somebody, also for who forgot the password; earlier ones hold no longer.

    Raises:
        NotFound: there is nobody with this id, or they are locked.
    """
    async with services.db.write() as uow:
        made = await invite_within(services, uow, await locked_person(uow, staff_id), actor)
        await uow.commit()
    return made


async def invite_within(services: Services, uow: UnitOfWork, staff: Staff, actor: str) -> Invitation:
    """The same within a unit of work."""
    if not staff.active:
        raise NotFound("account_locked", name=staff.name)
    token, now = secrets.token_urlsafe(32), services.clock.now()
    await _void(uow, staff.id)
    uow.session.add(
        StaffInvitation(token_hash=digest(token), staff_id=staff.id, made_by=actor, made_at=now, expires_at=now + LASTS)
    )
    audit.note(uow, actor, "staff_invited", staff.id)
    await news.changed(services, uow)
    return Invitation(staff.id, f"/desk/invitation#{token}", now + LASTS)


async def _void(uow: UnitOfWork, staff_id: str) -> None:
    unused = (StaffInvitation.staff_id == staff_id, StaffInvitation.used_at.is_(None))
    await uow.session.execute(update(StaffInvitation).where(*unused).values(used_at=uow.now))


async def invited(services: Services, token: str) -> Staff:
    """Whom a link is for.

    Raises:
        NotFound: it was used, is too old, or there never was one.
    """
    async with services.db.read() as uow:
        return (await _found(services, uow, token))[1]


async def _found(services: Services, uow: UnitOfWork, token: str) -> tuple[StaffInvitation, Staff]:
    query = select(StaffInvitation).where(StaffInvitation.token_hash == digest(token)).with_for_update()
    found = await uow.session.scalar(query)
    if found is None or found.used_at is not None or found.expires_at <= services.clock.now():
        raise NotFound("invitation_over")
    staff = await uow.session.get_one(Staff, found.staff_id)
    if not staff.active:
        raise NotFound("invitation_over")
    return found, staff


async def accept(services: Services, token: str, password: str) -> Staff:
    """Somebody chose a password by a link, which holds no longer; sessions of an earlier password end.

    Raises:
        NotFound: see `invited`. InvalidInput: it is no password.
    """
    passwords.check(password, await invited(services, token))
    kept, now = await passwords.hashed(password), services.clock.now()
    async with services.db.write(now) as uow:
        invitation, staff = await _found(services, uow, token)
        invitation.used_at = now
        staff.password_hash, staff.must_change_password = kept, False
        await revoke_all(uow, staff.id)
        audit.note(uow, audit.by_staff(staff.id), "invitation_accepted", staff.id)
        await news.changed(services, uow)
        await uow.commit()
    return staff
