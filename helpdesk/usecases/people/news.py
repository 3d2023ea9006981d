"""That something about a person changed: told here at once, and found by other processes and commands' services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from helpdesk.background import in_background
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.usecases.journal.numbers import count_of, next_count

log = structlog.get_logger(__name__)

TOPIC = "staff"
REVISION = "people"
"""The counter that every change raises."""
POLL_SECONDS = 0.5
"""A command's change, or another process's, is at every open desk well within two seconds."""


async def changed(services: Services, uow: UnitOfWork) -> None:
    """Tell every desk, once the unit is committed, that people, sessions or keys are not what they were."""
    await next_count(services, uow, REVISION)
    uow.announce(TOPIC)


@asynccontextmanager
async def watching(services: Services) -> AsyncIterator[None]:
    """Look for changes made elsewhere for as long as the block lasts."""
    async with in_background(_look(services)):
        yield


async def _look(services: Services) -> None:
    known: int | None = None
    while True:
        try:
            async with services.db.read() as uow:
                found = await count_of(uow.session, REVISION)
            if known is not None and found != known:
                services.bus.publish(TOPIC, is_far=True)  # the others look for themselves
            known = found
        except Exception:
            log.exception("people_watch_failed")
        await asyncio.sleep(POLL_SECONDS)
