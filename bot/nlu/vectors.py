"""Sentence vectors kept on disk, so that a second training encodes only what is new.

Half precision in memory as on disk: a model trained from the file is the model trained without it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Sequence
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.nlu.intent_model import SentenceEncoder
from bot.startup import ROOT

FOLDER = ROOT / "var" / "cache" / "vectors"
_KEY_BYTES = 16


class KeptVectors:
    """An encoder whose vectors stay in `FOLDER/<name>.npz`; the file holds the texts of the last call and no others."""

    def __init__(self, encoder: SentenceEncoder, name: str, folder: Path = FOLDER) -> None:
        self._encoder = encoder
        self._path = folder / f"{name}.npz"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (n, dimensions), float32 with the precision of float16."""
        wanted = list(dict.fromkeys(texts))
        known = self._read()
        missing = [text for text in wanted if _key(text) not in known]
        if missing:
            fresh = self._encoder.encode(missing).astype(np.float16)
            known.update(zip(map(_key, missing), fresh, strict=True))
        if missing or len(known) > len(wanted):
            self._write({_key(text): known[_key(text)] for text in wanted})
        return np.stack([known[_key(text)] for text in texts]).astype(np.float32)

    def _read(self) -> dict[bytes, NDArray[np.float16]]:
        """What the file holds; nothing where it is missing or damaged."""
        try:
            with np.load(self._path, allow_pickle=False) as arrays:
                keys = arrays["keys"].tobytes()
                cut = [keys[at : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]
                return dict(zip(cut, arrays["vectors"], strict=True))
        except (OSError, ValueError, KeyError, BadZipFile):
            return {}

    def _write(self, known: dict[bytes, NDArray[np.float16]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.stem}.{os.getpid()}.npz")
        np.savez(fresh, keys=np.frombuffer(b"".join(known), dtype=np.uint8), vectors=np.stack(list(known.values())))
        os.replace(fresh, self._path)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]
