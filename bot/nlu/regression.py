"""Multinomial logistic regression over sparse and dense features side by side.

The same objective as scikit-learn's LogisticRegression(class_weight="balanced"). Written out because the two kinds of
features then stay apart: products with the dense half run in BLAS, three times faster than with both in one sparse
matrix. Minimised by L-BFGS in single precision: SciPy's asks for double, and makes lists of bounds that there are none
of for 750,000 parameters; 9.3 CPU s instead of 21.7 on our examples.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

# How strongly training follows the examples; 30 measured better than 10 on our data (docs/understanding.md).
INVERSE_REGULARISATION = 30.0
# Accuracy has settled to the third digit well before.
ITERATIONS = 100
# Steps remembered for the curvature.
MEMORY = 10
# A step has to bring this share of what the slope promises (Armijo), or half of it is tried.
_ENOUGH = 1e-4
_LEAST_STEP = 1e-6
_FLAT = 1e-5

Floats = NDArray[np.float32]


def balanced(targets: NDArray[np.int64], classes: int) -> Floats:
    """A weight for each example that gives every class the same say: n / (classes * size of its class)."""
    sizes = np.bincount(targets, minlength=classes)
    return np.asarray(len(targets) / (classes * sizes[targets]), dtype=np.float32)


class _Objective:
    """Weighted cross entropy plus the L2 penalty, with its gradient, for parameters of `shape`.

    The last row of the parameters is the bias, which is not penalised.
    """

    def __init__(self, sparse: csr_matrix, dense: Floats, targets: NDArray[np.int64], classes: int) -> None:
        self._sparse = sparse.astype(np.float32)
        self._sparse_columns = self._sparse.T.tocsr()
        self._dense, self._dense_columns = dense, np.ascontiguousarray(dense.T)
        self._importance = balanced(targets, classes)
        self._wanted = (np.arange(len(targets)), targets)
        self.shape = (sparse.shape[1] + dense.shape[1] + 1, classes)

    def __call__(self, weights: Floats) -> tuple[float, Floats]:
        """Loss and gradient."""
        logits = self._logits(weights)
        chances = np.exp(logits)
        sums = chances.sum(axis=1, keepdims=True)
        missed = np.log(sums[:, 0]) - logits[self._wanted]
        loss = float(self._importance.astype(np.float64) @ missed)
        chances /= sums
        chances[self._wanted] -= 1
        chances *= self._importance[:, None]
        penalised = weights[:-1]
        return loss + 0.5 / INVERSE_REGULARISATION * float(np.vdot(penalised, penalised)), self._slope(chances, weights)

    def _logits(self, weights: Floats) -> Floats:
        """Of every example, the largest 0."""
        cut = self._sparse.shape[1]
        logits = self._sparse @ weights[:cut]
        logits += self._dense @ weights[cut:-1]
        logits += weights[-1]
        logits -= logits.max(axis=1, keepdims=True)
        return np.asarray(logits)

    def _slope(self, errors: Floats, weights: Floats) -> Floats:
        cut = self._sparse.shape[1]
        slope = weights * np.float32(1 / INVERSE_REGULARISATION)
        slope[:cut] += self._sparse_columns @ errors
        slope[cut:-1] += self._dense_columns @ errors
        slope[-1] = errors.sum(axis=0)
        return slope


@dataclass(frozen=True)
class _Step:
    """A step taken, how the slope changed with it, and 1 / (their product)."""

    moved: Floats
    turned: Floats
    share: float


def _direction(slope: Floats, steps: deque[_Step]) -> Floats:
    """Where to go: the slope as the remembered curvature bends it (the two loops of L-BFGS)."""
    way, taken = -slope, []
    for step in reversed(steps):
        taken.append(step.share * float(np.vdot(step.moved, way)))
        way -= np.float32(taken[-1]) * step.turned
    way *= np.float32(_scale(slope, steps))
    for step, before in zip(steps, reversed(taken), strict=True):
        way += np.float32(before - step.share * float(np.vdot(step.turned, way))) * step.moved
    return way


def _scale(slope: Floats, steps: deque[_Step]) -> float:
    if not steps:
        return 1 / max(float(np.linalg.norm(slope)), 1e-12)
    last = steps[-1]
    return 1 / (last.share * float(np.vdot(last.turned, last.turned)))


@dataclass(frozen=True)
class _Place:
    """Parameters with what the objective says of them."""

    weights: Floats
    loss: float
    slope: Floats


def _minimum(objective: _Objective) -> Floats:
    """The parameters after `ITERATIONS` steps, or where nothing gets lower any more."""
    here = _at(objective, np.zeros(objective.shape, dtype=np.float32))
    steps: deque[_Step] = deque(maxlen=MEMORY)
    for _ in range(ITERATIONS):
        there = _lower(objective, here, _direction(here.slope, steps))
        if there.loss >= here.loss or np.abs(there.slope).max() < _FLAT:
            break
        moved, turned = there.weights - here.weights, there.slope - here.slope
        if (product := float(np.vdot(moved, turned))) > 0:
            steps.append(_Step(moved, turned, 1 / product))
        here = there
    return here.weights


def _at(objective: _Objective, weights: Floats) -> _Place:
    return _Place(weights, *objective(weights))


def _lower(objective: _Objective, here: _Place, way: Floats) -> _Place:
    """The first place on the way, of the whole, half, a quarter of it and so on, that is low enough."""
    promise, length = _ENOUGH * float(np.vdot(here.slope, way)), 1.0
    there = _at(objective, here.weights + way)
    while there.loss > here.loss + length * promise and length > _LEAST_STEP:
        length /= 2
        there = _at(objective, here.weights + np.float32(length) * way)
    return there


def regress(
    sparse: csr_matrix, dense: NDArray[np.float32], targets: NDArray[np.int64], classes: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights of shape (classes, sparse + dense columns) and bias of shape (classes,)."""
    parameters = _minimum(_Objective(sparse, dense, targets, classes))
    return np.ascontiguousarray(parameters[:-1].T), parameters[-1]
