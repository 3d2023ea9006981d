"""Passwords, of which only a hash is kept: chosen by oneself, or given by an administrator and then to be changed."""

from __future__ import annotations

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.errors import InvalidInput, Reason
from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle
from helpdesk.usecases.people import news
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.people.sessions import revoke_all

SHORTEST, LONGEST = 10, 256  # characters
OWN_PASSWORD = Throttle("own_password", 5)
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


async def hashed(password: str) -> str:
    """What is kept of a password."""
    return await asyncio.to_thread(_hasher.hash, password)


def check(password: str, staff: Staff) -> None:
    """Whether somebody may have this password.

    Raises:
        InvalidInput: it is too short or too long, of one character, or the person's own name or number.
    """
    own = {staff.id.lower(), staff.number.lower(), staff.name.lower()}
    if len(password) < SHORTEST:
        raise InvalidInput.at({"password": Reason("password_short", least=SHORTEST)})
    if len(password) > LONGEST:
        raise InvalidInput.at({"password": Reason("password_long", most=LONGEST)})
    if len(set(password)) < 3 or password.lower().strip("0123456789") in own:
        raise InvalidInput.at({"password": Reason("password_easy")})


async def change_own(services: Services, staff_id: str, token_hash: str, current: str, password: str) -> None:
    """Somebody chooses a new password; every other session of theirs ends.

    Raises:
        InvalidInput: `current` is not the present password, or the new one is none. TooManyTries.
    """
    now = services.clock.now()
    async with services.db.read() as uow:
        await OWN_PASSWORD.check(uow.session, staff_id, now, "passwords_too_many")
        staff = await uow.session.get_one(Staff, staff_id)
    if not await asyncio.to_thread(matches, staff, current):
        async with services.db.write(now) as uow:
            OWN_PASSWORD.note(uow, staff_id)
            await uow.commit()
        raise InvalidInput.at({"current": Reason("password_not_current")})
    check(password, staff)
    if password == current:
        raise InvalidInput.at({"password": Reason("password_same")})
    kept = await hashed(password)
    async with services.db.write(now) as uow:
        staff = await locked_person(uow, staff_id)
        staff.password_hash, staff.must_change_password = kept, False
        await revoke_all(uow, staff_id, but=token_hash)
        audit.note(uow, audit.by_staff(staff_id), "password_changed", staff_id)
        await news.changed(services, uow)
        await uow.commit()


async def give(services: Services, staff_id: str, password: str, actor: str) -> None:
    """Give somebody a password to sign in with once; they choose their own then. Their sessions end.

    Raises:
        NotFound: there is nobody with this id. InvalidInput: it is no password.
    """
    now = services.clock.now()
    async with services.db.read() as uow:
        check(password, await locked_person(uow, staff_id))
    kept = await hashed(password)
    async with services.db.write(now) as uow:
        staff = await locked_person(uow, staff_id)
        staff.password_hash, staff.must_change_password = kept, True
        await revoke_all(uow, staff_id)
        audit.note(uow, actor, "password_given", staff_id)
        await news.changed(services, uow)
        await uow.commit()
