"""What was tried and who has proved something: rows that are counted for a while (tidied by the timers).

One throttle for everything that can be tried out: signing in, a ticket's digits, a draft's phone, the follow page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import TooManyTries
from helpdesk.store.database import Database, UnitOfWork
from helpdesk.store.tables import Attempt

KEY_LIMIT = 255  # characters; what is longer is told apart by its beginning


def note(uow: UnitOfWork, scope: str, key: str) -> Attempt:
    """Keep that something was tried, or proved."""
    row = Attempt(scope=scope, key=key[:KEY_LIMIT], at=uow.now)
    uow.session.add(row)
    return row


async def count(session: AsyncSession, scope: str, key: str, since: datetime) -> int:
    """How often it was since a moment."""
    query = select(func.count()).where(Attempt.scope == scope, Attempt.key == key[:KEY_LIMIT], Attempt.at > since)
    return int(await session.scalar(query) or 0)


async def keys(session: AsyncSession, scope: str, prefix: str, since: datetime) -> Sequence[str]:
    """What follows `prefix` in the keys that were noted since a moment."""
    query = select(Attempt.key).where(Attempt.scope == scope, Attempt.key.startswith(prefix), Attempt.at > since)
    return [key.removeprefix(prefix) for key in (await session.scalars(query)).all()]


async def take_back(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """These count no longer."""
    await uow.session.execute(delete(Attempt).where(Attempt.id.in_(ids)))


@dataclass(frozen=True)
class Throttle:
    """So many wrong tries about one key within a window, and no more."""

    scope: str
    most: int = 5
    window: timedelta = timedelta(hours=1)

    def note(self, uow: UnitOfWork, key: str) -> Attempt:
        """One more wrong try."""
        return note(uow, self.scope, key)

    async def tried(self, session: AsyncSession, key: str, now: datetime) -> int:
        """Wrong tries that count at `now`."""
        return await count(session, self.scope, key, now - self.window)

    async def check(self, session: AsyncSession, key: str, now: datetime, reason: str) -> None:
        """Let somebody try once more.

        Raises:
            TooManyTries: for `reason`; `most` tries were wrong within the window.
        """
        if await self.tried(session, key, now) >= self.most:
            raise self.refusal(reason)

    def refusal(self, reason: str) -> TooManyTries:
        """What is raised when there were too many."""
        return TooManyTries(reason, retry_after_s=int(self.window.total_seconds()))


@dataclass(frozen=True)
class Tries:
    """A try that was counted as a wrong one: its rows, and how many tries count now, this one among them."""

    rows: tuple[int, ...]
    counted: Mapping[Throttle, int]

    @property
    def over(self) -> list[Throttle]:
        """The throttles that have seen too many."""
        return [throttle for throttle, count in self.counted.items() if count > throttle.most]


async def try_once(database: Database, keys: Mapping[Throttle, str], now: datetime) -> Tries:
    """Count a try as a wrong one before it is looked at; who turns out to be right takes it back (`forgive`).

    Counted first and each in a transaction of its own: of any number of tries at once, on any database, no more
    than the allowed ones see a count that is still allowed.
    """
    async with database.write(now) as uow:
        rows = [throttle.note(uow, key) for throttle, key in keys.items()]
        await uow.session.flush()
        ids = tuple(row.id for row in rows)
        await uow.commit()
    async with database.read() as uow:
        counted = {throttle: await throttle.tried(uow.session, key, now) for throttle, key in keys.items()}
    return Tries(ids, counted)


async def forgive(database: Database, tries: Tries) -> None:
    """This try counts no longer."""
    async with database.write() as uow:
        await take_back(uow, tries.rows)
        await uow.commit()
