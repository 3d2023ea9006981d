"""Sparse features on a few hundred directions: a truncated SVD, kept in bytes.

Each row (one feature) has a scale of its own, so that rare features, whose entries are small, keep their precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]

DIRECTIONS = 256
# Measured: the projected words a little below the level of the other inputs.
_SPREAD = 0.7
_SEED = 20261129
_LARGEST = 127


@dataclass(frozen=True)
class Projection:
    """`steps` (v, k) int8 times `scale` (v,) is the matrix from v features to k directions."""

    steps: NDArray[np.int8]
    scale: Floats

    @classmethod
    def fit(cls, matrix: csr_matrix) -> Projection:
        """The leading right singular vectors; each direction varies alike over the rows of `matrix`."""
        from sklearn.utils.extmath import randomized_svd

        _, _, right = randomized_svd(matrix, min(DIRECTIONS, *matrix.shape), n_iter=1, random_state=_SEED)
        spread = (matrix @ right.T).std(axis=0)
        return cls.of((right.T * (_SPREAD / np.maximum(spread, 1e-6))).astype(np.float32))

    @classmethod
    def of(cls, exact: Floats) -> Projection:
        """The nearest matrix in bytes."""
        scale = np.maximum(np.abs(exact).max(axis=1), 1e-9) / _LARGEST
        return cls(np.rint(exact / scale[:, None]).astype(np.int8), scale.astype(np.float32))

    @property
    def matrix(self) -> Floats:
        """As floats, for many rows at once."""
        return self.steps.astype(np.float32) * self.scale[:, None]

    def __call__(self, parts: Sequence[tuple[NDArray[np.int64], Floats]]) -> Floats:
        """One turn: `parts` are its columns and weights, shape (k,)."""
        columns = np.concatenate([columns for columns, _ in parts])
        weights = np.concatenate([weights for _, weights in parts]) * self.scale[columns]
        return np.asarray(weights @ self.steps[columns].astype(np.float32), dtype=np.float32)
