"""`make clean`: remove what was built; what belongs to this machine only when somebody says so."""

from __future__ import annotations

import os
import shutil
import sys

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
    "site/dist",
)
BROUGHT = (".envs", ".tools", "frontend/node_modules", "frontend/*/node_modules", "site/node_modules")
OWN = ("var",)
UNTOUCHED = {".envs", ".tools", ".git", "node_modules", "__pycache__"}


def clean(project: Project, *, everything: bool) -> None:
    """Remove build products; with `everything` also environments and var/ (database, secrets, logs)."""
    with only_one_running(project):
        _remove(project, BUILT)
        _remove_caches(project)
        if everything:
            _remove(project, BROUGHT)
        if everything or _agreed():
            _remove(project, OWN)


def _agreed() -> bool:
    question = "Also remove var/ (database with all conversations and tickets, secrets, logs)? [y/N] "
    return sys.stdin.isatty() and input(question).strip().lower() in {"y", "yes"}


def _remove(project: Project, patterns: tuple[str, ...]) -> None:
    for path in [path for pattern in patterns for path in sorted(project.root.glob(pattern))]:
        shutil.rmtree(str(path), ignore_errors=True)
        print(f"removed {path.relative_to(project.root)}")


def _remove_caches(project: Project) -> None:
    """Compiled Python of ours; the environments and npm packages are not looked through."""
    for folder, below, _ in os.walk(str(project.root)):
        if "__pycache__" in below:
            shutil.rmtree(os.path.join(folder, "__pycache__"), ignore_errors=True)
        below[:] = [name for name in below if name not in UNTOUCHED]
