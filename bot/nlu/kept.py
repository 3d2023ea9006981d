"""What was fitted is kept: a training in which one part's examples are as before takes that part from the disk.

A part is known by all that goes into it: its examples, every file of bot/nlu and zhtext, the encoder, the libraries
that compute. Of each part the last is kept, with the sums of its files; a damaged one is fitted anew.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import zhtext
from bot.startup import ROOT

FOLDER = ROOT / "var" / "cache" / "fitted"
LIBRARIES = ("numpy", "scipy", "scikit-learn", "python-crfsuite")
_SOURCES = (Path(__file__).parent, Path(zhtext.__file__).parent)
FEWEST = 1000
"""Examples from which a part, or a vector of theirs, is kept; a small set is fitted at once and would displace it."""
_SUMS = "sums.json"


class Named(Protocol):
    """An encoder that says which it is."""

    name: str


def digest_of(examples: Iterable[str], encoder: Named | None) -> str:
    """Names what these examples give with this code, these libraries and this encoder."""
    digest = hashlib.sha256()
    for word in (encoder.name if encoder else "", *map(version, LIBRARIES), *examples):
        digest.update(word.encode() + b"\0")
    for folder in _SOURCES:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def fitted(part: str, digest: str, target: Path, fit: Callable[[Path], None], folder: Path = FOLDER) -> None:
    """Fills `target` with a part's files: those kept under the digest, or those that `fit` writes into a folder."""
    kept = folder / f"{part}-{digest}"
    if not _is_whole(kept):
        _keep(kept, part, fit)
    for path in kept.iterdir():
        if path.name != _SUMS:
            shutil.copy(path, target)


def _keep(kept: Path, part: str, fit: Callable[[Path], None]) -> None:
    """In one step, so that a training that is ended leaves nothing half made."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as name:
        fresh = Path(name) / "files"
        fresh.mkdir()
        fit(fresh)
        (fresh / _SUMS).write_text(json.dumps(_sums(fresh)), encoding="utf-8")
        for former in kept.parent.glob(f"{part}-*"):
            shutil.rmtree(former)
        fresh.rename(kept)


def _is_whole(kept: Path) -> bool:
    try:
        return bool(json.loads((kept / _SUMS).read_text(encoding="utf-8")) == _sums(kept))
    except (OSError, ValueError):
        return False


def _sums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.name != _SUMS)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
