"""News inside a process."""

from __future__ import annotations

import asyncio
from typing import Any

from helpdesk.bus import FEED_LIMIT, Bus


async def test_a_subscriber_hears_its_topics_only() -> None:
    bus = Bus()
    async with bus.subscribe("ticket", "queue") as feed:
        bus.publish("message", {"n": 1})
        bus.publish("queue")
        bus.publish("ticket", {"number": "TS"})
        assert [(await feed.get()).topic, (await feed.get()).data] == ["queue", {"number": "TS"}]


async def test_nothing_is_kept_for_who_left() -> None:
    bus = Bus()
    async with bus.subscribe("queue") as feed:
        pass
    bus.publish("queue")
    assert await feed.wait(0.01) is None


async def test_a_slow_reader_loses_the_oldest() -> None:
    bus = Bus()
    async with bus.subscribe("queue") as feed:
        for n in range(FEED_LIMIT + 1):
            bus.publish("queue", {"n": n})
        assert (await feed.get()).data == {"n": 1}


async def test_what_cannot_be_told_is_passed_over_and_the_next_is_told() -> None:
    bus, told, done = Bus(), [], asyncio.Event()

    async def tell(topic: str, data: dict[str, Any]) -> None:
        told.append((topic, data["n"] / data["of"]))
        done.set()

    pumping = asyncio.create_task(bus.pump(tell, "queue", "ticket"))
    await asyncio.sleep(0)  # it listens
    for of in (0, 2):
        bus.publish("ticket", {"n": 1, "of": of})
    await asyncio.wait_for(done.wait(), 20)
    pumping.cancel()
    assert told == [("ticket", 0.5)]
