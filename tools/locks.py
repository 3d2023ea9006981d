"""One at a time: locks that the kernel gives back when their holder ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from pathlib import Path
from typing import IO, Iterator

from tools.errors import ToolError
from tools.project import Project


@contextlib.contextmanager
def setting_up(project: Project) -> Iterator[None]:
    """Two commands never set up the same folder at once; the second waits and says so."""
    with _open(project.environments / "lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("another make is setting up; waiting for it ...", file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def only_one_running(project: Project) -> Iterator[None]:
    """A second `make run` in the same folder is refused: there is one database and one pair of programs."""
    with _open(project.var / "run.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ToolError("it is already running from this folder: end that `make run` first (Ctrl-C)") from None
        yield


def _open(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(str(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
