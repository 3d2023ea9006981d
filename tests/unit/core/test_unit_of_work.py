"""A unit of work happens at one moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from helpdesk.bus import Bus
from helpdesk.clock import ManualClock
from helpdesk.store.database import Database
from helpdesk.testing import now

NOWHERE = "sqlite+aiosqlite:////nowhere/at-all.db"


async def test_a_unit_bears_the_moment_in_which_it_was_asked_for_however_long_it_stands_in_line() -> None:
    clock = ManualClock(now())
    asked, database = clock.now(), Database(NOWHERE, Bus(), clock)
    moments = []

    async def second() -> None:
        async with database.write() as uow:
            moments.append(uow.now)

    async with database.write() as first:
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0)
        clock.advance(timedelta(hours=1))
        assert first.now == asked
    await waiting
    assert moments == [asked]
    async with database.read() as later:
        assert later.now == asked + timedelta(hours=1)
    await database.close()


async def test_who_works_as_of_another_moment_says_which() -> None:
    database = Database(NOWHERE, Bus(), ManualClock(now()))
    yesterday = now() - timedelta(days=1)
    async with database.write(yesterday) as uow:
        assert uow.now == yesterday
    async with database.read(yesterday) as uow:
        assert uow.now == yesterday
    await database.close()
