"""Which danger is told, where it is heard between the words and none of the company's signs names it.

The lines of danger that bear a sign teach what the others are of: 「灶那边昨晚就有股子味儿」 is gas though no sign says
so, and gas is told another thing to do than a socket.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import CharTfidf, centred
from bot.nlu.regression import regress

Floats = NDArray[np.float32]

SURE = 0.5
"""From which probability the kind is believed."""


@dataclass(frozen=True)
class Kinds:
    """Shapes, with c kinds, v n-grams, d dimensions: weights (c, v + d), bias (c,), mean (d,)."""

    names: tuple[str, ...]
    tfidf: CharTfidf
    mean: Floats
    weights: Floats
    bias: Floats

    def __call__(self, text: str, vector: Floats) -> str | None:
        """The kind of a danger that a prepared text with its sentence vector (d,) tells; None where that is unsure."""
        columns, shares = self.tfidf.row(text)
        grams = len(self.tfidf.columns)
        dense = centred(vector[None, :], self.mean)[0]
        logits = self.weights[:, columns] @ shares + self.weights[:, grams:] @ dense + self.bias
        chances = np.exp(logits - logits.max())
        best = int(chances.argmax())
        return self.names[best] if chances[best] >= SURE * chances.sum() else None


def fit(texts: Sequence[str], vectors: Floats, named: Sequence[str]) -> Kinds:
    """From prepared texts that tell of dangers, their sentence vectors (n, d), and the kind that a sign names."""
    names = tuple(sorted(set(named)))
    tfidf, mean = CharTfidf.fit(texts), vectors.mean(axis=0)
    targets = np.asarray([names.index(one) for one in named], dtype=np.int64)
    weights, bias = regress(tfidf.matrix(texts), centred(vectors, mean).astype(np.float32), targets, len(names))
    return Kinds(names, tfidf, mean, weights, bias)


def save(model: Kinds, folder: Path) -> None:
    """Two files, kinds.json and kinds.npz: no pickle."""
    told = {"names": model.names, "grams": list(model.tfidf.columns)}
    (folder / "kinds.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    arrays = {"idf": model.tfidf.idf, "mean": model.mean, "weights": model.weights, "bias": model.bias}
    np.savez(folder / "kinds.npz", **arrays)


def load(folder: Path) -> Kinds | None:
    """What `save` wrote; None where no danger was taught."""
    if not (folder / "kinds.json").is_file():
        return None
    told = json.loads((folder / "kinds.json").read_text(encoding="utf-8"))
    with np.load(folder / "kinds.npz", allow_pickle=False) as arrays:
        tfidf = CharTfidf({gram: column for column, gram in enumerate(told["grams"])}, arrays["idf"])
        return Kinds(tuple(told["names"]), tfidf, arrays["mean"], arrays["weights"], arrays["bias"])
