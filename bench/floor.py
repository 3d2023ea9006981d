"""What a message cannot cost less than: its sentence vector, two durable commits, two HTTP round trips.

In CPU milliseconds, each the median of many, in this process. The classifier (0.1 ms) is left out.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from zhtext.encode import shared_encoder

TIMES = 60
BODY = b"x" * 4096  # a dialogue's state is so long
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)
ASKED = b"POST /turn HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)


def floor(folder: Path) -> dict[str, float]:
    """The parts and their sum."""
    found = {"encoding": _encoding(), "two_commits": 2 * _commit(folder), "two_hops": 2 * asyncio.run(_hop())}
    return {**found, "sum": sum(found.values())}


def _median_ms(work: Callable[[int], object]) -> float:
    spent = []
    for n in range(TIMES):
        before = time.process_time()
        work(n)
        spent.append(time.process_time() - before)
    return 1000 * statistics.median(spent)


def _encoding() -> float:
    encoder = shared_encoder()
    assert encoder is not None, "the encoder is not installed"
    encoder.encode(["您好"])
    return _median_ms(lambda n: encoder.encode([f"请问第{n}次买的冰箱什么时候可以送到家里"]))


def _commit(folder: Path) -> float:
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as connection:
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE said (n INTEGER, text TEXT)",
        ):
            connection.execute(statement)

        def write(n: int) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO said VALUES (?, ?)", (n, BODY.decode()))
            connection.execute("COMMIT")

        return _median_ms(write)


async def _hop() -> float:
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(2 * len(ASKED)):
            writer.write(ANSWER)
        writer.close()
        over.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

    async def ask() -> None:
        writer.write(ASKED)
        await reader.readexactly(len(ANSWER))

    spent = await _median_of(ask)
    writer.close()
    await over.wait()
    server.close()
    return spent


async def _median_of(ask: Callable[[], Awaitable[None]]) -> float:
    spent = []
    for _ in range(TIMES):
        before = time.process_time()
        await ask()
        spent.append(time.process_time() - before)
    return 1000 * statistics.median(spent)
