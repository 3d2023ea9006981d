"""Services that are processes of their own but need not import and read everything anew: forks of one that has.

Killed, asked to end, on ports, files and databases they are what `python -m helpdesk` is; only its first ten seconds of
computing are spared. That the command itself starts a service, tests/integration/test_process.py tries.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from helpdesk.settings import Settings
from helpdesk.testing import ROOT, Process, die_with_parent, environment_of, service_process, settings_for

__all__ = ["forked_service"]

LOOK_EVERY_S = 0.02


def forked_service(settings: Settings, folder: Path, **more: str) -> Process:
    """What `service_process` gives, quicker to start."""
    plain = service_process(settings, folder, **more)
    return Forked(plain.name, plain.command, plain.env, plain.log)


@dataclass
class Forked(Process):
    """A service that is born in the nursery."""

    def start(self) -> None:
        """As if its command had run to the end of its imports; what it prints goes to `log`."""
        pid = _nursery().ask(env=dict(self.env), log=str(self.log))
        self.running = Child(pid)  # type: ignore[assignment]


@dataclass
class Child:
    """What the tests need of a `subprocess.Popen`, for a process whose parent is the nursery."""

    pid: int
    returncode: int | None = field(default=None)

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; `subprocess.TimeoutExpired` when it runs on after so many seconds."""
        until = time.monotonic() + timeout if timeout is not None else float("inf")
        while self.returncode is None:
            self.returncode = _nursery().ask(wait=self.pid)
            if self.returncode is None:
                if time.monotonic() >= until:
                    raise subprocess.TimeoutExpired("helpdesk", timeout or 0)
                time.sleep(LOOK_EVERY_S)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Nothing happens to one whose end is known."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that has everything read, at the other end of two pipes; it ends when the first is closed."""

    def __init__(self) -> None:
        settings = settings_for("sqlite+aiosqlite://")
        command = [sys.executable, "-m", "tests.support.nursery"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment_of(settings), stdin=pipe, stdout=pipe)
        self._asking = threading.Lock()
        atexit.register(self._process.communicate)

    def ask(self, **question: Any) -> Any:
        """One line there, one line back."""
        with self._asking:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@functools.cache
def _nursery() -> Nursery:
    return Nursery()


# ------------------------------------------------------------------ in the nursery itself


def _serve() -> None:
    """Read everything once, then fork for whoever asks."""
    _read_everything()
    for line in sys.stdin:
        question = json.loads(line)
        answer = _ended(question["wait"]) if "wait" in question else _born(question["env"], question["log"])
        print(json.dumps(answer), flush=True)


def _read_everything() -> None:
    import psycopg  # noqa: F401
    import sqlalchemy.dialects.postgresql.psycopg
    import sqlalchemy.dialects.sqlite.aiosqlite  # noqa: F401

    import helpdesk.__main__  # noqa: F401
    from helpdesk.knowledge import load_knowledge

    load_knowledge(ROOT / "company", ROOT / "var")  # the encoder keeps its weights and the sentences' vectors


def _ended(pid: int) -> int | None:
    """The exit code of a child, None while it runs."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _born(env: dict[str, str], log: str) -> int:
    """The id of a new child, which begins to serve."""
    return os.fork() or _live(env, log)


def _live(env: dict[str, str], log: str) -> NoReturn:
    """From here on a service like any other: its own environment, its own output, nothing of the nursery's pipes."""
    from helpdesk.__main__ import main

    die_with_parent()
    os.environ.clear()
    os.environ.update(env)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = 1
    try:
        code = main([])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
