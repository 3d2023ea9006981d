"""Customers who write over Rasa's REST channel, so many at once: what they say, and how long they wait.

The same for the product and for stock Rasa, whose channel has the same path and shape. Each customer says ten messages
or one complaint, waits for each answer, and makes room for another customer.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

QUESTIONS = (
    "您好",
    "几点关门",
    "怎么开发票",
    "运费谁出",
    "七天无理由怎么退",
    "冰箱保修几年",
    "怎么查物流",
    "你们有什么优惠",
    "可以分期付款吗",
    "退款多久到账",
    "洗衣机怎么安装",
    "谢谢",
)
COMPLAINT = (
    "冰箱送来第二天就不制冷了，我要投诉",
    "我叫王芳",
    "手机 13812345678",
    "昨天下午发现的",
    "订单号是 2026110812345",
    "没有了",
    "你们多久能处理",
    "谢谢",
)
BEFORE = ("我想问一下", "请问", "那个", "帮我看看", "麻烦问下", "是这样的")
SYLLABLES = "小李阿明老张家里楼下昨晚上周隔壁同事朋友邻居单位门口客厅厨房"
TURNS = 10
PATIENCE = 60.0  # seconds after which an answer counts as none


def _known(_: random.Random) -> Iterator[str]:
    yield from itertools.islice(itertools.cycle(QUESTIONS), TURNS)


def _new(chance: random.Random) -> Iterator[str]:
    """Questions among words that nobody said before: no text comes twice."""
    for question in _known(chance):
        about = "".join(chance.choices(SYLLABLES, k=6))
        yield f"{chance.choice(BEFORE)}{about}，{question}"


def _form(_: random.Random) -> Iterator[str]:
    yield from COMPLAINT


LOADS: dict[str, Callable[[random.Random], Iterator[str]]] = {"known": _known, "new": _new, "form": _form}
"""What one customer says, by the name of the load."""


@dataclass
class Waits:
    """How long answers took, in seconds, what failed, and how long all took."""

    answered: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Messages answered in a second."""
        return len(self.answered) / self.seconds

    def at(self, share: float) -> float:
        """The wait that this share of the messages did not exceed, in seconds."""
        return percentile(self.answered, share)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of them do not exceed; infinity of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf


@dataclass(frozen=True)
class Channel:
    """A REST channel: where, and the token it asks for ("" for none)."""

    address: str
    token: str = ""


@asynccontextmanager
async def _session(channel: Channel) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {channel.token}"} if channel.token else {}
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(headers=headers, connector=connector, timeout=timeout, trust_env=False) as session:
        yield session


@asynccontextmanager
async def only_sender(channel: Channel) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """Says the n-th message of one customer who goes on and on.

    Raises:
        AssertionError: it was not answered.
    """
    waits = Waits()
    async with _session(channel) as session:

        async def say(n: int) -> None:
            await _say(session, channel, {"sender": "long", "message": QUESTIONS[n % len(QUESTIONS)]}, waits)
            assert not waits.failures, waits.failures

        yield say


async def drive(channel: Channel, load: str, senders: int, messages: int) -> Waits:
    """`messages` of `senders` customers at a time."""
    waits = Waits()
    left = iter(range(messages))
    chance = random.Random(time.time_ns())
    async with _session(channel) as session:
        began = time.monotonic()
        await asyncio.gather(*(_sit(session, channel, load, left, waits, chance) for _ in range(senders)))
        waits.seconds = time.monotonic() - began
    return waits


async def _sit(
    session: aiohttp.ClientSession,
    channel: Channel,
    load: str,
    left: Iterator[int],
    waits: Waits,
    chance: random.Random,
) -> None:
    """One place: a customer after the other until no message is left."""
    while True:
        sender = f"{load}-{chance.getrandbits(60):x}"
        for text in LOADS[load](chance):
            if next(left, None) is None:
                return
            await _say(session, channel, {"sender": sender, "message": text}, waits)


async def _say(session: aiohttp.ClientSession, channel: Channel, body: dict[str, str], waits: Waits) -> None:
    since = time.monotonic()
    try:
        async with session.post(f"{channel.address}/webhooks/rest/webhook", json=body) as response:
            answer = await response.json()
            if response.status == 200 and answer:
                waits.answered.append(time.monotonic() - since)
            else:
                waits.failures.append(f"{response.status} {str(answer)[:200]}")
    except (aiohttp.ClientError, TimeoutError) as error:
        waits.failures.append(repr(error))
