"""A listener of a test, on the loopback. It begins and ends without uvicorn's pauses: hundreds of tests have one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn

GRACE_SECONDS = 1.0
"""How long requests under way may take to end."""


class Listener(uvicorn.Server):
    """One server; signals are left to the test runner."""

    def __init__(self, app: Any, port: int, host: str = "127.0.0.1") -> None:
        super().__init__(
            uvicorn.Config(app, host=host, port=port, log_config=None, log_level="error", access_log=False)
        )
        self._up, self._unwanted = asyncio.Event(), asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; returns when it does."""
        self._serving = asyncio.create_task(self.serve())
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait((self._serving, up), return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        assert self.started, "it could not listen"

    async def stop(self) -> None:
        """Stop listening: connections are refused from now on."""
        self.should_exit = True
        self._unwanted.set()
        if self._serving is not None:
            await self._serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._unwanted.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What uvicorn does, with short looks instead of tenths of a second."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                while self.server_state.connections or self.server_state.tasks:
                    await asyncio.sleep(0.002)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening_on(app: Any, port: int) -> AsyncIterator[Listener]:
    """An application behind a listener for as long as the block lasts."""
    server = Listener(app, port)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
