"""Knowing that nothing changed: a stamp is a small file that remembers what a product was made from."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Iterable, Iterator

IGNORED_FOLDERS = {"__pycache__", "node_modules", "dist", ".git"}


def fingerprint(root: Path, names: Iterable[str]) -> str:
    """One SHA-256 over the names and contents of these files and folders; a missing one counts as absent."""
    digest = hashlib.sha256()
    for path in sorted(set(_files(root, names))):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path, names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = root / name
        if path.is_file():
            yield path
        for folder, below, files in os.walk(str(path)):
            below[:] = [one for one in below if one not in IGNORED_FOLDERS]
            yield from (Path(folder) / file for file in files if not file.endswith((".pyc", "~", ".swp")))


def read_stamp(path: Path) -> dict[str, Any]:
    """What was remembered; empty when there is no readable stamp, so that the product is made again."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_stamp(path: Path, content: dict[str, Any]) -> None:
    """Replace the stamp in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, indent=1, sort_keys=True), "utf-8")
    os.replace(fresh, path)
