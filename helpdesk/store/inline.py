"""SQLite without a thread in between: a statement runs where it is asked for, only a commit waits in a thread.

A statement of this service reads or changes a few pages that are in memory, which takes some 10 µs; to hand it to
another thread and wait for it to be handed back took longer than that, five times a statement, about 120 times a
message. What does take long is a commit, since it waits for the disk (milliseconds): meanwhile the loop goes on.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from sqlalchemy import AsyncAdaptedQueuePool, Connection, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import await_only

DRIVER = "sqlite+inline"
BEGIN = "BEGIN IMMEDIATE"
BUSY_SECONDS, BUSY_PAUSE = 5.0, 0.01


class Cursor(sqlite3.Cursor):
    """What was found is read to its end before anybody awaits: an open question would keep the file's old pages."""

    _rest: deque[Any] | None = None

    async def _async_soft_close(self) -> None:
        """SQLAlchemy's word for that; rows are fetched from memory afterwards."""
        self._rest = deque(super().fetchall())

    def fetchone(self) -> Any:
        """The next row, or None."""
        if self._rest is None:
            return super().fetchone()
        return self._rest.popleft() if self._rest else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next `size` rows at most."""
        if self._rest is None:
            return super().fetchmany(size)
        return [self._rest.popleft() for _ in range(min(size or self.arraysize, len(self._rest)))]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        if self._rest is None:
            return super().fetchall()
        rest, self._rest = list(self._rest), deque()
        return rest


class Driver(sqlite3.Connection):
    """A connection of the standard library with these cursors; it begins no transaction by itself."""

    def cursor(self, factory: Any = Cursor) -> Any:
        """A new cursor."""
        return super().cursor(factory)


OPTIONS: dict[str, Any] = {"factory": Driver, "isolation_level": None, "check_same_thread": False}
"""How `sqlite3.connect` is called."""


class InlineSQLite(SQLiteDialect_pysqlite):
    """The standard library's driver under SQLAlchemy's asyncio engine."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._committing = ThreadPoolExecutor(1, "commit")

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """A pool whose waiting is the loop's."""
        return AsyncAdaptedQueuePool

    def do_commit(self, dbapi_connection: DBAPIConnection) -> None:
        """Wait for the disk in a thread; nobody else has this connection meanwhile."""
        await_only(_to_the_end(self._committing, dbapi_connection.commit))


async def _to_the_end(executor: ThreadPoolExecutor, work: Callable[[], None]) -> None:
    """`work` in a thread. Who is cancelled waits for it all the same: the connection is in use until then."""
    running = asyncio.get_running_loop().run_in_executor(executor, work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def begin_immediate(connection: Connection) -> None:
    """Begin a transaction that writes. Another program may be writing (`... password`, a copy of the file): wait for
    it without holding up the loop.

    Raises:
        OperationalError: it wrote for longer than `BUSY_SECONDS`.
    """
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            driver.execute(BEGIN)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise OperationalError(BEGIN, None, error) from error
        await_only(asyncio.sleep(BUSY_PAUSE))


registry.register("sqlite.inline", __name__, InlineSQLite.__name__)
