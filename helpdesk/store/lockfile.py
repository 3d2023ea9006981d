"""One process a SQLite file: the second one is told so instead of being let in."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RETRY_SECONDS = 0.1


class AlreadyRunning(Exception):
    """Another process holds the database."""


@contextmanager
def only_process(database: Path, patience: float = 5.0) -> Iterator[None]:
    """Hold `<database>.lock` for as long as the block lasts.

    The kernel drops the lock with its process, however that ends; `patience` is for one that is just ending.

    Raises:
        AlreadyRunning: another process kept it.
    """
    path = database.with_name(database.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        _lock(file.fileno(), path, time.monotonic() + patience)
        yield


def _lock(descriptor: int, path: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise AlreadyRunning(f"{path} is held: SQLite allows one service process") from None
            time.sleep(RETRY_SECONDS)
