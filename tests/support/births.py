"""The inside of a nursery: a process that has read everything, and forks for whoever asks. Standard library only."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

from tools.processes import die_with_parent


def serve(live: Callable[[], int]) -> None:
    """Answer one line with one line until the asker closes its end; `live` is what a child does, its exit code."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library or a child prints is no answer
    gc.collect()
    gc.freeze()  # else each child copies the memory that it looks through
    for line in sys.stdin:
        question = json.loads(line)
        answer = _ended(question["wait"]) if "wait" in question else _born(question, live, answers)
        print(json.dumps(answer), file=answers, flush=True)


def _ended(pid: int) -> int | None:
    """The exit code of a child, None while it runs."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _born(wanted: dict[str, Any], live: Callable[[], int], answers: TextIO) -> int:
    """The id of a new child; `wanted` are its `env` and the file for what it prints, `log`."""
    depend = die_with_parent(signal.SIGKILL)
    child = os.fork()
    if not child:
        depend()
        answers.close()
        _live(wanted["env"], wanted["log"], live)
    return child


def _live(env: dict[str, str], log: str, live: Callable[[], int]) -> NoReturn:
    """From here on a process like any other: its own environment, its own output, nothing of the nursery's pipes."""
    os.environ.clear()
    os.environ.update(env)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    code = 1
    try:
        code = live()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
