"""One worker for everything here, one service for all transcripts; each has a conversation of its own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from pydantic import SecretStr

from helpdesk.company import load_company
from helpdesk.testing import (
    ROOT,
    Process,
    SqliteDatabases,
    free_port,
    now,
    settings_for,
    wait_until_ok,
    worker_process,
)
from tests.dialogues.talk import Town
from tests.support.nursery import forked_service

PASSWORD = "dialogue-tests"
COMPANY = ROOT / "company"
NOON = 12
TURN_LIMIT = 25.0
"""Several customers at once on a busy machine are no reason for an apology."""


class Towns(Protocol):
    """Gives the town that is open, or the one that is closed."""

    def __call__(self, *, closed: bool) -> Awaitable[Town]: ...


class Worker:
    """One worker for all services, for each turn says where its actions run; started when first needed."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        settings = settings_for("sqlite+aiosqlite://")  # the tokens are the same for all
        self._process = worker_process(settings, folder, port, os.environ.get("BOT_MODEL", "models/"))
        self.log = self._process.log

    def start(self) -> None:
        """Nothing happens when it runs already."""
        if self._process.running is None:
            self._process.start()

    async def is_ready(self) -> None:
        """Wait until it answers."""
        await wait_until_ok(f"{self.url}/health", self._process)

    def close(self) -> None:
        """End it."""
        self._process.stop()


class Place:
    """A service on a fresh database, with demo accounts; started when first needed."""

    def __init__(self, folder: Path, worker: Worker, *, closed: bool) -> None:
        self._databases = SqliteDatabases()
        self._folder = folder
        self._worker = worker
        self._service: Process | None = None
        self._tokens: dict[str, str] = {}
        self.settings = settings_for(
            self._databases.fresh(),
            workers=(worker.url,),
            demo=True,
            demo_password=SecretStr(PASSWORD),
            turn_limit=TURN_LIMIT,
            always_open=not closed,
            company_dir=_closed_company(folder) if closed else COMPANY,
        )

    async def town(self, client: httpx.AsyncClient) -> Town:
        """The place, ready to answer."""
        self._worker.start()
        if self._service is None:
            self._service = forked_service(self.settings, self._folder)
            self._service.start()
        await self._worker.is_ready()
        await wait_until_ok(f"http://127.0.0.1:{self.settings.port}/readyz", self._service)
        return Town(self.settings, client, PASSWORD, [self._service.log, self._worker.log], self._tokens)

    def close(self) -> None:
        """End it."""
        if self._service is not None:
            self._service.stop()
        self._databases.close()


def _closed_company(folder: Path) -> Path:
    """The same company, closed now whatever the hour."""
    there = folder / "company"
    shutil.copytree(COMPANY, there)
    zone = load_company(COMPANY).profile.zone
    opens = "20:00-21:00" if now().astimezone(zone).hour < NOON else "6:00-7:00"
    hours = there / "opening_hours.yml"
    days = r"mon|tue|wed|thu|fri|sat|sun|periods|\d{4}-\d\d-\d\d"
    hours.write_text(re.sub(rf"(?m)^(  (?:{days}): ).*$", rf"\1[{opens}]", hours.read_text("utf-8")), "utf-8")
    return there


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """Whom every service asks."""
    made = Worker(tmp_path_factory.mktemp("worker"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def places(worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Place]]:
    """closed -> the place; one service for each that is needed."""
    made = {closed: Place(tmp_path_factory.mktemp("dialogues"), worker, closed=closed) for closed in (False, True)}
    yield made
    for place in made.values():
        place.close()


@pytest.fixture
async def towns(places: dict[bool, Place]) -> AsyncIterator[Towns]:
    """Where the conversations happen: `await towns(closed=False)`."""
    async with AsyncExitStack() as stack:

        async def town(*, closed: bool) -> Town:
            address = f"http://127.0.0.1:{places[closed].settings.port}"
            client = httpx.AsyncClient(base_url=address, timeout=60, trust_env=False)
            return await places[closed].town(await stack.enter_async_context(client))

        yield town
