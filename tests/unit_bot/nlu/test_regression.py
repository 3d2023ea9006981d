"""The regression of the intent classifier, beside scikit-learn's."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.nlu.regression import INVERSE_REGULARISATION, balanced, regress

CLASSES = 4


def examples() -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """300 of unequal classes, by sparse and dense features that tell them apart in part."""
    random = np.random.default_rng(3)
    targets = random.choice(CLASSES, 300, p=[0.5, 0.3, 0.15, 0.05])
    signs = (random.random((300, 40)) < 0.1) + (targets[:, None] == np.arange(40) % 8) * (
        random.random((300, 40)) < 0.5
    )
    dense = random.standard_normal((300, 6)) + np.eye(6)[targets]
    return csr_matrix(signs.astype(np.float64)), dense.astype(np.float32), targets


def test_probabilities_are_those_of_scikit_learn() -> None:
    sparse, dense, targets = examples()
    weights, bias = regress(sparse, dense, targets, CLASSES)
    both = hstack([sparse, csr_matrix(dense)]).toarray()
    theirs = LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=5000, tol=1e-8)
    expected = theirs.fit(both, targets).predict_proba(both)
    logits = both @ weights.T + bias
    found = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(found / found.sum(axis=1, keepdims=True), expected, atol=0.01)


def test_every_class_has_the_same_say() -> None:
    targets = np.array([0, 0, 0, 1])
    importance = balanced(targets, 2)
    np.testing.assert_allclose([importance[targets == one].sum() for one in (0, 1)], [2, 2])


def test_it_is_the_same_twice() -> None:
    first, second = regress(*examples(), CLASSES), regress(*examples(), CLASSES)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
