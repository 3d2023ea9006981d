"""Accounts of staff, and their passwords, of which only a hash is kept."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases.people.duty import ensure_roster

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


async def ensure_demo_staff(services: Services, password: str) -> None:
    """The roster's accounts can sign in with this password (demo mode); kept as a hash only."""
    hashed = await asyncio.to_thread(_hasher.hash, password)
    async with services.db.write() as uow:
        await ensure_roster(uow, services.company)
        await uow.session.execute(
            update(Staff).where(Staff.id.in_(services.company.roster)).values(password_hash=hashed)
        )
        await uow.commit()
