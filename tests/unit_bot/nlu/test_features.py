"""The probabilities are those of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from bot.nlu.features import softmax


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_softmax_is_scipys(kind: type) -> None:
    logits = np.random.default_rng(1).normal(0, 30, (50, 38)).astype(kind)
    assert (softmax(logits) == special.softmax(logits, axis=1)).all()
    assert softmax(logits).dtype == kind
