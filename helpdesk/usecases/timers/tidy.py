"""What has done its service is thrown away, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from helpdesk.services import Services
from helpdesk.store.tables import Attempt, Audit, Once, PhoneCode
from helpdesk.usecases.journal import audit

ATTEMPTS_KEPT = timedelta(days=2)
"""Tries are counted over an hour at most; what is older says nothing any more."""
FIRED_KEPT = timedelta(days=730)
"""No clock runs so long; until then the key keeps a thing from being done again."""
TIDIED = "attempts_tidied"


async def run(services: Services, now: datetime) -> None:
    """Delete what is old; a day's second process finds it done."""
    old = Attempt.at < now - ATTEMPTS_KEPT
    done = select(Audit.id).where(Audit.action == TIDIED, Audit.at > now - timedelta(days=1))
    async with services.db.read() as uow:
        has_old = await uow.session.scalar(select(Attempt.id).where(old).limit(1)) is not None
        if not has_old or await uow.session.scalar(done.limit(1)) is not None:
            return
    async with services.db.write(now) as uow:
        await uow.session.execute(delete(Attempt).where(old))
        await uow.session.execute(delete(PhoneCode).where(PhoneCode.expires_at < now - ATTEMPTS_KEPT))
        await uow.session.execute(delete(Once).where(Once.at < now - FIRED_KEPT))
        audit.note(uow, audit.SYSTEM, TIDIED, "attempts")
        await uow.commit()
