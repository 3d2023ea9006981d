"""The service as a process on free ports of the loopback, and raw connections to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from helpdesk.settings import Settings
from helpdesk.testing import Databases, Process, settings_for, wait_until_ok
from tests.support.fixtures import World, world_on
from tests.support.nursery import forked_service

ROOM = 300
"""Connections that the loopback may hold."""


@dataclass(frozen=True)
class Service:
    """A service process and where it listens."""

    settings: Settings
    process: Process

    @property
    def port(self) -> int:
        return self.settings.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def holds(self, port: int) -> bool:
        """Whether it has the connection that comes from this port in its hands; the system may still be closing it."""
        ours = f":{self.port:04X}", f":{port:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return any((row[1][-5:], row[2][-5:]) == ours and row[9] != "0" for row in rows)

    def resident_kilobytes(self) -> int:
        """The memory that it holds."""
        assert self.process.running is not None
        status = Path(f"/proc/{self.process.running.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))


@pytest.fixture(scope="module")
def process(sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One process for a module; no worker."""
    folder = tmp_path_factory.mktemp("door")
    settings = settings_for(sqlite_databases.fresh(), var_dir=folder, connections_per_address=ROOM)
    made = Service(settings, forked_service(settings, folder))
    made.process.start()
    yield made
    made.process.stop()


@pytest.fixture
async def service(process: Service) -> Service:
    """It answers."""
    await wait_until_ok(f"{process.url}/healthz", process.process)
    return process


@pytest.fixture
async def world(sqlite: Databases) -> World:
    return world_on(sqlite.fresh())


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.service() as made:
        yield made


@asynccontextmanager
async def connection(
    port: int, room: int | None = None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection; `room` in bytes for what was not read: a system may hold megabytes for who reads nothing."""
    end = socket.socket()
    end.setblocking(False)
    if room is not None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    await asyncio.get_running_loop().sock_connect(end, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=end)
    try:
        yield reader, writer
    finally:
        writer.close()


async def exchange(port: int, request: bytes, seconds: float = 60.0) -> bytes:
    """What comes back for these bytes until the other side closes."""
    async with asyncio.timeout(seconds), connection(port) as (reader, writer):
        writer.write(request)
        await writer.drain()
        return await reader.read()
