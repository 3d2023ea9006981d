"""A listening service with a scripted worker, and stock Socket.IO clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
import socketio

from helpdesk.app import public_app
from helpdesk.bootstrap import running
from helpdesk.services import Services
from helpdesk.testing import Databases, eventually
from tests.support.fixtures import World, services_of, shipped_knowledge, world_on
from tests.support.listener import listening_on
from tests.support.scripted_worker import echo

PATIENCE = 60
"""Seconds that a machine with much other work may take; nothing here measures it."""


@dataclass
class Customer:
    """A browser as Rasa's own widgets are: it keeps what it was sent, and the id of its session."""

    url: str
    session_id: str | None = None
    heard: list[tuple[str, Any]] = field(default_factory=list)
    client: socketio.AsyncClient = field(init=False)

    async def connect(self, **headers: str) -> None:
        """A fresh connection."""
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("*", self._hear)
        self.client.on("session_confirm", self._confirm)
        await self.client.connect(self.url, headers=headers, transports=["websocket"], wait_timeout=PATIENCE)

    async def _hear(self, event: str, data: Any = None) -> None:
        self.heard.append((event, data))

    async def _confirm(self, session_id: str) -> None:
        self.session_id = session_id
        self.heard.append(("session_confirm", session_id))

    async def begin(self) -> None:
        """Ask for the session one has, or for a new one."""
        before = self.count("session_confirm")
        await self.client.emit("session_request", {"session_id": self.session_id})
        await eventually(self._more_than("session_confirm", before), "the session is confirmed", PATIENCE)

    def _more_than(self, event: str, count: int) -> Any:
        async def check() -> bool:
            return self.count(event) > count

        return check

    def count(self, event: str) -> int:
        """How often an event came."""
        return sum(1 for name, _ in self.heard if name == event)

    def told(self) -> list[dict[str, Any]]:
        """The messages that came in `bot_uttered`."""
        return [data for name, data in self.heard if name == "bot_uttered"]

    def texts(self) -> list[str]:
        """Their words."""
        return [message["text"] for message in self.told()]

    async def ask(self, event: str, data: Any) -> Any:
        """Emit, and wait for the acknowledgement."""
        return await self.client.call(event, data, timeout=PATIENCE)

    async def say(self, text: str, **more: Any) -> Any:
        """Say something as Rasa's widgets do."""
        return await self.ask("user_uttered", {"message": text, "session_id": self.session_id, **more})

    async def hears(self, words: str) -> dict[str, Any]:
        """Wait for a message with these words; that message."""

        async def found() -> dict[str, Any] | None:
            return next((message for message in self.told() if words in message["text"]), None)

        message: dict[str, Any] = await eventually(found, f"{words} is heard", PATIENCE)
        return message

    async def cut(self) -> None:
        """The network goes, whatever was under way."""
        with suppress(Exception):
            await self.client.eio.disconnect(abort=True)

    async def leave(self) -> None:
        """Close the page."""
        await self.client.disconnect()


@dataclass
class Site:
    """A running service and what it stands on."""

    url: str
    world: World
    services: Services
    customers: list[Customer] = field(default_factory=list)

    async def customer(self, session_id: str | None = None, **headers: str) -> Customer:
        """Somebody who opens the page."""
        made = Customer(self.url, session_id)
        self.customers.append(made)
        await made.connect(**headers)
        return made


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[Services]:
    """A service process's life, with its listener."""
    services = services_of(world.settings, knowledge=shipped_knowledge())
    world.services = services
    async with running(services), listening_on(public_app(services), world.settings.port):
        yield services


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def fresh_database(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    return databases.fresh()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_site(fresh_database: str) -> AsyncIterator[Site]:
    """An empty database, a scripted worker, a listening service: for all tests of a module."""
    world = world_on(fresh_database, widget_origins=("https://shop.example",), demo=True)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(world.worker.running())
        services = await stack.enter_async_context(listening(world))
        made = Site(f"http://127.0.0.1:{world.settings.port}", world, services)
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def site(running_site: Site) -> AsyncIterator[Site]:
    """The service, with a worker that echoes; customers of this test leave at its end."""
    running_site.world.worker.script = echo
    yield running_site
    while running_site.customers:
        await running_site.customers.pop().leave()
