"""How often something may be done, by one address, one session or one sender.

Counting is the `limits` package's, in windows that begin with their first hit: in Redis where there is one, so that all
processes allow as much together as one does, else in this process. A Redis that does not answer is left alone for a
while, and each process counts for itself: customers come before limits. What must hold without Redis too (passwords, a
ticket's digits, the queue) is counted in the database instead (helpdesk/usecases/journal/attempts.py).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from helpdesk.clock import Clock
from helpdesk.door.addresses import Caller
from helpdesk.errors import TooManyTries

log = structlog.get_logger(__name__)

SHARED_BY = 20  # a proxy that was not named speaks for at least so many
SWEPT_EVERY = 10.0  # seconds between two looks for counts that are over
REDIS_LIMIT = 0.5  # seconds; nobody's message waits longer for a count
REDIS_LEFT_ALONE = 10.0  # seconds, after it failed
PREFIX = "sansheng:limits"
FAILURES = (RedisError, OSError, TimeoutError)


@dataclass(frozen=True)
class Limit:
    """At most `most` within `seconds`. `is_local`: of something that one process has, which no other need count."""

    name: str
    most: int
    seconds: int
    is_local: bool = False


CHAT_CONNECTIONS = Limit("chat connections", 120, 60)
SESSION_REQUESTS = Limit("session requests", 120, 60)
NEW_SESSIONS = Limit("new sessions", 30, 60)
MESSAGES = Limit("messages", 20, 10)  # of one session
PROGRAM_MESSAGES = Limit("messages of one sender", 100, 10)  # by a program that holds the channel's token
MESSAGES_FROM = Limit("messages from one address", 100, 10)
EVENTS = Limit("chat events", 100, 10, is_local=True)  # of one connection
PICTURES_FROM = Limit("pictures from one address", 60, 3600)


class Counts(Storage):
    """Counts in memory, by our clock. The package's own looks through all of them at every hit, which a flood of
    addresses would make slow; this one looks every `SWEPT_EVERY` seconds."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}  # key -> count, end of its window (Unix seconds)
        self._swept_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the package may wrap: nothing here fails."""
        return ValueError

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _sweep(self, now: float) -> None:
        if now - self._swept_at < SWEPT_EVERY:
            return
        self._swept_at = now
        self._counts = {key: (count, end) for key, (count, end) in self._counts.items() if end > now}

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """One more; the count in the key's window."""
        now = self._now()
        self._sweep(now)
        count, end = self._counts.get(key, (0, 0.0))
        if end <= now:
            count, end = 0, now + expiry
        self._counts[key] = (count + amount, end)
        return count + amount

    async def get(self, key: str) -> int:
        """The count in the key's window."""
        count, end = self._counts.get(key, (0, 0.0))
        return count if end > self._now() else 0

    async def get_expiry(self, key: str) -> float:
        """When the key's window ends, in Unix seconds."""
        return self._counts.get(key, (0, self._now()))[1]

    async def check(self) -> bool:
        """Memory is always there."""
        return True

    async def reset(self) -> int | None:
        """Forget everything; how many keys there were."""
        count = len(self._counts)
        self._counts.clear()
        return count

    async def clear(self, key: str) -> None:
        """Forget one key."""
        self._counts.pop(key, None)


class Place:
    """Counts in one place, whose clock is `now` (Unix seconds)."""

    def __init__(self, storage: Storage, now: Callable[[], float]) -> None:
        self._rule = FixedWindowRateLimiter(storage)
        self._now = now

    async def wait(self, item: RateLimitItemPerSecond, key: str) -> float:
        """Count once more; seconds until it may be done again, 0 when it may be done now."""
        if await self._rule.hit(item, key):
            return 0
        return max(1, (await self._rule.get_window_stats(item, key)).reset_time - self._now())


class SharedPlace:
    """Counts in Redis; None instead of an answer when it gives none."""

    def __init__(self, url: str) -> None:
        self._pool: ConnectionPool = ConnectionPool.from_url(
            url, socket_connect_timeout=REDIS_LIMIT, socket_timeout=REDIS_LIMIT
        )
        self._redis: Redis = Redis(connection_pool=self._pool)
        self._place = Place(storage_on(self._redis), time.time)
        self._left_alone_until = 0.0

    async def wait(self, item: RateLimitItemPerSecond, key: str) -> float | None:
        """As `Place.wait`."""
        if time.monotonic() < self._left_alone_until:
            return None
        try:
            async with asyncio.timeout(REDIS_LIMIT):
                return await self._place.wait(item, key)
        except FAILURES as error:
            log.warning("limits_not_shared", error=str(error) or type(error).__name__)
            self._left_alone_until = time.monotonic() + REDIS_LEFT_ALONE
            return None

    async def answers(self) -> bool:
        """Whether it can be counted on."""
        try:
            return bool(await self._redis.ping())
        except FAILURES:
            return False

    async def close(self) -> None:
        """Give back the connections."""
        await self._pool.disconnect()


def storage_on(redis: Redis) -> Storage:
    """The package's counts in this Redis."""
    pool: Any = redis.connection_pool  # it is passed on as it is; the package's types know plain values only
    return RedisStorage("async+redis://", implementation="redispy", key_prefix=PREFIX, connection_pool=pool)


class Limiter:
    """Asked before something is done. `room`: an address may do so many times what is usual. `shared`: a Redis."""

    def __init__(self, clock: Clock, room: float = 1.0, shared: str = "") -> None:
        self._here = Place(Counts(clock), lambda: clock.now().timestamp())
        self._shared = SharedPlace(shared) if shared else None
        self._room = room

    async def take(self, limit: Limit, key: str, *, has_room: bool = False) -> None:
        """Let somebody do it once more; `has_room`: as often as the setting allows an address.

        Raises:
            TooManyTries: `most` were done within the window; says in how many seconds it ends.
        """
        await self._take(limit, max(1, math.ceil(limit.most * self._room)) if has_room else limit.most, key)

    async def take_from(self, limit: Limit, caller: Caller) -> None:
        """The same for an address, which may be many customers'.

        Raises:
            TooManyTries.
        """
        shared = SHARED_BY if caller.is_shared else 1
        await self._take(limit, max(1, math.ceil(limit.most * self._room * shared)), f"from {caller.network}")

    async def _take(self, limit: Limit, most: int, key: str) -> None:
        item = RateLimitItemPerSecond(most, limit.seconds, namespace=limit.name)
        wait = await self._wait(item, key, self._shared if not limit.is_local else None)
        if wait:
            said = f"{limit.name}: at most {most} in {limit.seconds} s"
            raise TooManyTries("too_often", retry_after_s=math.ceil(wait), why=said)

    async def _wait(self, item: RateLimitItemPerSecond, key: str, shared: SharedPlace | None) -> float:
        told = await shared.wait(item, key) if shared else None
        return told if told is not None else await self._here.wait(item, key)

    async def is_shared(self) -> bool | None:
        """Whether the Redis that was named answers; None where none was."""
        return await self._shared.answers() if self._shared else None

    async def close(self) -> None:
        """Give back what is open elsewhere."""
        if self._shared is not None:
            await self._shared.close()
