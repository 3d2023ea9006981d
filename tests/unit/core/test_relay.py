"""What travels between processes: rows' names and numbers, in lines whose loss is noticed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from helpdesk.bus import GAP, Bus
from helpdesk.channels.web.pump import TOPICS
from helpdesk.desk import live
from helpdesk.relay import Relay
from helpdesk.relay import relay as relaying
from helpdesk.relay.topics import SHARED, is_news, packed


class Air:
    """A wire in memory, which a test may cut and listen to."""

    name = "air"

    def __init__(self) -> None:
        self.said: list[str] = []
        self._ears: list[asyncio.Queue[str]] = []

    async def send(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.carry(line)

    def carry(self, line: str) -> None:
        """As if a process had sent it."""
        self.said.append(line)
        for ear in self._ears:
            ear.put_nowait(line)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[str]]:
        ear: asyncio.Queue[str] = asyncio.Queue()
        self._ears.append(ear)

        async def lines() -> AsyncIterator[str]:
            while True:
                yield await ear.get()

        yield lines()

    async def close(self) -> None:
        """Nothing is open."""


def line(sender: str, number: int, *news: Any) -> str:
    """What another process says."""
    return json.dumps({"from": sender, "number": number, "news": list(news)})


def test_whatever_browsers_are_told_of_travels() -> None:
    topics = {*TOPICS, *live.TOPICS} - {GAP}
    assert topics == set(SHARED)


def test_nobodys_words_travel() -> None:
    told = {"conversation_id": "c", "message_id": "m", "text": "我的电话是 13812345678", "answer": ["..."]}
    assert packed("message", told) == {"conversation_id": "c", "message_id": "m"}


NO_NEWS = [
    ("pending", {}), ("message", {"text": "x"}), ("message", []), ("message", {"conversation_id": {}}), (1, {}),
    ([], {}),
]  # fmt: skip


@pytest.mark.parametrize("news", NO_NEWS)
def test_what_is_no_news_is_not_believed(news: tuple[Any, Any]) -> None:
    assert not is_news(*news)
    assert is_news("message", {"conversation_id": "c", "message_id": "m"})


async def test_news_goes_to_the_others_and_not_back() -> None:
    air, here, there = Air(), Bus(), Bus()
    async with (
        Relay(here, air, {}).running(),
        Relay(there, air, {}).running(),
        there.subscribe("ticket") as far,
        here.subscribe("ticket", GAP) as near,
    ):
        here.publish("ticket", {"number": "TS1", "note": "intern"})
        news = await far.wait(5)
        assert news is not None
        assert (news.data, news.is_far) == ({"number": "TS1"}, True)
        there.publish("ticket", {"number": "TS2"})
        told = [await near.wait(5), await near.wait(5)]
        assert [one.data["number"] for one in told if one] == ["TS1", "TS2"]
    assert sum("TS1" in one for one in air.said) == 1


async def test_a_missing_number_is_a_gap() -> None:
    air, bus = Air(), Bus()
    async with Relay(bus, air, {}).running(), bus.subscribe(GAP, "queue") as feed:
        for number in (7, 8, 10):
            air.carry(line("other", number, ["queue", {}]))
        topics = [news.topic for news in [await feed.wait(5) for _ in range(4)] if news]
        assert topics == ["queue", "queue", GAP, "queue"]


async def test_rubbish_on_the_wire_hurts_nobody() -> None:
    air, bus = Air(), Bus()
    async with Relay(bus, air, {}).running(), bus.subscribe("ticket") as feed:
        for rubbish in (
            "",
            "[]",
            "{}",
            "null",
            '{"from": 1, "number": "x", "news": 3}',
            line("x", 1, 5, ["ticket"], 0),
        ):
            air.carry(rubbish)
        air.carry(line("x", 2, ["ticket", {"number": "TS1"}]))
        news = await feed.wait(5)
        assert news is not None
        assert news.data == {"number": "TS1"}


async def test_a_crowd_of_news_fits_into_lines_that_postgresql_takes() -> None:
    air, bus = Air(), Bus()
    async with Relay(bus, air, {}).running():
        for number in range(900):
            bus.publish("ticket", {"number": f"TS20261124-{number:04}"})

        async def all_said() -> None:
            while "0899" not in "".join(air.said):
                await asyncio.sleep(0)

        await asyncio.wait_for(all_said(), 5)
    assert max(len(one.encode()) for one in air.said) < 8000
    numbers = [json.loads(one)["number"] for one in air.said]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_the_same_news_is_told_once_and_silence_is_a_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "BEAT_SECONDS", 0.01)
    air, bus = Air(), Bus()
    async with Relay(bus, air, {}).running():
        for _ in range(5):
            bus.publish("queue")

        async def beat() -> None:
            while len(air.said) < 3:
                await asyncio.sleep(0.001)

        await asyncio.wait_for(beat(), 5)
    assert sum("queue" in one for one in air.said) == 1
    assert any(json.loads(one)["news"] == [] for one in air.said)
