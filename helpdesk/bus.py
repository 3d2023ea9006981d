"""News inside one process: who waits for an answer hears of it without asking the database.

The bus is a hint, never the truth: whatever it carries is committed before it is published, and a
listener in another process reads the same from the database. The relay (helpdesk/relay) carries what browsers are told
of from process to process.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog

log = structlog.get_logger(__name__)

FEED_LIMIT = 1000
GAP = "gap"
"""The topic that is announced when news of other processes may have been lost."""


@dataclass(frozen=True)
class News:
    """One announcement: a topic and what it says. `is_far`: every other process has it already."""

    topic: str
    data: dict[str, Any]
    is_far: bool = False


class Feed:
    """One subscriber's announcements, oldest first; a slow reader loses the oldest (`lost`: how many so far)."""

    def __init__(self) -> None:
        self.lost = 0
        self._news: asyncio.Queue[News] = asyncio.Queue(FEED_LIMIT)

    def put(self, news: News) -> None:
        """Add an announcement; at the limit the oldest makes room."""
        if self._news.full():
            self._news.get_nowait()
            self.lost += 1
        self._news.put_nowait(news)

    async def get(self) -> News:
        """The next announcement, waiting for it."""
        return await self._news.get()

    def get_now(self) -> News | None:
        """The next announcement, or None when there is none."""
        return None if self._news.empty() else self._news.get_nowait()

    async def wait(self, seconds: float) -> News | None:
        """The next announcement, or None when none came in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` may swallow being cancelled when news comes just then
                return await self._news.get()
        return None


class Bus:
    """Topics and their subscribers."""

    def __init__(self) -> None:
        self._feeds: defaultdict[str, set[Feed]] = defaultdict(set)

    def publish(self, topic: str, data: dict[str, Any] | None = None, *, is_far: bool = False) -> None:
        """Tell every subscriber of `topic`; nobody is waited for. `is_far`: it is not to be carried to others."""
        for feed in tuple(self._feeds.get(topic, ())):
            feed.put(News(topic, data or {}, is_far))

    def awaited(self, prefix: str) -> list[str]:
        """What follows `prefix` in the topics that somebody listens to now."""
        return [topic.removeprefix(prefix) for topic in self._feeds if topic.startswith(prefix)]

    def is_heard(self, topic: str) -> bool:
        """Whether anybody here listens to `topic` now."""
        return topic in self._feeds

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[Feed]:
        """A feed of these topics, for as long as the block lasts."""
        feed = Feed()
        for topic in topics:
            self._feeds[topic].add(feed)
        try:
            yield feed
        finally:
            for topic in topics:
                self._leave(topic, feed)

    async def pump(self, tell: Callable[[str, dict[str, Any]], Awaitable[None]], *topics: str) -> None:
        """Run until cancelled: `tell` each announcement of these topics; one that fails is logged, the next follows."""
        async with self.subscribe(*topics) as feed:
            while True:
                news = await feed.get()
                try:
                    await tell(news.topic, news.data)
                except Exception:
                    named = news.data.get("conversation_id")
                    log.exception("telling_failed", topic=news.topic, conversation_id=named)

    def _leave(self, topic: str, feed: Feed) -> None:
        self._feeds[topic].discard(feed)
        if not self._feeds[topic]:
            del self._feeds[topic]
