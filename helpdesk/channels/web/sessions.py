"""Web sessions: 256 random bits that we issue and keep only as a hash; whoever holds them is one customer."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.door.addresses import Caller
from helpdesk.door.limits import NEW_SESSIONS
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import WebSession, new_id
from helpdesk.usecases.journal import queue_joins

LIFETIME = timedelta(days=180)  # after the last use
RENEWED_EVERY = timedelta(hours=6)  # a use sooner than this after the last writes nothing
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True)
class Session:
    """What a browser holds (`token`) and who it is to us (`sender`)."""

    token: str
    sender: str


def hashed(token: str) -> str:
    """The form in which a token is kept; it has 256 random bits, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_session(services: Services, token: object, caller: Caller, user_id: str | None = None) -> Session:
    """The session of a token we issued; for a foreign, forged or expired one a new session.

    `user_id` is who comes with a signed identity. A session that somebody has signed in to is opened for them alone:
    for anybody else, and for them without their identity, there is a new one.

    Raises:
        TooManyTries: so many new sessions came from this address lately.
    """
    now = services.clock.now()
    if isinstance(token, str) and TOKEN.match(token):
        async with services.db.write(now) as uow:
            known = await _renewed(uow, token, user_id)
            await uow.commit()
        if known:
            return Session(token, known)
    await services.limiter.take_from(NEW_SESSIONS, caller)
    return await _issue(services, caller, user_id, now)


async def known_sender(services: Services, token: object) -> str | None:
    """Whose a token is; None for a foreign, forged or expired one."""
    if not isinstance(token, str) or not TOKEN.match(token):
        return None
    async with services.db.read() as uow:
        row = await uow.session.get(WebSession, hashed(token))
    return row.sender if row is not None and row.expires_at > services.clock.now() else None


async def end_session(services: Services, token: str) -> None:
    """Nobody comes back with it; when it ended is kept until it is tidied away like any other."""
    async with services.db.write() as uow:
        row = await uow.session.get(WebSession, hashed(token))
        if row is not None:
            row.expires_at = services.clock.now()
        await uow.commit()


async def _renewed(uow: UnitOfWork, token: str, user_id: str | None) -> str | None:
    row = await uow.session.get(WebSession, hashed(token))
    if row is None or row.expires_at <= uow.now or row.user_id not in (None, user_id):
        return None
    row.user_id = user_id
    if row.expires_at < uow.now + LIFETIME - RENEWED_EVERY:
        row.expires_at = uow.now + LIFETIME
    return row.sender


async def _issue(services: Services, caller: Caller, user_id: str | None, now: datetime) -> Session:
    session = Session(secrets.token_urlsafe(32), new_id())
    async with services.db.write(now) as uow:
        uow.session.add(
            WebSession(
                token_hash=hashed(session.token),
                sender=session.sender,
                user_id=user_id,
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
        if not caller.is_shared:
            queue_joins.remember(uow, session.sender, caller.network)
        await uow.commit()
    return session
