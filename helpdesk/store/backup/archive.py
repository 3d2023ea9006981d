"""The file: a tar with a manifest, and for all else in it a checksum that is compared before anything is touched."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
UNREADABLE = (tarfile.TarError, EOFError, zlib.error, KeyError, ValueError, TypeError)


class BadBackup(Exception):
    """The file is no backup of ours, is damaged, or does not fit the database."""


class PlaceTaken(Exception):
    """Something is where the backup, or what is in it, should go."""


@dataclass(frozen=True)
class Content:
    """What was taken. `tables`: rows by table, in an order in which each comes after those it refers to; `columns` and
    `sequences` are PostgreSQL's alone."""

    engine: str
    revision: str
    tables: Mapping[str, int]
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    sequences: Mapping[str, int] = field(default_factory=dict)


def pack(folder: Path, content: Content, made_at: str, target: Path) -> None:
    """Make one file, for its owner alone, of all that stands in `folder`; it appears whole or not at all.

    Raises:
        PlaceTaken: there is such a file already.
    """
    if target.exists():
        raise PlaceTaken(f"{target} exists already: name another file")
    sums = {path.name: checksum(path) for path in sorted(folder.iterdir())}
    told = {"format": FORMAT, "made_at": made_at, "content": asdict(content), "sha256": sums}
    (folder / MANIFEST).write_text(json.dumps(told, indent=1), "utf-8")
    part = target.with_name(target.name + ".part")
    with _private(part) as descriptor, tarfile.open(fileobj=descriptor, mode="w:gz") as tar:
        for name in (MANIFEST, *sums):
            tar.add(folder / name, name)
    part.rename(target)


def unpack(source: Path, folder: Path) -> tuple[Content, str]:
    """Everything of the file into `folder`, compared with its checksums; what it is, and when it was made.

    Raises:
        BadBackup: it is none, is damaged, or is of a later format.
    """
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        if told["format"] > FORMAT:
            raise BadBackup(f"{source} was made by a later version of this program")
        _compare(source, folder, told["sha256"])
        return Content(**told["content"]), str(told["made_at"])
    except (OSError, *UNREADABLE) as problem:
        raise BadBackup(f"{source} cannot be read as a backup: {_reason(problem)}") from problem


def checksum(path: Path) -> str:
    """SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compare(source: Path, folder: Path, sums: Mapping[str, str]) -> None:
    for name, wanted in sums.items():
        if not (folder / name).is_file() or checksum(folder / name) != wanted:
            raise BadBackup(f"{source} is damaged: {name} is not what was written")


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _reason(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
