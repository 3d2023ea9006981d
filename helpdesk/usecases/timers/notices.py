"""A letter that nobody has seen takes its next way, and one that was seen is followed no further."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.model.notice import UNDER_WAY
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Notice
from helpdesk.usecases.letters.notices import lock_notice, look
from helpdesk.usecases.timers.each import BATCH, each

FAILED_LOOK = timedelta(minutes=5)


async def run(services: Services, now: datetime) -> None:
    """Look at every notice whose moment has come."""
    query = select(Notice.letter_id).where(Notice.state.in_(UNDER_WAY), Notice.look_at <= now)
    async with services.db.read() as uow:
        due = (await uow.session.scalars(query.order_by(Notice.look_at).limit(BATCH))).all()
    await each(services, now, due, look, otherwise=_later)


async def _later(services: Services, uow: UnitOfWork, letter_id: str) -> None:
    """One that cannot be dealt with makes room for the others for a while."""
    notice = await lock_notice(uow, letter_id)
    notice.look_at = uow.now + FAILED_LOOK
