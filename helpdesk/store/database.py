"""The database and its unit of work.

SQLite: one process, one writer at a time; a statement runs where it is asked for (`inline.py`). Every writing unit
begins IMMEDIATE, because a deferred transaction that reads and then writes fails "locked" when another wrote in
between; reads go through engines of their own that cannot write. PostgreSQL: READ COMMITTED, rows locked where the
statement says so; connections for reads, for writes and for `urgent` writes are kept apart. Urgent is what somebody
outside waits for with a stop-watch: taking a message in. It never stands behind the turns of other customers.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from helpdesk.bus import Bus
from helpdesk.clock import Clock
from helpdesk.store import inline
from helpdesk.store.inline import BUSY_SECONDS
from helpdesk.store.sqlite_words import forget_words

SQLITE_READERS = 4
POSTGRES_WRITERS, POSTGRES_URGENT, POSTGRES_READERS = 8, 8, 4  # more only make the server change between them
POOL_PATIENCE = 120.0  # seconds; a crowd after a restart waits its turn, it is not refused
CALM_AT_MOST = 3.0  # seconds that a turn leaves the way to messages that are being taken in
IDLE_SECONDS = 5.0  # a connection that was not used for so long is tried before it is trusted
RETURNED = "returned_at"


Engines = tuple[AsyncEngine, AsyncEngine, AsyncEngine, AsyncEngine]
"""Of writers, urgent writers, readers, and readers of much."""
Witness = Callable[[Session], None]
"""Sees what a unit of work has just written, old values with it, and may add rows to the same transaction."""
WITNESS = "witness"


class WatchedSession(Session):
    """A session whose rows the database's witness sees, whichever use-case wrote them."""


@event.listens_for(WatchedSession, "after_flush")
def _show(session: Session, _context: Any) -> None:
    witness: Witness | None = session.info[WITNESS]
    if witness is not None:
        witness(session)


class Turnstile:
    """One at a time, in the order of coming; who is urgent goes before all who are not."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: tuple[deque[asyncio.Future[None]], deque[asyncio.Future[None]]] = (deque(), deque())

    @asynccontextmanager
    async def passing(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for the turn and hold it for as long as the block lasts."""
        await self._enter(self._waiting[0 if urgent else 1])
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, line: deque[asyncio.Future[None]]) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        ours: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(ours)
        try:
            await ours
        except asyncio.CancelledError:
            if ours.done() and not ours.cancelled():  # it had become ours just before
                self._leave()
            raise

    def _leave(self) -> None:
        for line in self._waiting:
            while line:
                following = line.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._is_taken = False


class UnitOfWork:
    """One transaction, at one moment: all that it writes bears the same time.

    Leaving it without `commit` rolls back; news goes out only after the commit.
    """

    def __init__(self, session: AsyncSession, bus: Bus, now: datetime) -> None:
        self.session = session
        self.now = now
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

    def __init__(self, url: str, bus: Bus, clock: Clock, *, engines: Engines | None = None) -> None:
        """`engines` are those of a closed `Database` of the same address, which opens connections anew."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._bus = bus
        self.clock = clock
        self._writing = Turnstile()
        self._hurrying = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self.engines = engines or (_sqlite(self.url) if self.is_sqlite else _postgres(self.url))
        self._writer, self._urgent, self._reader, self._reader_of_much = self.engines
        self.witness: Witness | None = None

    @asynccontextmanager
    async def write(self, now: datetime | None = None, *, urgent: bool = False) -> AsyncIterator[UnitOfWork]:
        """A unit that may change things, as of `now`, or of the moment in which it is asked for.

        On SQLite writers of this process queue here instead of spinning in the driver; so one task must
        never open a second writing unit inside the first.
        """
        now = now or self.clock.now()
        engine = self._urgent if urgent else self._writer
        async with self._hurry() if urgent else nullcontext(), self._turn(urgent), self._unit(engine, now) as uow:
            yield uow

    def _turn(self, urgent: bool) -> AbstractAsyncContextManager[None]:
        return self._writing.passing(urgent=urgent) if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def _hurry(self) -> AsyncIterator[None]:
        self._hurrying += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._hurrying -= 1
            if not self._hurrying:
                self._calm.set()

    async def calm(self) -> None:
        """Wait until nothing urgent is under way here, but not for long: for work that nobody times."""
        if self._calm.is_set():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_AT_MOST):
                await self._calm.wait()

    @asynccontextmanager
    async def read(self, now: datetime | None = None, *, much: bool = False) -> AsyncIterator[UnitOfWork]:
        """A unit that only looks; `much` for what may go through a whole table, which on SQLite a thread does."""
        async with self._unit(self._reader_of_much if much else self._reader, now or self.clock.now()) as uow:
            yield uow

    @asynccontextmanager
    async def _unit(self, engine: AsyncEngine, now: datetime) -> AsyncIterator[UnitOfWork]:
        known = {WITNESS: self.witness}
        async with AsyncSession(
            engine, expire_on_commit=False, sync_session_class=WatchedSession, info=known
        ) as session:
            yield UnitOfWork(session, self._bus, now)

    async def forget(self) -> None:
        """What was deleted leaves the files too: the log of SQLite, the dead rows of PostgreSQL."""
        await asyncio.to_thread(_truncate_log, self.url) if self.is_sqlite else await self._vacuum()

    async def _vacuum(self) -> None:
        async with self._writer.connect() as connection:
            bare = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await bare.exec_driver_sql("VACUUM")

    async def close(self) -> None:
        """Give back every connection."""
        for engine in set(self.engines):
            await engine.dispose()


def _truncate_log(url: URL) -> None:
    """Everything into the database's own file; readers are waited for, a few seconds and no longer."""
    with closing(sqlite3.connect(str(url.database), timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        forget_words(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _sqlite(url: URL) -> Engines:
    """One writer, urgent or not, and readers: those that take a moment do it here, the others in threads."""
    here = url.set(drivername=inline.DRIVER)
    writer = _sqlite_engine(here)
    return writer, writer, _sqlite_engine(here, read_only=True), _sqlite_engine(url, read_only=True)


def _postgres(url: URL) -> Engines:
    """Writers, urgent writers, readers; the server reads much as it reads little."""
    reader = _postgres_engine(url, POSTGRES_READERS, read_only=True)
    return _postgres_engine(url, POSTGRES_WRITERS), _postgres_engine(url, POSTGRES_URGENT), reader, reader


def _postgres_engine(url: URL, size: int, *, read_only: bool = False) -> AsyncEngine:
    """A pool that never grows: a connection costs the server more than a short wait costs a customer.

    A reader has no transaction: each statement sees what is committed, as it would in READ COMMITTED, and two
    calls are saved.
    """
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_PATIENCE,
        hide_parameters=True,
        **({"isolation_level": "AUTOCOMMIT"} if read_only else {}),
    )

    def returned(_connection: Any, record: Any) -> None:
        record.info[RETURNED] = time.monotonic()

    def check(connection: Any, record: Any, _proxy: Any) -> None:
        """SQLAlchemy's own check would ask the server before every unit of work."""
        if time.monotonic() - record.info.get(RETURNED, time.monotonic()) > IDLE_SECONDS:
            _ping(engine, connection)

    event.listen(engine.sync_engine, "checkin", returned)
    event.listen(engine.sync_engine, "checkout", check)
    return engine


def _ping(engine: AsyncEngine, connection: Any) -> None:
    dialect = engine.sync_engine.dialect
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError(str(error)) from error  # the pool opens another


def _sqlite_engine(url: URL, *, read_only: bool = False) -> AsyncEngine:
    """An engine that writes in IMMEDIATE transactions, the driver's own BEGIN switched off; or one that only reads.

    A reader has no transaction at all: each statement sees what is committed, and two calls of the driver are saved.
    """
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT" if read_only else None,
        connect_args=inline.OPTIONS if url.drivername == inline.DRIVER else {"isolation_level": None},
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

    event.listen(engine.sync_engine, "connect", prepare)
    if not read_only:
        event.listen(engine.sync_engine, "begin", inline.begin_immediate)
    return engine


def _pragmas(read_only: bool) -> tuple[str, ...]:
    if read_only:
        return ("busy_timeout=5000", "foreign_keys=ON", "query_only=ON")
    return (
        "journal_mode=WAL",
        "busy_timeout=0",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",  # what is deleted is overwritten: an erased person is in no free page
    )  # waiting is `begin_immediate`'s
