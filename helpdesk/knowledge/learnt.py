"""Classes of texts told apart: a logistic regression over what `Features` sees, and a file that keeps it.

Learning takes scikit-learn, two seconds to import; what was learnt is one product. So it is kept between two starts by
a digest of all it was learnt from, and a service that finds it there answers before it imports anything to learn.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpdesk.knowledge.features import Features, Vectors
from helpdesk.knowledge.kept_vectors import write_whole

__all__ = ["KeptFits", "Learnt", "get_ready", "softmax"]

REGULARISATION = 10.0
MOST_STEPS = 500

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Learnt:
    """Weights, shape (features, classes), and what is added to each class."""

    weights: NDArray[np.float32]
    added: NDArray[np.float32]

    def shares(self, features: Features, text: str, vectors: Vectors | None) -> Scores:
        """How likely a bare text is of each class; together they are 1."""
        columns, values = features.row(text, vectors)
        return softmax(np.asarray(values @ self.weights[columns] + self.added, dtype=np.float64))


def softmax(values: Scores) -> Scores:
    """Shares that together are 1."""
    powers = np.exp(values - values.max())
    shares: Scores = powers / powers.sum()
    return shares


@dataclass
class KeptFits:
    """What was learnt up to `save`, by the digest of what it was learnt from; without a file nothing is kept."""

    file: Path | None = None
    _used: dict[str, Learnt] = field(default_factory=dict)
    _is_saved: bool = False

    def learn(
        self,
        features: Features,
        texts: Sequence[str],
        vectors: Vectors | None,
        classes: Sequence[int],
        tolerance: float,
    ) -> Learnt:
        """What tells the classes 0, 1, ... of these texts apart: two at least."""
        digest = _digest(features, texts, vectors, classes, tolerance)
        found = self._read(digest) or _learn(features, texts, vectors, classes, tolerance)
        if self.file is not None and not self._is_saved:  # editors' trials are not kept
            self._used[digest] = found
        return found

    def _read(self, digest: str) -> Learnt | None:
        if self.file is None:
            return None
        try:
            with np.load(self.file, allow_pickle=False) as kept:
                return Learnt(kept[f"{digest}-weights"], kept[f"{digest}-added"])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def save(self) -> None:
        """Write what was used so far, if the file lacks any of it; whole or not at all, also beside another."""
        used, self._used, self._is_saved = self._used, {}, True
        if self.file is None or all(self._read(digest) for digest in used):
            return
        arrays: dict[str, NDArray[np.float32]] = {}
        for digest, learnt in used.items():
            arrays |= {f"{digest}-weights": learnt.weights, f"{digest}-added": learnt.added}
        write_whole(self.file, **arrays)


def get_ready() -> None:
    """Import what learning takes, SciPy with it: else an editor's first wording would be answered two seconds later."""
    import sklearn.linear_model  # noqa: F401


def _digest(
    features: Features, texts: Sequence[str], vectors: Vectors | None, classes: Sequence[int], tolerance: float
) -> str:
    """Of everything a fit depends on."""
    given = (texts, list(map(int, classes)), tolerance, REGULARISATION, MOST_STEPS, version("scikit-learn"))
    digest = hashlib.blake2b(json.dumps(given).encode(), digest_size=16)
    digest.update(features.digest())
    digest.update(b"" if vectors is None else vectors.tobytes())
    return digest.hexdigest()


def _learn(
    features: Features, texts: Sequence[str], vectors: Vectors | None, classes: Sequence[int], tolerance: float
) -> Learnt:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    classifier = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=MOST_STEPS, tol=tolerance)
    with threadpool_limits(1):  # several threads of the solver wait for each other: three times slower
        classifier.fit(features.matrix(texts, vectors), classes)
    weights, added = classifier.coef_, classifier.intercept_
    if len(weights) == 1:  # of two classes: what speaks for the second against the first
        weights, added = np.vstack([0 * weights, weights]), np.append(0 * added, added)
    return Learnt(np.ascontiguousarray(weights.T), added)
