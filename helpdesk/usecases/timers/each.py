"""One unit of work a subject, so that what fails for one is done for the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from helpdesk.errors import MoveRefused
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork

BATCH = 50
"""Subjects of one kind a tick; what is left over comes with the next, seconds later."""

log = structlog.get_logger(__name__)

Doing = Callable[[Services, UnitOfWork, str, datetime], Awaitable[None]]


async def each(services: Services, now: datetime, keys: Sequence[str], do: Doing) -> None:
    """`do` for every key, committed one by one; an error is logged, and the next tick tries again."""
    for key in keys:
        try:
            async with services.db.write() as uow:
                await do(services, uow, key, now)
                await uow.commit()
        except MoveRefused:
            log.info("timer_overtaken", subject=key)
        except Exception:
            log.exception("timer_failed", timer=do.__name__, subject=key)
