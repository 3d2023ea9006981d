"""`make clean`: remove what was built; what belongs to this machine only when somebody says so."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools.locks import only_one_running
from tools.project import Project

BUILT = (
    "models",
    "results",
    ".rasa",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".import_linter_cache",
    "frontend/*/dist",
    "**/__pycache__",
)
BROUGHT = (".envs", ".tools", "frontend/node_modules", "frontend/*/node_modules")
OWN = ("var",)


def clean(project: Project, *, everything: bool) -> None:
    """Remove build products; with `everything` also environments and var/ (database, secrets, logs)."""
    with only_one_running(project):
        _remove(project, BUILT)
        if everything:
            _remove(project, BROUGHT)
        if everything or _agreed():
            _remove(project, OWN)


def _agreed() -> bool:
    question = "Also remove var/ (database with all conversations and tickets, secrets, logs)? [y/N] "
    return sys.stdin.isatty() and input(question).strip().lower() in {"y", "yes"}


def _remove(project: Project, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        for path in _matching(project.root, pattern):
            shutil.rmtree(str(path), ignore_errors=True)
            print(f"removed {path.relative_to(project.root)}")


def _matching(root: Path, pattern: str) -> list[Path]:
    """Folders that match, leaving the installed environments' own folders alone."""
    found = sorted(root.glob(pattern))
    return [path for path in found if path.parts[len(root.parts)] not in {".envs", ".tools"} or pattern in BROUGHT]
