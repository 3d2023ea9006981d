"""Sentence vectors for training: each text is encoded once, and those of the last training are kept on disk.

Half precision in the file and in use, so that a model trained from the file is the model trained without it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.nlu.intent_model import SentenceEncoder
from bot.startup import ROOT

FOLDER = ROOT / "var" / "cache" / "vectors"
_KEY_BYTES = 16

Halves = NDArray[np.float16]


@dataclass(frozen=True)
class KnownVectors:
    """An encoder of texts whose vectors are known: nothing is computed twice."""

    rows: dict[bytes, Halves]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (n, dimensions); KeyError for a text that was not among the known ones."""
        return np.stack([self.rows[_key(text)] for text in texts]).astype(np.float32)


def known_vectors(encoder: SentenceEncoder, texts: Sequence[str], name: str, folder: Path = FOLDER) -> KnownVectors:
    """The vectors of these texts; the files of the folder bring what they can, `name`.npz holds these and no others."""
    path = folder / f"{name}.npz"
    kept = _read(path)
    for other in sorted(set(folder.glob("*.npz")) - {path}):
        kept = {**_read(other), **kept}
    missing = [text for text in dict.fromkeys(texts) if _key(text) not in kept]
    if missing:
        kept.update(zip(map(_key, missing), encoder.encode(missing).astype(np.float16), strict=True))
    rows = {_key(text): kept[_key(text)] for text in texts}
    if missing or len(kept) > len(rows):
        _write(path, rows)
    return KnownVectors(rows)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]


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
