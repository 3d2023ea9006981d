"""Starting when something is wrong: one line that says what, and no traceback; an absent server is waited for."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import httpx
import pytest

from helpdesk.__main__ import main
from helpdesk.testing import (
    START_SECONDS,
    Databases,
    Process,
    environment_of,
    eventually,
    free_port,
    service_process,
    settings_for,
    wait_until_ok,
)
from tests.support.nursery import forked
from tests.support.typed import Typed


def service_with(env: Mapping[str, str], folder: Path) -> Process:
    """A service that nothing was made ready for."""
    return forked(Process("service", [sys.executable, "-m", "helpdesk"], env, folder / "service.log"))


def ended(env: Mapping[str, str], folder: Path) -> tuple[int, list[str]]:
    """A service to its end: its code, and what it wrote, warnings aside."""
    service = service_with(env, folder)
    service.start()
    assert service.running is not None
    code = service.running.wait(START_SECONDS)
    return code, [line for line in service.tail().strip().splitlines() if "warning" not in line]


@pytest.mark.parametrize(
    "name, value",
    [
        ("HELPDESK_PORT", "eight"),
        ("HELPDESK_TRUSTED_PROXIES", "the proxy"),
        ("HELPDESK_LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "no address"),
        ("HELPDESK_CONNECTIONS_PER_ADDRESS", "0"),
    ],
)
def test_a_bad_setting_is_one_line_with_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    before = os.umask(0o022)
    with redirect_stderr(StringIO()) as said:
        assert main([]) == 1
    os.umask(before)
    (line,) = said.getvalue().splitlines()
    assert line.startswith(f"helpdesk: {name}: ")


def test_a_file_that_is_no_database_is_one_line(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(os.urandom(8192))
    settings = settings_for(f"sqlite+aiosqlite:///{tmp_path}/a.db", var_dir=tmp_path)
    said = "helpdesk: the database: file is not a database"
    assert ended(environment_of(settings), tmp_path) == (1, [said])
    assert typed(settings, "migrate") == (1, "", said)


def test_a_taken_port_is_one_line(tmp_path: Path, sqlite: Databases) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_for(sqlite.fresh(), var_dir=tmp_path, port=taken.getsockname()[1])
        code, said = ended(service_process(settings, tmp_path).env, tmp_path)
    assert code == 1
    assert said == [f"helpdesk: cannot listen on 127.0.0.1:{settings.port}: is another program there?"]


def test_migrating_without_a_server_is_one_line(typed: Typed, tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    code, _, said = typed(settings_for(url, var_dir=tmp_path), "migrate")
    assert code == 1
    assert len(said.splitlines()) == 1, said
    assert said.startswith("helpdesk: the database: ")


async def test_a_server_that_is_away_at_the_start_is_waited_for(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    env = environment_of(settings_for(url, var_dir=tmp_path))
    service = service_with(env, tmp_path)
    service.start()

    async def waits() -> bool:
        return "waiting_for_the_database" in service.tail()

    await eventually(waits, "it says that it waits", 120)
    assert await asyncio.to_thread(service.stop) == 0
    assert "Traceback" not in service.tail()


async def test_a_start_says_nothing_twice_and_writes_for_its_own_account(typed: Typed, tmp_path: Path) -> None:
    settings = settings_for(f"sqlite+aiosqlite:///{tmp_path}/var/a.db", var_dir=tmp_path / "var", clock_shift=0.0)
    assert (await asyncio.to_thread(typed, settings, "migrate")).code == 0
    service = service_process(settings, tmp_path)
    service.start()
    await wait_until_ok(f"http://127.0.0.1:{settings.port}/healthz", service)

    async def has_read_all() -> bool:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            told = (await client.get(f"http://127.0.0.1:{settings.internal_port}/readyz")).json()
        return bool(told["knowledge"])

    await eventually(has_read_all, "the articles are read", START_SECONDS)
    await asyncio.to_thread(service.stop)
    said = service.tail().splitlines()
    assert not [line for line in said if "Warning" in line or "Uvicorn" in line or "server process" in line]
    assert len(said) == len(set(said))
    for path in (tmp_path / "var").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
