"""Two services on one PostgreSQL, tied by each kind of wire: customers at one, desks at the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import socketio
from pydantic import SecretStr

from helpdesk.app import public_app
from helpdesk.bootstrap import running
from helpdesk.channels.web import server
from helpdesk.model.conversation import TurnRef
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.tables import Staff
from helpdesk.testing import Databases, eventually, free_port, settings_for
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.people.sign_in import COOKIE, open_session
from helpdesk.usecases.turns.stage import stage
from tests.integration.web.conftest import Customer
from tests.support.fixtures import services_of
from tests.support.listener import listening_on
from tests.support.redis_server import RedisServer
from tests.support.scripted_worker import Json, ScriptedWorker, answer, heard

PATIENCE = 60


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with much other work may not answer a ping for seconds; that is no cut connection here."""
    monkeypatch.setattr(server, "PING_WAIT", PATIENCE)


@dataclass
class OpenDesk:
    """A browser of staff, connected to one of the services."""

    client: socketio.AsyncClient
    heard: list[tuple[str, Any]] = field(default_factory=list)

    async def hears(self, event: str, **data: Any) -> None:
        """Wait for an event that has these data."""

        async def found() -> bool:
            told = [one or {} for name, one in self.heard if name == event]
            return any(data.items() <= one.items() for one in told)

        await eventually(found, f"the desk hears {event} {data}", PATIENCE)

    async def leave(self) -> None:
        """Close the page."""
        await self.client.disconnect()


@dataclass
class Member:
    """One service of the installation."""

    services: Services
    api: httpx.AsyncClient

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.services.settings.port}"

    async def customer(self) -> Customer:
        """Somebody who opens the chat here, with a session."""
        made = Customer(self.url)
        await made.connect()
        await made.begin()
        return made

    async def token(self, staff_id: str = "agent") -> str:
        """Somebody signs in."""
        async with self.services.db.read() as uow:
            staff = await uow.session.get_one(Staff, staff_id)
        return await open_session(self.services, staff, self.services.clock.now())

    async def desk(self, token: str) -> OpenDesk:
        """A desk that is open here."""
        client = socketio.AsyncClient(reconnection=False)
        desk = OpenDesk(client)

        async def hear(event: str, data: Any = None) -> None:
            desk.heard.append((event, data))

        client.on("*", hear, namespace="/desk")
        await client.connect(
            self.url,
            headers={"Cookie": f"{COOKIE}={token}"},
            transports=["websocket"],
            namespaces=["/desk"],
            wait_timeout=PATIENCE,
        )
        return desk

    async def ok(self, method: str, path: str, token: str, **body: Any) -> Any:
        """A request of a signed-in browser, which must succeed; its answer."""
        headers = {"Cookie": f"{COOKIE}={token}"}
        response = await self.api.request(method, f"/api{path}", json=body or None, headers=headers)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def staff(self, staff_id: str = "agent") -> Staff:
        """A person's row as it is now."""
        async with self.services.db.read() as uow:
            return await uow.session.get_one(Staff, staff_id)


@dataclass
class Pair:
    """The installation: `a` for customers, `b` for desks."""

    a: Member
    b: Member

    async def bot(self, body: Json) -> Json:
        """Echo; 「转人工」 joins the queue, and who is to pay for the way back is in the knowledge base."""
        if heard(body) == "运费谁出":
            return answer(body, "来回运费由我们承担。", custom={"kind": "faq_answer", "faq_id": "returns.freight"})
        if heard(body) != "转人工":
            return answer(body, f"答：{heard(body)}")
        ref = TurnRef.parse(body["conversation"], body["message_id"])
        await stage(self.a.services, ref, "join_queue", {"reason": "request"})
        return answer(body, "好的", intent="request_human")


@asynccontextmanager
async def member(settings: Settings) -> AsyncIterator[Member]:
    """One service's life."""
    services = services_of(settings.model_copy(update={"port": free_port(), "internal_port": free_port()}))
    await ensure_staff(services)
    url = f"http://127.0.0.1:{services.settings.port}"
    async with (
        running(services),
        listening_on(public_app(services), services.settings.port),
        httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as api,
    ):
        yield Member(services, api)


@asynccontextmanager
async def pair_on(database: str, redis: str = "") -> AsyncIterator[Pair]:
    """Both services and the worker they ask."""
    port = free_port()
    workers = (f"http://127.0.0.1:{port}",)
    settings = settings_for(database, workers=workers, demo=True, redis_url=SecretStr(redis))
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(ScriptedWorker("worker-token", port).running())
        a = await stack.enter_async_context(member(settings))
        b = await stack.enter_async_context(member(settings))
        pair = Pair(a, b)
        worker.script = pair.bot
        yield pair


@pytest.fixture(params=["postgres", "redis"])
async def pair(request: pytest.FixtureRequest, postgres: Databases) -> AsyncIterator[Pair]:
    """Two services, once tied by the database alone and once by Redis."""
    redis = ""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        redis = server.url
    async with pair_on(postgres.fresh(), redis) as made:
        yield made
