"""The list of deletions beside the database: whoever restores an older backup finds in it who has to go again.

One line of JSON a deletion, with random ids only. It is written before the rows are erased, so that a deletion that
a crash cut off is on it; `HELPDESK_VAR_DIR` has to outlive the database's backups, and is not restored with them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from helpdesk.settings import Settings

NAME = "deletions.jsonl"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Listed:
    """One deletion: its id, the data request it came from, the customers, by whom and when (ISO)."""

    id: str
    number: str
    customers: tuple[str, ...]
    by: str
    at: str


def path_of(settings: Settings) -> Path:
    """Where the list is."""
    return settings.var_dir / NAME


def add(path: Path, one: Listed) -> None:
    """Write a line and wait until the disk has it; a deletion that is on the list is not added again."""
    if any(known.id == one.id for known in read(path)):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(one)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Sequence[Listed]:
    """Every deletion on the list, the oldest first; a line that a crash cut off is told and left out."""
    if not path.exists():
        return []
    found = []
    for place, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            raw = json.loads(line)
            found.append(Listed(raw["id"], raw["number"], tuple(raw["customers"]), raw["by"], raw["at"]))
        except (ValueError, KeyError, TypeError):
            log.error("deletion_list_line_unusable", file=str(path), line=place)
    return found
