"""Staff: accounts, signing in and out, presence."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from helpdesk.errors import InvalidInput, NotSignedIn
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, StaffSession
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle
from helpdesk.usecases.people.duty import AWAY, ONLINE, announce_presence, ensure_roster, is_on_duty

SESSION_LASTS = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
FAILED_LOGIN = Throttle("login", 5, MINUTE)
FAILED_ADDRESS = Throttle("login_address", 30, MINUTE)
"""One address may hold a whole office, so it has more room than one account from one address."""
PROGRAM_STAYS = timedelta(minutes=10)
BROWSER_STAYS = timedelta(seconds=60)
"""Three heartbeats of 20 s may be missed before a person counts as gone."""

COOKIE = "helpdesk_session"

_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    """Verified when there is no such account, so that it takes as long as a wrong password."""
    return _hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class SignedIn:
    """Who is asking. `by_cookie`: a browser, to which origin checks and heartbeats apply."""

    staff: Staff
    token_hash: str
    by_cookie: bool = False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ---------------------------------------------------------------- signing in


async def sign_in(services: Services, username: str, password: str, address: str) -> tuple[str, Staff]:
    """A new session's token, and whose it is.

    Raises:
        NotSignedIn: account or password is wrong (which, is not told).
        TooManyTries: five failures in a minute for this account from this address.
    """
    now = services.clock.now()
    key = f"{username}@{address}"
    async with services.db.read() as uow:
        await _refuse_if_tried(uow, key, address, now)
        staff = await uow.session.get(Staff, username)
    if not await asyncio.to_thread(_matches, staff, password) or staff is None:
        await _note_failure(services, key, address, username, now)
        raise NotSignedIn("账号或密码不正确")
    return await open_session(services, staff, now), staff


async def _refuse_if_tried(uow: UnitOfWork, key: str, address: str, now: datetime) -> None:
    for throttle, tried in ((FAILED_LOGIN, key), (FAILED_ADDRESS, address)):
        await throttle.check(uow.session, tried, now, "登录失败次数过多，请一分钟后再试")


def _matches(staff: Staff | None, password: str) -> bool:
    """Whether the password is this person's; runs in a thread, for it is slow by intent."""
    known = staff.password_hash if staff is not None and staff.active else None
    try:
        return _hasher.verify(known or _decoy(), password) and known is not None
    except (VerificationError, InvalidHashError):
        return False


async def _note_failure(services: Services, key: str, address: str, username: str, now: datetime) -> None:
    async with services.db.write() as uow:
        FAILED_LOGIN.note(uow, key, now)
        FAILED_ADDRESS.note(uow, address, now)
        audit.note(uow, audit.SYSTEM, "login_failed", username[:255], now, address=address)
        await uow.commit()


async def open_session(services: Services, staff: Staff, now: datetime) -> str:
    """A session for who has proved who they are; its token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    async with services.db.write() as uow:
        uow.session.add(
            StaffSession(token_hash=_hash(token), staff_id=staff.id, created_at=now, expires_at=now + SESSION_LASTS)
        )
        audit.note(uow, audit.by_staff(staff.id), "signed_in", staff.id, now)
        await uow.commit()
    return token


async def signed_in(services: Services, token: str | None) -> Staff | None:
    """Who a token belongs to; None for an unknown, expired or revoked one, and for an account that was closed."""
    if not token:
        return None
    now = services.clock.now()
    async with services.db.read() as uow:
        session = await uow.session.get(StaffSession, _hash(token))
        if session is None or session.revoked_at is not None or session.expires_at <= now:
            return None
        staff = await uow.session.get_one(Staff, session.staff_id)
    return staff if staff.active else None


async def identify(services: Services, token: str | None, *, by_cookie: bool) -> SignedIn:
    """The same, for whoever needs to know it.

    Raises:
        NotSignedIn: the token is nobody's.
    """
    staff = await signed_in(services, token)
    if staff is None or token is None:
        raise NotSignedIn("请先登录" if not token else "登录已失效，请重新登录")
    return SignedIn(staff, _hash(token), by_cookie)


async def sign_out(services: Services, who: SignedIn) -> None:
    """Revoke this session; others of the same person go on."""
    now = services.clock.now()
    async with services.db.write() as uow:
        session = await uow.session.get(StaffSession, who.token_hash)
        if session is not None and session.revoked_at is None:
            session.revoked_at = now
        audit.note(uow, audit.by_staff(who.staff.id), "signed_out", who.staff.id, now)
        await uow.commit()


# ---------------------------------------------------------------- presence


async def set_presence(services: Services, who: SignedIn, state: str) -> datetime:
    """On duty or away; until when this counts without another sign of life.

    Raises:
        InvalidInput: `state` is neither online nor away.
    """
    if state not in {ONLINE, AWAY}:
        raise InvalidInput("state must be online or away", state=state)
    now = services.clock.now()
    until = now + (BROWSER_STAYS if who.by_cookie else PROGRAM_STAYS)
    async with services.db.write() as uow:
        staff = await uow.session.get_one(Staff, who.staff.id, populate_existing=True)
        if staff.presence != state:
            audit.note(uow, audit.by_staff(staff.id), f"presence_{state}", staff.id, now)
        was_on_duty = is_on_duty(staff, now)
        staff.presence = state
        staff.present_until = until if state == ONLINE else max(until, staff.present_until or until)
        if is_on_duty(staff, now) != was_on_duty:
            announce_presence(uow, staff.id, state)
        await uow.commit()
    return until


async def keep_alive(services: Services, who: SignedIn) -> None:
    """Work is a sign of life: who serves a customer is here. It puts a program on duty; a person says so themselves."""
    now = services.clock.now()
    until = now + (BROWSER_STAYS if who.by_cookie else PROGRAM_STAYS)
    values = {"present_until": until} if who.by_cookie else {"present_until": until, "presence": ONLINE}
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.id == who.staff.id)
            .where((Staff.present_until.is_(None)) | (Staff.present_until < until))
            .values(**values)
        )
        await uow.commit()


# ---------------------------------------------------------------- accounts


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
