"""Databases of both kinds, and a service on them whose worker is scripted."""

from __future__ import annotations

import asyncio
import shutil
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from helpdesk.app import public_app
from helpdesk.bootstrap import CompanyFiles, Outside, build_services, prepare, read_files, running
from helpdesk.bus import Bus
from helpdesk.channels.wechat import WeChatSettings
from helpdesk.clock import Clock, ShiftedClock
from helpdesk.couriers import MailSettings, SmsSettings
from helpdesk.knowledge import Article, Knowledge, load_knowledge
from helpdesk.knowledge.ranking import Index
from helpdesk.logs import configure_logs
from helpdesk.services import Services, StillLoading
from helpdesk.settings import Settings
from helpdesk.store.database import Database, Engines
from helpdesk.store.tables import Base, Conversation, Message, Staff
from helpdesk.testing import (
    ROOT,
    SHIFT,
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    eventually,
    free_port,
    settings_for,
)
from helpdesk.usecases.people import passwords
from helpdesk.usecases.people.roster import ensure_staff
from tests.support.redis_server import NO_SERVER, RedisServer, running_redis
from tests.support.scripted_worker import ScriptedWorker

REST = {"Authorization": "Bearer rest-token"}


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Errors as they are logged in earnest: no rich tracebacks with every local value."""
    configure_logs("ERROR")


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """A hash takes a quarter of a second by intent, which hundreds of passwords of tests need not.

    What is kept in earnest, and for how much work, tests/unit/core/test_passwords.py holds.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._decoy.cache_clear()
        yield
    passwords._decoy.cache_clear()


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[Databases]:
    made = SqliteDatabases()
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    made = PostgresDatabases()
    yield made
    made.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real Redis (Valkey); where none can be started the test says so and is left out."""
    with running_redis() as server:
        if server is None:
            pytest.skip(NO_SERVER)
        yield server


class Remembering(Knowledge):
    """Trains nothing twice: what a test publishes on SQLite it publishes on PostgreSQL again, half a second each."""

    trained: ClassVar[deque[Index]] = deque(maxlen=12)

    def _index(self, articles: Sequence[Article]) -> Index:
        for known in tuple(self.trained):  # threads publish at once
            if (twin := known.serving(articles)) is not None:
                return twin
        made = super()._index(articles)
        self.trained.append(made)
        return made


@cache
def _articles_of_the_files() -> Knowledge:
    return load_knowledge(ROOT / "company", ROOT / "var", clock=ShiftedClock(SHIFT))


def shipped_knowledge() -> Knowledge:
    """A knowledge of one's own with the articles of the files, which are slow to read and therefore read once."""
    made = Remembering.__new__(Remembering)
    vars(made).update(vars(_articles_of_the_files()))
    return made


@cache
def shipped_files() -> CompanyFiles:
    """The company as it is shipped: nobody changes it, and reading it takes a quarter of a second."""
    return read_files(ROOT / "company")


def lay_down_vectors(var_dir: Path) -> None:
    """Give a process the sentence vectors, and what was learnt of them, that were kept here: without, a start computes
    eight seconds."""
    for kept in (ROOT / "var" / "knowledge-vectors.npz", ROOT / "var" / "knowledge-fits.npz"):
        if kept.exists():
            var_dir.mkdir(parents=True, exist_ok=True)
            shutil.copy(kept, var_dir)


@dataclass
class Borrowed:
    """Databases for one test, which go back at its end."""

    owner: Databases
    urls: list[str] = field(default_factory=list)

    def fresh(self) -> str:
        """The address of an empty one."""
        self.urls.append(self.owner.fresh())
        return self.urls[-1]

    def take_back(self, url: str) -> None:
        """This one goes back before the others."""
        self.urls.remove(url)
        self.owner.take_back(url)

    def close(self) -> None:
        """Give all back."""
        while self.urls:
            self.take_back(self.urls[-1])


@pytest.fixture
def sqlite(sqlite_databases: Databases) -> Iterator[Databases]:
    """SQLite alone."""
    made = Borrowed(sqlite_databases)
    yield made
    made.close()


@pytest.fixture
def postgres(postgres_databases: Databases) -> Iterator[Databases]:
    """PostgreSQL alone."""
    made = Borrowed(postgres_databases)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both kinds, one after the other."""
    made: Databases = request.getfixturevalue(request.param)
    return made


class Reopened(Database):
    """A database with the engines of an earlier test that used the same address, and connections of its own.

    What an engine knows of its server and of statements it compiled is the same for all; it is a fifth of a test.
    """

    _idle: ClassVar[dict[str, list[Engines]]] = {}

    def __init__(self, url: str, bus: Bus, clock: Clock) -> None:
        self._engines_of = self._idle.setdefault(url, [])
        self._is_closed = False
        super().__init__(url, bus, clock, engines=self._engines_of.pop() if self._engines_of else None)

    async def close(self) -> None:
        await super().close()
        if not self._is_closed:
            self._is_closed = True
            self._engines_of.append(self.engines)


def services_of(settings: Settings, **parts: Any) -> Services:
    """A service that may be opened; it knows no articles unless `knowledge` is given."""
    given = {"files": shipped_files(), "knowledge": StillLoading(), "open_database": Reopened, **parts}
    return build_services(settings, **given)


@dataclass
class World:
    """A service without listeners, the worker it asks, and a customer's way in."""

    settings: Settings
    worker: ScriptedWorker
    services: Services = field(init=False)
    wechat: WeChatSettings | None = None
    sms: SmsSettings | None = None
    mail: MailSettings | None = None

    @asynccontextmanager
    async def service(self) -> AsyncIterator[httpx.AsyncClient]:
        """A service process's life on this world's database; gives a client of its public application."""
        # the scripted worker asks for no knowledge
        self.services = services_of(self.settings, outside=Outside(self.wechat, self.sms, self.mail))
        await ensure_staff(self.services)
        await prepare(self.services)
        transport = httpx.ASGITransport(public_app(self.services))
        async with (
            running(self.services),
            httpx.AsyncClient(transport=transport, base_url="http://service", headers=REST, timeout=60) as client,
        ):
            yield client

    async def rows(self, table: type[Base], **where: Any) -> list[Any]:
        """Rows of a table as they are now."""
        async with self.services.db.read() as uow:
            return list((await uow.session.scalars(select(table).filter_by(**where))).all())

    async def staff_on_duty(self, staff_id: str = "agent") -> Staff:
        """Somebody who serves, for an hour."""
        async with self.services.db.write() as uow:
            staff = await uow.session.get_one(Staff, staff_id)
            staff.presence, staff.present_until = "online", self.services.clock.now() + timedelta(hours=1)
            await uow.commit()
        return staff

    async def has_stored(self, count: int) -> None:
        """Wait until so many messages of customers are stored."""

        async def stored() -> bool:
            return len(await self.rows(Message, author="customer")) >= count

        await eventually(stored, f"{count} messages are stored")

    async def conversation(self) -> Conversation:
        """The only conversation there is."""
        (found,) = await self.rows(Conversation)
        return found  # type: ignore[no-any-return]

    async def told(self) -> list[Message]:
        """Everything customers were told, in order."""
        messages = [one for one in await self.rows(Message) if one.author != "customer"]
        return sorted(messages, key=lambda one: (one.conversation_id, one.seq))


def world_on(url: str, **changes: Any) -> World:
    """A world on the database at `url`."""
    port = free_port()
    settings = settings_for(url, workers=(f"http://127.0.0.1:{port}",), **changes)
    return World(settings, ScriptedWorker("worker-token", port))


@pytest.fixture
async def world(databases: Databases) -> AsyncIterator[World]:
    """An empty database and a listening worker; `world.service()` starts a service on them."""
    made = world_on(databases.fresh())
    async with made.worker.running():
        yield made


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A running service's public application."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(world.service())


async def post(client: httpx.AsyncClient, text: Any, sender: str = "li", **more: Any) -> httpx.Response:
    """A customer's message; `debug=1` is a query, the rest goes into the body."""
    query = {"debug": more.pop("debug")} if "debug" in more else {}
    body = {"sender": sender, "message": text, **more}
    return await client.post("/webhooks/rest/webhook", json=body, params=query)


async def texts(client: httpx.AsyncClient, text: Any, sender: str = "li", **more: Any) -> list[str]:
    """The texts said in answer."""
    response = await post(client, text, sender, **more)
    assert response.status_code == 200, response.text
    return [one.get("text", "") for one in response.json()]


async def told_to(client: httpx.AsyncClient, sender: str = "li", after: str = "") -> list[dict[str, Any]]:
    """A page of what a sender was told."""
    response = await client.get("/webhooks/rest/messages", params={"sender": sender, "after": after})
    assert response.status_code == 200, response.text
    page: list[dict[str, Any]] = response.json()
    return page


async def together(*awaitables: Any) -> list[Any]:
    """All at once."""
    return list(await asyncio.gather(*awaitables))
