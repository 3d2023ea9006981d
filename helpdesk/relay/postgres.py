"""The wire that is always there with several processes: PostgreSQL's NOTIFY, on two connections of its own.

Sent after the commit and not within it: a NOTIFY inside would make all commits of the server wait for each other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from helpdesk.relay.cut import WireCut

CHANNEL = "sansheng_news"
TELL = "SELECT pg_notify(%s, line) FROM unnest(%s::text[]) WITH ORDINALITY AS said(line, place) ORDER BY place"
CONNECTING: dict[str, Any] = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5}
FAILURES = (psycopg.Error, OSError)

Connection = psycopg.AsyncConnection[Any]


class PostgresWire:
    """Lines as notifications of one channel of the database."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._sender: Connection | None = None

    async def send(self, lines: Sequence[str]) -> None:
        """One statement for all of them.

        Raises:
            WireCut.
        """
        sender, self._sender = self._sender, None  # a connection whose call was cut short is not used again
        try:
            sender = sender or await self._connected()
            await sender.execute(TELL, [CHANNEL, list(lines)])
        except FAILURES as error:
            await _closed(sender)
            raise WireCut(_said(error)) from error
        except BaseException:
            await _closed(sender)
            raise
        self._sender = sender

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[str]]:
        """Raises WireCut."""
        try:
            connection = await self._connected()
            try:
                await connection.execute(f"LISTEN {CHANNEL}".encode())
                yield _payloads(connection)
            finally:
                await _closed(connection)
        except FAILURES as error:
            raise WireCut(_said(error)) from error

    async def close(self) -> None:
        """End the sender's connection; the listener's ended with its block."""
        await _closed(self._sender)
        self._sender = None

    async def _connected(self) -> Connection:
        return await psycopg.AsyncConnection.connect(self._address, autocommit=True, **CONNECTING)


async def _payloads(connection: Connection) -> AsyncIterator[str]:
    async for notification in connection.notifies():
        yield notification.payload


async def _closed(connection: Connection | None) -> None:
    if connection is not None:
        with suppress(*FAILURES):
            await connection.close()


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
