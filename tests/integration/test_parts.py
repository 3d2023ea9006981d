"""compose.yaml's parts brought up one after the other as docs/deploying.md says, on a machine without containers.

Each program runs from a folder that has what its Containerfile copies and nothing else, with the settings that
compose.yaml gives it; names of the containers' networks are replaced by this machine's addresses, and that is all.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from helpdesk.testing import OF_EVERY_PROCESS, PostgresDatabases, Process, die_with_parent, free_port
from tests.support.fixtures import lay_down_vectors
from tests.support.redis_server import NO_SERVER, program
from tools.project import THIS
from tools.settings import read_env_file, without_own_settings

ROOT = THIS.root
DEPLOY = ROOT / "deploy"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
PATIENCE = 600.0
PORTS = {"HELPDESK_PORT": 8000, "HELPDESK_INTERNAL_PORT": 8001, "BOT_WORKER_PORT": 8005}
PYTHONS = {"service": sys.executable, "worker": str(THIS.python("bot"))}


def until(holds: Any, what: str) -> None:
    """Wait for it."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.2)


def unpacked(kind: str, folder: Path) -> Path:
    """What the image of this kind holds, as its Containerfile copies it."""
    text = (DEPLOY / f"containers/{kind}.Containerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    for words in re.findall(r"^COPY (?:--from=pages /app/)?(.+)$", text, re.MULTILINE):
        *sources, target = words.split()
        for source in sources:
            _copy(ROOT / source, folder / target)
    return folder


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    else:
        shutil.copy(source, target)


@dataclass
class Installation:
    """The parts, by their names in compose.yaml."""

    folder: Path
    database: str
    redis: int
    filled_in: dict[str, str]
    ports: dict[str, dict[str, int]] = field(default_factory=dict)

    def environment(self, name: str) -> dict[str, str]:
        """What compose.yaml gives this part, on this machine."""
        given = {key: self._filled(str(value)) for key, value in SERVICES[name]["environment"].items()}
        given = {key: self._here(value) for key, value in given.items()}
        kind = name.partition("-")[0]
        own = {key: str(port) for key, port in self.ports.get(name, {}).items()}
        place = {"PYTHONPATH": str(self.folder / kind), "HELPDESK_VAR_DIR": str(self.folder / f"var-{name}")}
        loopback = {key: "127.0.0.1" for key, value in given.items() if value == "0.0.0.0"}
        given |= {"DATABASE_URL": self.database} if "DATABASE_URL" in given else {}
        return {**without_own_settings(), **OF_EVERY_PROCESS, **given, **loopback, **own, **place}

    def _filled(self, text: str) -> str:
        """`${NAME:?}` and `${NAME:-usual}`."""

        def value(found: re.Match[str]) -> str:
            name, kind, usual = found.groups()
            filled = self.filled_in.get(name, "")
            assert filled or kind == "-", f"{name} has to be filled in"
            return filled or usual

        return re.sub(r"\$\{([A-Z_]+):([?-])([^}]*)\}", value, text)

    def _here(self, text: str) -> str:
        """Names and ports of the containers' networks as this machine's."""
        text = text.replace("@redis/", f"@127.0.0.1:{self.redis}/")
        for name, ports in self.ports.items():
            for key, port in ports.items():
                text = text.replace(f"{name}:{PORTS[key]}", f"127.0.0.1:{port}")
        return text

    def command(self, *words: str, part: str = "service-a") -> subprocess.CompletedProcess[str]:
        """`docker compose run --rm PART python ...`."""
        env = {**self.environment(part), "PYTHONPATH": str(self.folder / "service")}
        where = self.folder / "service"
        return subprocess.run(
            [sys.executable, *words], cwd=where, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def process(self, name: str) -> Process:
        """A part that goes on, not started yet."""
        kind = name.partition("-")[0]
        module = {"service": "helpdesk", "worker": "bot.worker"}[kind]
        log = self.folder / f"{name}.log"
        return Process(name, [PYTHONS[kind], "-m", module], self.environment(name), log, cwd=self.folder / kind)

    def is_healthy(self, name: str) -> bool:
        """By the health check of compose.yaml itself."""
        (program_, *words) = SERVICES[name]["healthcheck"]["test"][1:]
        assert program_ == "python"
        for key, port in self.ports[name].items():
            words = [word.replace(f"127.0.0.1:{PORTS[key]}/", f"127.0.0.1:{port}/") for word in words]
        try:
            asked = subprocess.run([sys.executable, *words], capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:  # a busy machine took so long to begin
            return False
        return asked.returncode == 0

    def address(self, name: str) -> str:
        """Where the proxy reaches a service."""
        return f"http://127.0.0.1:{self.ports[name]['HELPDESK_PORT']}"


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    """The Redis of compose.yaml by its own command."""
    server = program()
    if server is None:
        pytest.skip(NO_SERVER)
    port = free_port()
    name, *options = SERVICES["redis"]["command"]
    assert name == "valkey-server"
    words = [word.replace("${REDIS_PASSWORD:?}", "redis-password") for word in options]
    where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    with subprocess.Popen([server, *words, *where], stdout=subprocess.DEVNULL, preexec_fn=die_with_parent) as running:
        yield port
        running.kill()


def knows(port: int, password: str | None) -> bool:
    """Whether the Redis takes this password."""
    try:
        with Redis(port=port, password=password) as client:
            return bool(client.ping())
    except RedisError:
        return False


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A server's database without a table, as the image of PostgreSQL makes one."""
    databases = PostgresDatabases()
    url = make_url(databases.fresh())
    name = f"bare_{secrets.token_hex(4)}"
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield url.set(database=name).render_as_string(hide_password=False)
    databases.close()


@pytest.fixture
def parts(tmp_path: Path, redis_port: int, empty_database: str) -> Installation:
    """Unpacked, with deploy/.env filled in as its example asks."""
    for kind in PYTHONS:
        unpacked(kind, tmp_path / kind)
    lay_down_vectors(tmp_path / "var-service-a")
    example = read_env_file(DEPLOY / "env.example")
    needed = {*re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yaml").read_text("utf-8")), "HELPDESK_REST_TOKEN"}
    given = {name: value or secrets.token_urlsafe(32) for name, value in example.items() if value or name in needed}
    given |= {"REDIS_PASSWORD": "redis-password", "HELPDESK_WIDGET_ORIGINS": "https://shop.example"}
    made = Installation(tmp_path, empty_database, redis_port, given)
    for letter in "ab":
        made.ports[f"service-{letter}"] = {"HELPDESK_PORT": free_port(), "HELPDESK_INTERNAL_PORT": free_port()}
        made.ports[f"worker-{letter}"] = {"BOT_WORKER_PORT": free_port()}
    return made


def test_the_parts_come_up_in_their_order_and_answer(parts: Installation, redis_port: int) -> None:
    until(lambda: knows(redis_port, "redis-password"), "Redis answers")
    assert not knows(redis_port, None)
    with ExitStack() as stack:
        migrated = parts.command(*SERVICES["migrate"]["command"][1:])
        assert migrated.returncode == 0, migrated.stderr
        first = ("staff", "add", "zhaomin", "--name", "赵敏", "--number", "S0001", "--role", "admin")
        invited = parts.command("-m", "helpdesk", *first)
        assert "/desk" in invited.stdout, invited.stderr
        running = [parts.process(name) for name in ("worker-b", "service-a")]  # a's own worker is away: b's answers
        for one in running:
            one.start()
            stack.callback(one.stop)
        for one in running:
            until(lambda one=one: parts.is_healthy(one.name), f"{one.name} is healthy")
        until(lambda: has_read_all(parts), "the articles are read")
        asyncio.run(is_answered(parts))
        missing = parts.command("-m", "helpdesk", "doctor")
        assert "Redis" not in missing.stdout + missing.stderr
        assert "worker" in missing.stdout + missing.stderr, "a's worker was never started"
        _, service = running
        assert service.stop() == 0
    assert [one.name for one in running if "Traceback" in one.tail()] == []


def has_read_all(parts: Installation) -> bool:
    """Whether the service can answer from its articles."""
    port = parts.ports["service-a"]["HELPDESK_INTERNAL_PORT"]
    try:
        told = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=30, trust_env=False).json()
    except httpx.TransportError:
        return False
    return bool(told["knowledge"])


async def is_answered(parts: Installation) -> None:
    """Pages are there, and a message of the REST channel gets its answer."""
    token = parts.filled_in["HELPDESK_REST_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=parts.address("service-a"), timeout=120, trust_env=False) as client:
        for page in ("/desk", "/healthz"):
            assert (await client.get(page)).status_code == 200, page
        body = {"sender": "li", "message": "您好", "message_id": "m1"}
        while (said := await client.post("/webhooks/rest/webhook", json=body, headers=headers)).status_code == 202:
            await asyncio.sleep(0.5)
        assert said.status_code == 200, said.text
        assert said.json()[0]["text"]
