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

Doing = Callable[[Services, UnitOfWork, str], Awaitable[None]]


async def each(
    services: Services, now: datetime, keys: Sequence[str], do: Doing, *, otherwise: Doing | None = None
) -> None:
    """`do` for every key, committed one by one; an error is logged, and the next tick tries again.

    `otherwise` is done, in a unit of its own, about a key that failed: whatever keeps it from standing in
    the way of the others.
    """
    for key in keys:
        try:
            await _one(services, now, key, do)
        except MoveRefused:
            log.info("timer_overtaken", subject=key)
        except Exception:
            log.exception("timer_failed", timer=do.__name__, subject=key)
            if otherwise is not None:
                await _one(services, now, key, otherwise)


async def _one(services: Services, now: datetime, key: str, do: Doing) -> None:
    async with services.db.write(now) as uow:
        await do(services, uow, key)
        await uow.commit()
