"""The sentence encoder's weights as plain files that are mapped: read where they are used, one copy for all processes.

The package keeps them compressed, which costs each process a second and 92 MB; most of them are rows of word pieces
that nobody says. The files are made once for a version of the package; without a place for them memory has to do.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def mapped(folder: Path, make: Callable[[], Arrays]) -> Arrays:
    """The arrays of the folder; where it is missing or damaged, those that `make` gives, which are written there."""
    found = _read(folder)
    if found:
        return found
    made = make()
    try:
        _write(folder, made)
    except OSError:
        return made
    return _read(folder) or made


def _read(folder: Path) -> Arrays:
    try:
        names = (folder / "names.txt").read_text(encoding="utf-8").split()
        mapped = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in names}
        return {name: array.view(np.ndarray) for name, array in mapped.items()}  # else each result is made a memmap
    except (OSError, ValueError):
        return {}


def _write(folder: Path, arrays: Arrays) -> None:
    """All or nothing: under another name first, and on the disk before it has its own."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for name, array in arrays.items():
            with (beside / f"{name}.npy").open("wb") as file:
                np.save(file, array)
                file.flush()
                os.fsync(file.fileno())
        (beside / "names.txt").write_text("\n".join(arrays), encoding="utf-8")
        beside.chmod(0o755)
        _take_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _take_place(beside: Path, folder: Path) -> None:
    """Of a damaged folder too; who has its files mapped keeps them. Another process may have been faster."""
    if folder.exists() and not _read(folder):
        shutil.rmtree(folder)
    if not folder.exists():
        beside.rename(folder)
