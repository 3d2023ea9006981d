"""One service and one worker for all transcripts; each has a sender, and so a conversation, of its own."""

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
    service_process,
    settings_for,
    wait_until_ok,
    worker_process,
)
from tests.dialogues.talk import Town

PASSWORD = "dialogue-tests"
COMPANY = ROOT / "company"
NOON = 12
TURN_LIMIT = 25.0
"""Several customers at once on a busy machine are no reason for an apology."""


class Towns(Protocol):
    """Gives the town that is open, or the one that is closed."""

    def __call__(self, *, closed: bool) -> Awaitable[Town]: ...


class Place:
    """A service and its worker on a fresh database, with demo accounts; started when first needed."""

    def __init__(self, folder: Path, *, closed: bool) -> None:
        self._databases = SqliteDatabases()
        self._folder = folder
        self._processes: list[Process] = []
        self._tokens: dict[str, str] = {}
        port = free_port()
        self.settings = settings_for(
            self._databases.fresh(),
            workers=(f"http://127.0.0.1:{port}",),
            demo=True,
            demo_password=SecretStr(PASSWORD),
            turn_limit=TURN_LIMIT,
            always_open=not closed,
            company_dir=_closed_company(folder) if closed else COMPANY,
        )
        self._worker_port = port

    async def town(self, client: httpx.AsyncClient) -> Town:
        """The place, ready to answer."""
        if not self._processes:
            self._start()
        service, worker = self._processes
        await wait_until_ok(f"http://127.0.0.1:{self.settings.internal_port}/healthz", service)
        await wait_until_ok(f"{self.settings.workers[0]}/health", worker)
        return Town(self.settings, client, PASSWORD, [Path(p.log) for p in self._processes], self._tokens)

    def _start(self) -> None:
        service = service_process(self.settings, self._folder)
        demo = Process("demo", [*service.command, "demo"], service.env, self._folder / "demo.log")
        demo.start()
        assert demo.running is not None
        assert demo.running.wait(60) == 0, demo.tail()
        model = os.environ.get("BOT_MODEL", "models/")
        self._processes = [service, worker_process(self.settings, self._folder, self._worker_port, model)]
        for process in self._processes:
            process.start()

    def close(self) -> None:
        for process in self._processes:
            process.stop()
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
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Place]]:
    """closed -> the place; one service and worker for each that is needed."""
    made = {closed: Place(tmp_path_factory.mktemp("dialogues"), closed=closed) for closed in (False, True)}
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
