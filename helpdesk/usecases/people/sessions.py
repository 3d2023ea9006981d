"""Sessions of staff: which there are, and how they end. A session is told by the beginning of its token's hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import NotFound
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import StaffSession
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import news

ID_LENGTH = 16
SEEN_EVERY = timedelta(minutes=5)
"""So exactly is known when a session was last used; more would be a write at every request."""


def id_of(session: StaffSession) -> str:
    """What a session is called: nothing can be done with it but end it."""
    return session.token_hash[:ID_LENGTH]


async def open_sessions(session: AsyncSession, staff_id: str, now: datetime) -> Sequence[StaffSession]:
    """A person's sessions that hold, the one used last first."""
    query = select(StaffSession).where(
        StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None), StaffSession.expires_at > now
    )
    found = (await session.scalars(query)).all()
    return sorted(found, key=lambda one: one.seen_at or one.created_at, reverse=True)


async def revoke(services: Services, staff_id: str, session_id: str, actor: str) -> None:
    """End one session of a person, wherever it is open.

    Raises:
        NotFound: there is no such open session.
    """
    async with services.db.write() as uow:
        found = [one for one in await open_sessions(uow.session, staff_id, uow.now) if id_of(one) == session_id]
        if not found:
            raise NotFound("session_over")
        found[0].revoked_at = uow.now
        audit.note(uow, actor, "session_revoked", staff_id, session=session_id)
        await news.changed(services, uow)
        await uow.commit()


async def revoke_every(services: Services, staff_id: str, actor: str, *, but: str | None = None) -> None:
    """End all sessions of a person but the one whose token has the hash `but`."""
    async with services.db.write() as uow:
        await revoke_all(uow, staff_id, but=but)
        audit.note(uow, actor, "sessions_revoked", staff_id)
        await news.changed(services, uow)
        await uow.commit()


async def revoke_all(uow: UnitOfWork, staff_id: str, *, but: str | None = None) -> None:
    """The same within a unit of work."""
    held = [StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None)]
    if but is not None:
        held.append(StaffSession.token_hash != but)
    await uow.session.execute(update(StaffSession).where(*held).values(revoked_at=uow.now))


async def note_seen(services: Services, session: StaffSession, now: datetime) -> None:
    """Keep that a session was used, now and then."""
    if session.seen_at is not None and now - session.seen_at < SEEN_EVERY:
        return
    async with services.db.write() as uow:
        values = update(StaffSession).where(StaffSession.token_hash == session.token_hash).values(seen_at=now)
        await uow.session.execute(values)
        await uow.commit()
