"""The wire of an installation that has a Redis (or Valkey): publish and subscribe."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from helpdesk.relay.cut import WireCut

CONNECT_LIMIT = 3.0
FAILURES = (RedisError, OSError)


class RedisWire:
    """Lines on one channel. Channels are the whole server's, so ours has the number of the address's database in it."""

    name = "Redis"

    def __init__(self, url: str) -> None:
        self._client: Redis = Redis.from_url(
            url, decode_responses=True, socket_connect_timeout=CONNECT_LIMIT, socket_keepalive=True
        )
        database = self._client.connection_pool.connection_kwargs.get("db", 0)
        self._channel = f"sansheng:{database}:news"

    async def send(self, lines: Sequence[str]) -> None:
        """All in one go.

        Raises:
            WireCut.
        """
        try:
            async with self._client.pipeline(transaction=False) as going:
                for line in lines:
                    going.publish(self._channel, line)
                await going.execute()
        except FAILURES as error:
            raise WireCut(_said(error)) from error

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[str]]:
        """Raises WireCut."""
        try:
            async with self._client.pubsub(ignore_subscribe_messages=True) as ear:
                await ear.subscribe(self._channel)
                yield _payloads(ear)
        except FAILURES as error:
            raise WireCut(_said(error)) from error

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.aclose()


async def _payloads(ear: Any) -> AsyncIterator[str]:
    async for message in ear.listen():
        yield str(message["data"])


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
