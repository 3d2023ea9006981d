"""Everything is wired here, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from helpdesk.bus import Bus
from helpdesk.calendar import ServiceCalendar
from helpdesk.clock import Clock, SystemClock
from helpdesk.company import load_company
from helpdesk.knowledge import load_knowledge
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.database import Database
from helpdesk.store.migrate import is_current
from helpdesk.usecases import timers
from helpdesk.usecases.recover import Dispatcher, clear_claims
from helpdesk.wording import load_wording
from helpdesk.worker_client import WorkerPool

log = structlog.get_logger(__name__)

TIMER_SECONDS = 5.0


class OldTables(Exception):
    """The database was not migrated to this version."""


def build_services(settings: Settings, clock: Clock | None = None) -> Services:
    """All parts, from settings alone; nothing is connected or started yet."""
    bus = Bus()
    company = load_company(settings.company_dir)
    return Services(
        settings=settings,
        clock=clock or SystemClock(),
        db=Database(settings.database_url, bus),
        company=company,
        calendar=ServiceCalendar.of(company, always_open=settings.always_open),
        knowledge=load_knowledge(settings.company_dir),
        wording=load_wording(company),
        workers=WorkerPool(settings),
        bus=bus,
    )


@asynccontextmanager
async def running(services: Services) -> AsyncIterator[None]:
    """Answer messages and keep time for as long as the block lasts, then end what is under way.

    Raises:
        OldTables: `python -m helpdesk migrate` has to be run first.
    """
    if not await is_current(services.db):
        raise OldTables("the database is not up to date: run `python -m helpdesk migrate`")
    if services.db.is_sqlite:
        await clear_claims(services)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.db.close)
        stack.push_async_callback(services.workers.close)
        await stack.enter_async_context(Dispatcher(services).running())
        await stack.enter_async_context(_ticking(services))
        yield


@asynccontextmanager
async def _ticking(services: Services) -> AsyncIterator[None]:
    ticking = asyncio.create_task(_tick(services))
    try:
        yield
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)


async def _tick(services: Services) -> None:
    while True:
        try:
            await timers.tick(services)
        except Exception:
            log.exception("timers_failed")
        await asyncio.sleep(TIMER_SECONDS)
