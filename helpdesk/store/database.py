"""The database and its unit of work.

SQLite: one process, one writer at a time. Every writing unit begins IMMEDIATE, because a deferred
transaction that reads and then writes fails "locked" when another wrote in between; reads go through
an engine of their own that cannot write. PostgreSQL: one engine, READ COMMITTED, rows locked where the
statement says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from helpdesk.bus import Bus

SQLITE_READERS = 4
POSTGRES_POOL = 10
POOL_PATIENCE = 120.0  # seconds; a crowd after a restart waits its turn, it is not refused


class UnitOfWork:
    """One transaction. Leaving it without `commit` rolls back; news goes out only after the commit."""

    def __init__(self, session: AsyncSession, bus: Bus) -> None:
        self.session = session
        self._bus = bus
        self._news: list[tuple[str, dict[str, Any]]] = []

    def announce(self, topic: str, **data: Any) -> None:
        """Publish on the bus once, and only if, the work is committed."""
        self._news.append((topic, data))

    async def commit(self) -> None:
        """Keep the work, then publish what was announced."""
        await self.session.commit()
        news, self._news = self._news, []
        for topic, data in news:
            self._bus.publish(topic, data)


class Database:
    """Units of work over one database address (`sqlite+aiosqlite:///...` or `postgresql+psycopg://...`)."""

    def __init__(self, url: str, bus: Bus) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._bus = bus
        self._writing = asyncio.Lock()
        self._writer = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._reader = _sqlite_engine(self.url, read_only=True) if self.is_sqlite else self._writer

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """A unit that may change things.

        On SQLite writers of this process queue here instead of spinning in the driver; so one task must
        never open a second writing unit inside the first.
        """
        if not self.is_sqlite:
            async with self._unit(self._writer) as uow:
                yield uow
            return
        async with self._writing, self._unit(self._writer) as uow:
            yield uow

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """A unit that only looks."""
        async with self._unit(self._reader) as uow:
            yield uow

    @asynccontextmanager
    async def _unit(self, engine: AsyncEngine) -> AsyncIterator[UnitOfWork]:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            yield UnitOfWork(session, self._bus)

    async def close(self) -> None:
        """Give back every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def _postgres_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=POSTGRES_POOL,
        max_overflow=POSTGRES_POOL,
        pool_timeout=POOL_PATIENCE,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _sqlite_engine(url: URL, *, read_only: bool = False) -> AsyncEngine:
    """An engine that writes in IMMEDIATE transactions, the driver's own BEGIN switched off; or one that only reads.

    A reader has no transaction at all: each statement sees what is committed, and two calls of the driver are saved.
    """
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT" if read_only else None,
        connect_args={"isolation_level": None},
        pool_size=SQLITE_READERS if read_only else 1,
        max_overflow=SQLITE_READERS if read_only else 0,
        pool_timeout=POOL_PATIENCE,
        hide_parameters=True,  # what customers write does not belong into a log
    )

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in _pragmas(read_only):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "connect", prepare)
    if not read_only:
        event.listen(engine.sync_engine, "begin", start)
    return engine


def _pragmas(read_only: bool) -> tuple[str, ...]:
    common = ("busy_timeout=5000", "foreign_keys=ON")
    return (*common, "query_only=ON") if read_only else (*common, "journal_mode=WAL", "synchronous=FULL")
