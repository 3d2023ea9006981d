"""How often something may be done, by one address, one session or one sender.

Counting is the `limits` package's, in windows that begin with their first hit. A count lives in this process: with
several processes behind one proxy each allows as much. What must hold across processes (passwords, a ticket's digits,
the queue) is counted in the database instead (helpdesk/usecases/journal/attempts.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from helpdesk.clock import Clock
from helpdesk.door.addresses import Caller
from helpdesk.errors import TooManyTries

SHARED_BY = 20  # a proxy that was not named speaks for at least so many
SWEPT_EVERY = 10.0  # seconds between two looks for counts that are over


@dataclass(frozen=True)
class Limit:
    """At most `most` within `seconds`."""

    name: str
    most: int
    seconds: int


CHAT_CONNECTIONS = Limit("chat connections", 120, 60)
SESSION_REQUESTS = Limit("session requests", 120, 60)
NEW_SESSIONS = Limit("new sessions", 30, 60)
MESSAGES = Limit("messages", 20, 10)  # of one session
PROGRAM_MESSAGES = Limit("messages of one sender", 100, 10)  # by a program that holds the channel's token
MESSAGES_FROM = Limit("messages from one address", 100, 10)
EVENTS = Limit("chat events", 100, 10)  # of one connection
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


class Limiter:
    """Asked before something is done. `room`: an address may do so many times what is usual."""

    def __init__(self, clock: Clock, room: float = 1.0) -> None:
        self._clock = clock
        self._counts = Counts(clock)
        self._rule = FixedWindowRateLimiter(self._counts)
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
        if await self._rule.hit(item, key):
            return
        ends = (await self._rule.get_window_stats(item, key)).reset_time
        wait = max(1, math.ceil(ends - self._clock.now().timestamp()))
        raise TooManyTries(f"too many {limit.name}: at most {most} in {limit.seconds} s", retry_after_s=wait)
