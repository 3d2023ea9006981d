"""SQLite in the loop's own thread: who waits there holds nobody up."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.store import inline
from helpdesk.store.database import Database
from helpdesk.testing import SHIFT, Databases

COUNT = text("SELECT count(*) FROM fired")
MUCH = text("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 2000000) SELECT count(*) FROM n")


async def put(database: Database, key: str) -> None:
    """A row, committed."""
    async with database.write() as uow:
        await uow.session.execute(text("INSERT INTO fired (key, at) VALUES (:key, '2026-11-24')"), {"key": key})
        await uow.commit()


async def count(database: Database) -> int:
    async with database.read() as uow:
        found: int = (await uow.session.execute(COUNT)).scalar_one()
    return found


async def test_another_program_that_writes_is_waited_for_while_the_loop_goes_on(sqlite: Databases) -> None:
    url = sqlite.fresh()
    database = Database(url, Bus(), ShiftedClock(SHIFT))
    await put(database, "before")
    other = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(put(database, "a"))
    await asyncio.sleep(0)
    assert await count(database) == 1  # reads go on, and so does this task
    assert not waiting.done()
    other.execute("COMMIT")
    await waiting
    assert await count(database) == 2
    other.close()
    await database.close()


async def test_a_program_that_writes_for_too_long_is_an_error_and_no_harm(
    sqlite: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline, "BUSY_SECONDS", 0.0)
    url = sqlite.fresh()
    database = Database(url, Bus(), ShiftedClock(SHIFT))
    other = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        await put(database, "a")
    other.execute("ROLLBACK")
    await put(database, "a")
    assert await count(database) == 1
    other.close()
    await database.close()


async def test_who_is_cancelled_in_a_commit_leaves_the_connection_fit_for_the_next(sqlite: Databases) -> None:
    """Whether the commit was made or not: the next unit of work neither fails nor finds a transaction open."""
    database = Database(sqlite.fresh(), Bus(), ShiftedClock(SHIFT))
    for n in range(20):
        task = asyncio.create_task(put(database, f"cancelled-{n}"))
        for _ in range(n):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        before = await count(database)
        await put(database, f"next-{n}")
        assert await count(database) == before + 1
    await database.close()


async def test_who_reads_much_holds_up_nobody(sqlite: Databases) -> None:
    database = Database(sqlite.fresh(), Bus(), ShiftedClock(SHIFT))
    await put(database, "before")

    async def read_much() -> None:
        async with database.read(much=True) as uow:
            await uow.session.execute(MUCH)

    reading = asyncio.create_task(read_much())
    await asyncio.sleep(0)
    assert await count(database) == 1
    assert not reading.done()
    await reading
    await database.close()
