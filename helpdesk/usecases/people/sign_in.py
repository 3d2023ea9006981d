"""Staff sign in and out. A session is a token of which only the hash is kept."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.door.addresses import network
from helpdesk.errors import NotSignedIn, SecondFactorWanted, SetupNeeded
from helpdesk.services import Services
from helpdesk.store.tables import Staff, StaffSession
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle, Tries, forgive, try_once
from helpdesk.usecases.people import news, second_factor
from helpdesk.usecases.people.passwords import matches
from helpdesk.usecases.people.sessions import note_seen
from helpdesk.usecases.people.tokens import digest

SESSION_LASTS = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
FAILED_LOGIN = Throttle("login", 5, MINUTE)
FAILED_ADDRESS = Throttle("login_address", 30, MINUTE)
"""One address may hold a whole office, so it has more room than one account from one address."""
COOKIE = "helpdesk_session"


@dataclass(frozen=True)
class Origin:
    """Where somebody signs in from: an address, and what the browser or program calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class SignedIn:
    """Who is asking. `by_cookie`: a browser, to which origin checks and heartbeats apply."""

    staff: Staff
    token_hash: str
    by_cookie: bool = False


def needs(staff: Staff) -> list[str]:
    """What somebody has to do before anything else: choose a password, set up a second factor."""
    found = {"password": staff.must_change_password, "second_factor": staff.totp_required and not staff.totp_secret}
    return [name for name, is_needed in found.items() if is_needed]


async def sign_in(
    services: Services, username: str, password: str, origin: Origin, code: str | None = None
) -> tuple[str, Staff]:
    """A new session's token, and whose it is. `code` is that of the second factor, where there is one.

    Raises:
        NotSignedIn: account, password or code is wrong (which, is not told).
        SecondFactorWanted: account and password are right, and a code has to come with them.
        TooManyTries: five failures in a minute for this account from this address.
    """
    now, address = services.clock.now(), origin.address
    async with services.db.read() as uow:
        staff = await uow.session.get(Staff, username)
    tries = await _counted(services, username, address, staff is not None, now)
    if not await asyncio.to_thread(matches, staff, password) or staff is None:
        await _note_failure(services, address, username)
        raise NotSignedIn("sign_in_wrong")
    if staff.totp_secret is not None:
        await _check_code(services, staff, code, tries, address)
    await forgive(services.db, tries)
    return await open_session(services, staff, now, origin), staff


async def _check_code(services: Services, staff: Staff, code: str | None, tries: Tries, address: str) -> None:
    """Asking for the code is no failure; a wrong one counts like a wrong password."""
    if not code:
        await forgive(services.db, tries)
        raise SecondFactorWanted()
    if not await second_factor.use(services, staff.id, code):
        await _note_failure(services, address, staff.id)
        raise SecondFactorWanted("code_wrong")


async def _counted(services: Services, username: str, address: str, is_known: bool, now: datetime) -> Tries:
    """Count the try before the password is hashed, or many at once are all looked at.

    An address that failed too often keeps nobody out who has an account and did not fail from there: a colleague's
    programs, or whoever else is behind the same proxy, must not be able to.

    Raises:
        TooManyTries: and the try itself counts no longer.
    """
    place = network(address)
    tries = await try_once(services.db, {FAILED_LOGIN: f"{username}@{place}", FAILED_ADDRESS: place}, now)
    is_first = is_known and tries.counted[FAILED_LOGIN] == 1
    if FAILED_LOGIN in tries.over or (tries.over and not is_first):
        await forgive(services.db, tries)
        raise tries.over[0].refusal("sign_ins_too_many")
    return tries


async def _note_failure(services: Services, address: str, username: str) -> None:
    async with services.db.write() as uow:
        audit.note(uow, audit.SYSTEM, "login_failed", username[:255], address=address)
        await uow.commit()


async def open_session(services: Services, staff: Staff, now: datetime, origin: Origin | None = None) -> str:
    """A session for who has proved who they are; its token, which is stored nowhere."""
    token, origin = secrets.token_urlsafe(32), origin or Origin()
    async with services.db.write(now) as uow:
        uow.session.add(
            StaffSession(
                token_hash=digest(token),
                staff_id=staff.id,
                created_at=now,
                expires_at=now + SESSION_LASTS,
                seen_at=now,
                address=origin.address[:64],
                agent=origin.agent[:255],
            )
        )
        audit.note(uow, audit.by_staff(staff.id), "signed_in", staff.id)
        await uow.commit()
    return token


async def signed_in(services: Services, token: str | None) -> Staff | None:
    """Who a token belongs to; None for an unknown, expired or revoked one, and for an account that was closed."""
    if not token:
        return None
    now = services.clock.now()
    async with services.db.read() as uow:
        session = await uow.session.get(StaffSession, digest(token))
        if session is None or session.revoked_at is not None or session.expires_at <= now:
            return None
        staff = await uow.session.get_one(Staff, session.staff_id)
    if not staff.active:
        return None
    await note_seen(services, session, now)
    return staff


async def at_work(services: Services, token: str | None) -> Staff | None:
    """The same for who has nothing to set up first: only they may work at the desk."""
    staff = await signed_in(services, token)
    return None if staff is None or needs(staff) else staff


async def identify(services: Services, token: str | None, *, by_cookie: bool) -> SignedIn:
    """The same, for whoever needs to know it.

    Raises:
        NotSignedIn: the token is nobody's.
    """
    staff = await signed_in(services, token)
    if staff is None or token is None:
        raise NotSignedIn("sign_in_first" if not token else "signed_out")
    return SignedIn(staff, digest(token), by_cookie)


SETUP = {"password": "password_first", "second_factor": "second_factor_first"}


def require_set_up(who: SignedIn) -> None:
    """Let somebody work.

    Raises:
        SetupNeeded: a password or a second factor comes first; `needs` in the details says which.
    """
    found = needs(who.staff)
    if found:
        raise SetupNeeded(SETUP[found[0]], needs=found)


async def sign_out(services: Services, who: SignedIn) -> None:
    """Revoke this session; others of the same person go on."""
    async with services.db.write() as uow:
        session = await uow.session.get(StaffSession, who.token_hash)
        if session is not None and session.revoked_at is None:
            session.revoked_at = uow.now
            await news.changed(services, uow)
        audit.note(uow, audit.by_staff(who.staff.id), "signed_out", who.staff.id)
        await uow.commit()
