"""What an address may do it may do once, however many processes there are; and a Redis that is away stops nobody."""

from __future__ import annotations

import secrets
from contextlib import suppress

import pytest

from helpdesk.clock import ManualClock
from helpdesk.door.limits import EVENTS, MESSAGES, Limit, Limiter
from helpdesk.errors import TooManyTries
from helpdesk.testing import now
from tests.support.redis_server import RedisServer


async def taken(limiter: Limiter, key: str, most: int, limit: Limit = MESSAGES) -> int:
    """How often it may be done, up to `most` times."""
    count = 0
    with suppress(TooManyTries):
        while count < most:
            await limiter.take(limit, key)
            count += 1
    return count


async def test_two_processes_allow_together_what_one_does(redis_server: RedisServer) -> None:
    clock, key = ManualClock(now()), secrets.token_hex(4)
    one, other = (Limiter(clock, shared=redis_server.url) for _ in range(2))
    assert await taken(one, key, 15) == 15
    assert await taken(other, key, 15) == MESSAGES.most - 15
    with pytest.raises(TooManyTries) as refused:
        await one.take(MESSAGES, key)
    assert 1 <= refused.value.details["retry_after_s"] <= MESSAGES.seconds
    assert await taken(other, f"{key}'", 1) == 1
    assert await one.is_shared() is True
    await one.close()
    await other.close()


async def test_what_one_connection_may_do_is_its_own_processs_business(redis_server: RedisServer) -> None:
    clock, key = ManualClock(now()), secrets.token_hex(4)
    one, other = (Limiter(clock, shared=redis_server.url) for _ in range(2))
    assert await taken(one, key, EVENTS.most + 1, EVENTS) == EVENTS.most
    assert await taken(other, key, 1, EVENTS) == 1
    await one.close()
    await other.close()


async def test_without_redis_each_counts_for_itself_and_nobody_waits(redis_server: RedisServer) -> None:
    clock, key = ManualClock(now()), secrets.token_hex(4)
    limiter = Limiter(clock, shared=redis_server.url)
    redis_server.stop()
    try:
        assert await taken(limiter, key, 30) == MESSAGES.most
        assert await limiter.is_shared() is False
    finally:
        redis_server.start()
    await limiter.close()
