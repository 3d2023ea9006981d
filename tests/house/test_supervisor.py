"""A program that hangs is found by its health call, killed and started again; one that is only slow to start is not."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.house.conftest import is_alive
from tools import supervisor
from tools.ports import free_port
from tools.run import worker_answers
from tools.supervisor import Program, keep_running

# Answers every request with 200, and leaves its process id.
SERVER = """
import http.server, os, pathlib, sys
class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ok)
pathlib.Path(sys.argv[2]).write_text(str(os.getpid()))
server.serve_forever()
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_EVERY_S", 0.05)
    monkeypatch.setattr(supervisor, "ASK_LIMIT_S", 1.0)
    monkeypatch.setattr(supervisor, "MISSES", 2)
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.01)


async def until(condition: Callable[[], object]) -> None:
    """Wait, for a minute at most."""

    async def met() -> None:
        while not condition():
            await asyncio.sleep(0.02)

    await asyncio.wait_for(met(), 60)


async def kept(program: Program, said: list[bytes], deed: Callable[[], Awaitable[None]]) -> None:
    """Keep it running while something is done."""
    keeping = asyncio.ensure_future(keep_running(program, asyncio.Event(), said.append))
    try:
        await deed()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_a_stopped_program_is_killed_and_started_again(tmp_path: Path) -> None:
    port, pid_file = free_port(), tmp_path / "pid"
    said: list[bytes] = []
    command = [sys.executable, "-c", SERVER, str(port), str(pid_file)]
    alive = worker_answers({"BOT_WORKER_PORT": str(port)})

    async def stop_it() -> None:
        await until(lambda: pid_file.exists() and pid_file.read_text())
        before = int(pid_file.read_text())
        await until(lambda: has_been_asked[0])
        os.kill(before, signal.SIGSTOP)
        await until(lambda: int(pid_file.read_text() or before) != before)
        assert not is_alive(before)
        os.kill(int(pid_file.read_text()), 0)

    has_been_asked = [False]

    async def asked() -> bool:
        answer = await alive()
        has_been_asked[0] = has_been_asked[0] or answer
        return answer

    await kept(Program("bot", command, dict(os.environ), tmp_path, asked), said, stop_it)
    assert any(b"answers no health call any more and is killed" in line for line in said)


async def test_a_program_that_has_not_answered_yet_is_given_its_time(tmp_path: Path) -> None:
    calls = [0]
    said: list[bytes] = []

    async def not_yet() -> bool:
        calls[0] += 1
        return False

    async def wait() -> None:
        await until(lambda: calls[0] > 5)

    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    await kept(Program("bot", sleeper, dict(os.environ), tmp_path, not_yet), said, wait)
    assert said == []
