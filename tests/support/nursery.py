"""Services and workers that are processes of their own but need not import everything anew: forks of one that has.

Killed, asked to end, on ports, files and databases they are what `python -m helpdesk` and `python -m bot.worker` are;
only the first ten seconds of computing are spared. That the commands themselves start is for
tests/integration/test_process.py and tests/unit_bot/test_worker.py.
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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpdesk.settings import Settings
from helpdesk.testing import ROOT, Process, environment_of, service_process, settings_for, worker_process
from tests.support import births

__all__ = ["forked", "forked_service", "forked_worker"]

LOOK_EVERY_S = 0.02


def forked(plain: Process) -> Process:
    """A process of the command `python -m helpdesk`, quicker to start."""
    return Forked(plain.name, plain.command, plain.env, plain.log, nursery=_services)


def forked_service(settings: Settings, folder: Path, **more: str) -> Process:
    """What `service_process` gives, quicker to start."""
    return forked(service_process(settings, folder, **more))


def forked_worker(settings: Settings, folder: Path, port: int, model: str = "models/") -> Process:
    """What `worker_process` gives, quicker to start."""
    plain = worker_process(settings, folder, port, model)
    return Forked(plain.name, plain.command, plain.env, plain.log, nursery=functools.partial(_workers, model))


@dataclass(kw_only=True)
class Forked(Process):
    """A process that is born in a nursery."""

    nursery: Callable[[], Nursery]

    def start(self) -> None:
        """As if its command had run to the end of its imports; what it prints goes to `log`."""
        nursery = self.nursery()
        self.running = Child(nursery, nursery.ask(env=dict(self.env), log=str(self.log)))  # type: ignore[assignment]


@dataclass
class Child:
    """What the tests need of a `subprocess.Popen`, for a process whose parent is the nursery."""

    nursery: Nursery
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
            self.returncode = self.nursery.ask(wait=self.pid)
            if self.returncode is None:
                if time.monotonic() >= until:
                    raise subprocess.TimeoutExpired("a child", timeout or 0)
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

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdin=pipe, stdout=pipe)
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
def _services() -> Nursery:
    settings = settings_for("sqlite+aiosqlite://")
    return Nursery([sys.executable, "-m", "tests.support.nursery"], environment_of(settings))


@functools.cache
def _workers(model: str) -> Nursery:
    plain = worker_process(settings_for("sqlite+aiosqlite://"), ROOT, 0, model)
    return Nursery([plain.command[0], "-m", "tests.support.worker_nursery"], plain.env)


# ------------------------------------------------------------------ in the nursery of services itself


def _read_everything() -> None:
    import psycopg  # noqa: F401
    import sqlalchemy.dialects.postgresql.psycopg
    import sqlalchemy.dialects.sqlite.aiosqlite  # noqa: F401

    import helpdesk.__main__  # noqa: F401
    from helpdesk.knowledge import load_knowledge
    from helpdesk.knowledge.learnt import get_ready

    get_ready()
    load_knowledge(ROOT / "company", ROOT / "var")  # the encoder keeps its weights and the sentences' vectors


def _live() -> int:
    from helpdesk.__main__ import main

    return main([])


if __name__ == "__main__":
    _read_everything()
    births.serve(_live)
