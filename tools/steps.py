"""Showing progress: `[2/7] what ... done (3.2 s)` or `... up to date`."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Callable, Sequence, TextIO


@dataclass(frozen=True)
class Step:
    """Something to bring up to date. `do` returns whether there was anything to do."""

    what: str
    do: Callable[[], bool]


def run_steps(steps: Sequence[Step], out: TextIO | None = None) -> None:
    """Run all steps in order; the first that raises ends the line with `failed` and stops the rest."""
    out = out or sys.stdout
    for number, step in enumerate(steps, start=1):
        out.write(f"[{number}/{len(steps)}] {step.what} ... ")
        out.flush()
        out.write(_outcome(step, out) + "\n")
        out.flush()


def _outcome(step: Step, out: TextIO) -> str:
    started = time.monotonic()
    try:
        did_something = step.do()
    except BaseException:
        out.write("failed\n")
        out.flush()
        raise
    return f"done ({time.monotonic() - started:.1f} s)" if did_something else "up to date"
