"""Accounts of staff, and their passwords, of which only a hash is kept."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.services import Services
from helpdesk.store.tables import Staff, StaffSession
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import ensure_roster

SHORTEST_PASSWORD = 10  # characters
_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    """Verified when there is no such account, so that it takes as long as a wrong password."""
    return _hasher.hash(secrets.token_hex(16))


def matches(staff: Staff | None, password: str) -> bool:
    """Whether the password is this person's; runs in a thread, for it is slow by intent."""
    known = staff.password_hash if staff is not None and staff.active else None
    try:
        return _hasher.verify(known or _decoy(), password) and known is not None
    except (VerificationError, InvalidHashError):
        return False


async def everyone(services: Services) -> Sequence[Staff]:
    """All active members of staff, by id."""
    async with services.db.read() as uow:
        return (await uow.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id))).all()


async def ensure_staff(services: Services) -> None:
    """Rows for the roster, without passwords: every matter has an owner from the first day on."""
    async with services.db.write() as uow:
        await ensure_roster(uow, services.company)
        await uow.commit()


async def set_password(services: Services, staff_id: str, password: str) -> None:
    """Give one of the roster a password; whoever was signed in by an earlier one is signed out.

    Raises:
        InvalidInput: it is too short. NotFound: nobody on the roster has this id.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"a password has at least {SHORTEST_PASSWORD} characters", field="password")
    hashed, now = await asyncio.to_thread(_hasher.hash, password), services.clock.now()
    async with services.db.write() as uow:
        await ensure_roster(uow, services.company)
        staff = await uow.session.get(Staff, staff_id)
        if staff is None:
            raise NotFound(f"nobody on company/roster.yml has the id {staff_id}")
        staff.password_hash = hashed
        signed_in = (StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
        await uow.session.execute(update(StaffSession).where(*signed_in).values(revoked_at=now))
        audit.note(uow, audit.SYSTEM, "password_set", staff_id, now)
        await uow.commit()


async def ensure_demo_staff(services: Services, password: str) -> None:
    """The roster's accounts can sign in with this password (demo mode); kept as a hash only."""
    hashed = await asyncio.to_thread(_hasher.hash, password)
    async with services.db.write() as uow:
        await ensure_roster(uow, services.company)
        await uow.session.execute(
            update(Staff).where(Staff.id.in_(services.company.roster)).values(password_hash=hashed)
        )
        await uow.commit()
