"""What this machine has for our programs: cores and memory, as far as it or the container around it says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Mapping

from tools.errors import ToolError

PROC, GROUP = Path("/proc"), Path("/sys/fs/cgroup")
WANTED_MB = 2500
"""Free before we start, for two workers of 550 MB, the service's 450 and what else goes on."""
MOST_WORKERS = 64


def workers_wanted(settings: Mapping[str, str], proc: Path = PROC, group: Path = GROUP) -> int:
    """How many workers `make run` starts: as many as `BOT_WORKERS` says, else two where two fit.

    Whoever names the addresses of workers in `HELPDESK_WORKERS` runs the others themselves. Raises ToolError.
    """
    said = settings.get("BOT_WORKERS", "")
    if said and not (said.isdigit() and 0 < int(said) <= MOST_WORKERS):
        raise ToolError(f"BOT_WORKERS={said} is no number of workers: set it to 1 to {MOST_WORKERS}")
    if said or settings.get("HELPDESK_WORKERS"):
        return int(said or 1)
    return 2 if cores(group) >= 2 and (memory_mb(proc, group) or 0) >= WANTED_MB else 1


def cores(group: Path = GROUP) -> float:
    """Cores that we may use; a container may have a share of them."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = _words(group / "cpu.max")
    if len(share) == 2 and all(word.isdigit() for word in share) and int(share[1]):
        return min(ours, int(share[0]) / int(share[1]))
    return ours


def memory_mb(proc: Path = PROC, group: Path = GROUP) -> int | None:
    """Megabytes that are free now; None where nobody says so."""
    free = [found for found in (_available(proc), _left_to_the_group(group)) if found is not None]
    return min(free) if free else None


def _available(proc: Path) -> int | None:
    words = _words(proc / "meminfo")
    if "MemAvailable:" not in words:
        return None
    return int(words[words.index("MemAvailable:") + 1]) // 1024


def _left_to_the_group(group: Path) -> int | None:
    most, used = _words(group / "memory.max"), _words(group / "memory.current")
    if not (most and used and most[0].isdigit()):
        return None
    return (int(most[0]) - int(used[0])) // 2**20


def _words(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").split()
    except (OSError, ValueError):
        return []
