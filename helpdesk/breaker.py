"""What we know of one dialogue worker, and when it is put aside (a circuit breaker).

Put aside is who cannot be reached, hangs, failed again and again, or is far slower than the others; but only for as
long as somebody else can answer: the last worker is given its time. It comes back by a real turn (half-open), answered
as quickly as others answer: a health route says little of a worker whose turns hang. Where nobody else is left it is
enough that it lives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

FAILURES = 3
"""So many turns in a row may fail; one bad message makes two of them."""
SLOW_SECONDS = 1.0
"""Quicker than this, nobody is slow."""
SLOW_TIMES = 3.0
"""Slow takes so many times what the quickest of the others takes."""
LOOKED_AFTER = 0.5
"""Seconds after which somebody looks whether a worker still lives that has not answered yet, or `SLOW_TIMES` of what it
usually takes."""
WEIGHT = 0.2
"""Of the newest turn in what is usual."""


@dataclass(eq=False)
class Worker:
    """One worker's address and what we know of it. `usual`: seconds that a turn takes, 0 before the first."""

    url: str
    slots: asyncio.Semaphore
    up: asyncio.Event = field(default_factory=asyncio.Event)
    aside: asyncio.Event = field(default_factory=asyncio.Event)
    probe: asyncio.Task[None] | None = None
    under_way: int = 0
    usual: float = 0.0
    failures: int = 0
    _told: set[Callable[[], None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.up.set()  # believed until something fails

    @property
    def patience(self) -> float:
        """Seconds that it may take over a turn before somebody looks after it."""
        return max(LOOKED_AFTER, SLOW_TIMES * self.usual)

    def put_aside(self) -> None:
        """No turn is given to it any more; those under way there learn of it."""
        self.up.clear()
        self.aside.set()
        for tell in tuple(self._told):
            tell()

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts, call this when the worker is put aside; at once where it is already."""
        self._told.add(tell)
        if self.aside.is_set():
            tell()
        try:
            yield
        finally:
            self._told.discard(tell)

    def bring_back(self, took: float) -> None:
        """It has answered a turn in `took` seconds."""
        self.usual, self.failures = took, 0
        self.aside.clear()
        self.up.set()

    def answered(self, took: float) -> None:
        """A turn was answered well."""
        self.failures = 0
        self.usual = took if not self.usual else (1 - WEIGHT) * self.usual + WEIGHT * took

    async def is_put_aside(self, within: float) -> bool:
        """Wait so many seconds for it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self.aside.wait()
        return self.aside.is_set()


def slow_limit(others: Collection[Worker]) -> float:
    """Seconds from which on a worker is slow beside these; without anybody to compare with nobody is."""
    known = [one.usual for one in others if one.usual]
    return max(SLOW_SECONDS, SLOW_TIMES * min(known)) if known else float("inf")
