"""`make test CLOCK="2031-12-31 21:30"`: as on a machine whose clock says so, in Beijing, when the tests begin."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta, timezone
from math import ceil
from pathlib import Path

from tools.errors import ToolError
from tools.processes import clean_environment
from tools.project import Project

SOURCE = Path(__file__).with_suffix(".c")
BEIJING = timezone(timedelta(hours=8))


def move_clock(project: Project, moment: str) -> None:
    """What this process starts from now on finds the clock there, running on; nothing happens without a moment.

    By how much the own clock is moved already, as within such a run, is counted in.
    """
    if moment:
        moved = int(os.environ.get("MOVED_CLOCK_S") or 0)
        seconds = moved + ceil((_read(moment) - datetime.now(BEIJING)).total_seconds())
        os.environ.update(MOVED_CLOCK_S=str(seconds), LD_PRELOAD=str(_library(project)))


def _read(moment: str) -> datetime:
    try:
        return datetime.fromisoformat(moment).replace(tzinfo=BEIJING)
    except ValueError:
        raise ToolError(f'CLOCK="{moment}" is no moment like "2031-12-31 21:30"') from None


def _library(project: Project) -> Path:
    library = project.var / "test" / "moved_clock.so"
    library.parent.mkdir(parents=True, exist_ok=True)
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
    try:
        subprocess.run(command, check=True, env=clean_environment())
    except (OSError, subprocess.CalledProcessError):
        raise ToolError("to move the clock takes Linux and a C compiler: install gcc") from None
    return library
