"""Multinomial logistic regression over sparse and dense features side by side.

The same objective as scikit-learn's LogisticRegression(class_weight="balanced"), minimised by
the same L-BFGS. Written out because the two kinds of features then stay apart: products with
the dense half run in BLAS, three times faster than with both in one sparse matrix, which is
what keeps training with cross-validation under a minute.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax

# How strongly training follows the examples; 30 measured better than 10 on our data (docs/understanding.md).
INVERSE_REGULARISATION = 30.0
# Accuracy has settled to the third digit well before.
ITERATIONS = 100

Floats = NDArray[np.float64]


def balanced(targets: NDArray[np.int64], classes: int) -> Floats:
    """A weight for each example that gives every class the same say: n / (classes * size of its class)."""
    sizes = np.bincount(targets, minlength=classes)
    return np.asarray(len(targets) / (classes * sizes[targets]), dtype=np.float64)


class _Objective:
    """Weighted cross entropy plus the L2 penalty, with its gradient, for flat parameters."""

    def __init__(
        self, sparse: csr_matrix, dense: NDArray[np.float32], targets: NDArray[np.int64], classes: int
    ) -> None:
        self._sparse, self._sparse_columns = sparse, sparse.T.tocsr()
        self._dense = dense.astype(np.float64)
        self._importance = balanced(targets, classes)[:, None]
        self._wanted = np.eye(classes)[targets]
        self.shape = (sparse.shape[1] + dense.shape[1] + 1, classes)

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        """Loss and gradient; the last row of the parameters is the bias, which is not penalised."""
        weights = flat.reshape(self.shape)
        cut = self._sparse.shape[1]
        logits = self._sparse @ weights[:cut] + self._dense @ weights[cut:-1] + weights[-1]
        logs = log_softmax(logits, axis=1)
        penalty = 0.5 / INVERSE_REGULARISATION * float(np.sum(weights[:-1] ** 2))
        loss = -float(np.sum(self._importance * self._wanted * logs)) + penalty
        errors = self._importance * (np.exp(logs) - self._wanted)
        gradient = np.vstack([self._sparse_columns @ errors, self._dense.T @ errors, errors.sum(axis=0)])
        gradient[:-1] += weights[:-1] / INVERSE_REGULARISATION
        return loss, gradient.ravel()


def regress(
    sparse: csr_matrix, dense: NDArray[np.float32], targets: NDArray[np.int64], classes: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights of shape (classes, sparse + dense columns) and bias of shape (classes,)."""
    objective = _Objective(sparse, dense, targets, classes)
    start = np.zeros(objective.shape).ravel()
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    parameters = found.x.reshape(objective.shape).astype(np.float32)
    return np.ascontiguousarray(parameters[:-1].T), parameters[-1]
