"""Sentence vectors for training: each text is encoded once, and those of the last training are kept on disk.

Half precision in the file and in use, so that a model trained from the file is the model trained without it. A text is
known by its hash together with the encoder's name, so that no vector of another encoder is taken for this one's.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.nlu.intent_model import SentenceEncoder
from bot.nlu.kept import FEWEST, Named
from bot.startup import ROOT

FOLDER = ROOT / "var" / "cache" / "vectors"
_KEY_BYTES = 16

Halves = NDArray[np.float16]


@dataclass(frozen=True)
class KnownVectors:
    """An encoder of texts whose vectors are known: nothing is computed twice."""

    rows: dict[str, Halves]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (n, dimensions); KeyError for a text that was not among the known ones."""
        return np.stack([self.rows[text] for text in texts]).astype(np.float32)


class NamedEncoder(SentenceEncoder, Named, Protocol):
    """One whose vectors can be kept."""


def known_vectors(
    encoder: NamedEncoder, texts: Sequence[str], name: str, folder: Path = FOLDER, fewest: int = FEWEST
) -> KnownVectors:
    """The vectors of these texts; the files of the folder bring what they can, `name`.npz holds these and no others.

    Fewer than `fewest` are not written: they would take the place of those that were dear.
    """
    path = folder / f"{name}.npz"
    kept = _read(path)
    for other in sorted(set(folder.glob("*.npz")) - {path}):
        kept = {**_read(other), **kept}
    keys = {text: _key(encoder.name, text) for text in texts}
    missing = [text for text, key in keys.items() if key not in kept]
    if missing:
        kept.update(zip((keys[text] for text in missing), encoder.encode(missing).astype(np.float16), strict=True))
    rows = {key: kept[key] for key in keys.values()}
    if len(rows) >= fewest and (missing or len(kept) > len(rows)):
        _write(path, rows)
    return KnownVectors({text: kept[key] for text, key in keys.items()})


def _key(encoder: str, text: str) -> bytes:
    return hashlib.sha256(f"{encoder}\0{text}".encode()).digest()[:_KEY_BYTES]


def _read(path: Path) -> dict[bytes, Halves]:
    """What the file holds; nothing where it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            keys = arrays["keys"].tobytes()
            cut = [keys[at : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]
            return dict(zip(cut, arrays["vectors"], strict=True))
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}


def _write(path: Path, rows: dict[bytes, Halves]) -> None:
    """In one step, so that a training that is ended leaves the former file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.stem}.{os.getpid()}.npz")
    np.savez(fresh, keys=np.frombuffer(b"".join(rows), dtype=np.uint8), vectors=np.stack(list(rows.values())))
    os.replace(fresh, path)
