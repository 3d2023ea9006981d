"""One service and one worker for all transcripts; each has a sender, and so a conversation, of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from helpdesk.settings import Settings
from helpdesk.testing import (
    Process,
    SqliteDatabases,
    free_port,
    service_process,
    settings_for,
    wait_until_ok,
    worker_process,
)
from tests.dialogues.talk import Town

PASSWORD = "dialogue-tests"


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """A fresh SQLite database, a free port for the worker, demo accounts."""
    databases = SqliteDatabases()
    port = free_port()
    yield settings_for(
        databases.fresh(), workers=(f"http://127.0.0.1:{port}",), demo=True, demo_password=SecretStr(PASSWORD)
    )
    databases.close()


@pytest.fixture(scope="session")
def processes(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Process]]:
    """The service and the worker, with their logs in a temporary folder."""
    folder = tmp_path_factory.mktemp("dialogues")
    port = int(settings.workers[0].rsplit(":", 1)[1])
    demo = Process(
        "demo",
        [*service_process(settings, folder).command, "demo"],
        service_process(settings, folder).env,
        folder / "demo.log",
    )
    demo.start()
    assert demo.running is not None
    assert demo.running.wait(60) == 0, demo.tail()
    made = [
        service_process(settings, folder),
        worker_process(settings, folder, port, os.environ.get("BOT_MODEL", "models/")),
    ]
    for process in made:
        process.start()
    yield made
    for process in made:
        process.stop()


@pytest.fixture(scope="session")
def tokens() -> dict[str, str]:
    """Staff who are signed in already: a password takes its time to check."""
    return {}


@pytest.fixture
async def town(settings: Settings, processes: list[Process], tokens: dict[str, str]) -> AsyncIterator[Town]:
    """The place where the conversations happen, ready to answer."""
    service, worker = processes
    await wait_until_ok(f"http://127.0.0.1:{settings.internal_port}/healthz", service)
    await wait_until_ok(f"{settings.workers[0]}/health", worker)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=60, trust_env=False) as client:
        yield Town(settings, client, PASSWORD, [Path(process.log) for process in processes], tokens)
