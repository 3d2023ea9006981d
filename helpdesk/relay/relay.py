"""The relay: news of this process to all others, news of theirs to the bus here.

A wire loses what it carries while it is cut, and may say nothing of it. So every line has its sender's name and number,
and even a silent process sends one every `BEAT_SECONDS`: who misses a number, or hears not even itself, knows that
there is a gap, and `GAP` tells whoever listens to read again what stands in the database.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Protocol

import structlog

from helpdesk.background import in_background
from helpdesk.bus import GAP, Bus, Feed, News
from helpdesk.relay.cut import WireCut
from helpdesk.relay.topics import SHARED, is_news, packed

log = structlog.get_logger(__name__)

BEAT_SECONDS = 2.0
SILENCE_SECONDS = 3 * BEAT_SECONDS
SEND_LIMIT = 5.0
RETRY_SECONDS = 0.5
LINE_BYTES = 7000  # PostgreSQL's limit of one notification is 8000
KEPT = 1000  # announcements kept for when the wire is back
NOTICE = "news"


class Wire(Protocol):
    """Carries lines to every process that listens, the sender among them."""

    name: str

    async def send(self, lines: Sequence[str]) -> None:
        """Carry these, in order.

        Raises:
            WireCut: nobody knows whether they arrived.
        """
        ...

    def listening(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Lines of everybody from now on.

        Raises:
            WireCut: also while lines are awaited.
        """
        ...

    async def close(self) -> None:
        """Give back the connections."""
        ...


class Relay:
    """Both directions, for as long as `running` lasts. `notices` tells an operator while the wire is cut."""

    def __init__(self, bus: Bus, wire: Wire, notices: dict[str, str]) -> None:
        self._bus = bus
        self._wire = wire
        self._notices = notices
        self._name = secrets.token_hex(8)
        self._number = 0
        self._lost = 0
        self._last_of: dict[str, int] = {}  # other process -> number of its last line

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Carry news for as long as the block lasts; it begins once this process hears the others, if that is soon."""
        hearing = asyncio.Event()
        async with self._bus.subscribe(*SHARED) as feed:
            try:
                async with in_background(self._speak(feed), self._hear(hearing)):
                    await _soon(hearing)
                    yield
            finally:
                await self._wire.close()

    # ---------------------------------------------------------------- to the others

    async def _speak(self, feed: Feed) -> None:
        unsent: list[News] = []
        while True:
            unsent += await _batch(feed, RETRY_SECONDS if unsent else BEAT_SECONDS)
            try:
                if await self._send(self._lines(unsent)):
                    unsent = []
            except Exception:
                log.exception("news_not_sent")
            self._forget_oldest(unsent, feed)

    async def _send(self, lines: Sequence[str]) -> bool:
        """Whether they went. Their numbers are not given again, for nobody knows what arrived of those that failed."""
        try:
            async with asyncio.timeout(SEND_LIMIT):
                await self._wire.send(lines)
        except (WireCut, TimeoutError) as error:
            self._tell_cut(error)
            return False
        return True

    def _forget_oldest(self, unsent: list[News], feed: Feed) -> None:
        """A number that is never sent tells the others that something is missing."""
        too_many = len(unsent) - KEPT
        if too_many > 0:
            del unsent[:too_many]
        if too_many > 0 or feed.lost != self._lost:
            self._lost = feed.lost
            self._number += 1

    def _lines(self, news: Sequence[News]) -> list[str]:
        """At least one line, so that the others hear from us; the same news twice is once enough."""
        told = dict.fromkeys(json.dumps([one.topic, packed(one.topic, one.data)]) for one in news)
        return [self._line(part) for part in _parts(list(told))]

    def _line(self, part: Sequence[str]) -> str:
        self._number += 1
        return f'{{"from": "{self._name}", "number": {self._number}, "news": [{", ".join(part)}]}}'

    # ---------------------------------------------------------------- from the others

    async def _hear(self, hearing: asyncio.Event) -> None:
        while True:
            try:
                async with self._wire.listening() as lines:
                    self._tell_back(was_cut=hearing.is_set())
                    hearing.set()
                    await self._take_all(lines)
            except (WireCut, TimeoutError) as error:
                self._tell_cut(error)
            except Exception:
                log.exception("news_not_heard")
            await asyncio.sleep(RETRY_SECONDS)

    async def _take_all(self, lines: AsyncIterator[str]) -> None:
        """Raises TimeoutError when not even our own lines come."""
        while True:
            async with asyncio.timeout(SILENCE_SECONDS):
                line = await anext(lines)
            self._take(line)

    def _take(self, line: str) -> None:
        try:
            said = json.loads(line)
            sender, number, news = str(said["from"]), int(said["number"]), list(said["news"])
        except (ValueError, KeyError, TypeError):
            log.warning("news_not_understood", wire=self._wire.name)
            return
        if sender == self._name:
            return
        if number != self._last_of.get(sender, number - 1) + 1:
            self._bus.publish(GAP, is_far=True)
        self._last_of[sender] = number
        for topic, data in _valid(news):
            self._bus.publish(topic, data, is_far=True)

    # ---------------------------------------------------------------- the wire itself

    def _tell_cut(self, error: Exception) -> None:
        if NOTICE not in self._notices:
            log.warning("news_cut", wire=self._wire.name, error=str(error) or type(error).__name__)
        self._notices[NOTICE] = f"news of other processes does not arrive: {self._wire.name} does not answer"

    def _tell_back(self, *, was_cut: bool) -> None:
        if self._notices.pop(NOTICE, None):
            log.info("news_back", wire=self._wire.name)
        if was_cut:
            self._bus.publish(GAP, is_far=True)


async def _soon(event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(SEND_LIMIT):
            await event.wait()


async def _batch(feed: Feed, seconds: float) -> list[News]:
    """What is there, waiting so long for the first; what came from others is not sent again."""
    first = await feed.wait(seconds)
    found = [first] if first else []
    while (following := feed.get_now()) is not None:
        found.append(following)
    return [one for one in found if not one.is_far]


def _parts(told: Sequence[str]) -> Iterator[list[str]]:
    """Pieces that fit into one line; an empty one where there is nothing to tell."""
    part: list[str] = []
    for one in told:
        if part and sum(map(len, part)) + 2 * len(part) + len(one) > LINE_BYTES:
            yield part
            part = []
        part.append(one)
    yield part


def _valid(news: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in news:
        if isinstance(one, list) and len(one) == 2 and is_news(*one):
            yield one[0], one[1]
