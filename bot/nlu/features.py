"""Character n-grams of 1 to 3, TF-IDF weighted and L2-normalised.

Words are left out on purpose: n-grams over jieba tokens never cross a word boundary, which
costs Chinese intents several points (understanding.md). Kept as plain arrays, so that a
model is stored without pickle and reads the same under any scikit-learn.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

LONGEST_GRAM = 3
# In a set of this size an n-gram seen once only makes the model three times larger and slower.
LARGE_SET = 2000


def grams(text: str) -> Counter[str]:
    """All character n-grams of the text with their counts; the text is framed by spaces."""
    framed = f" {text} "
    return Counter(
        framed[start : start + size]
        for size in range(1, LONGEST_GRAM + 1)
        for start in range(len(framed) - size + 1)
        if framed[start : start + size] != " "
    )


@dataclass(frozen=True)
class CharTfidf:
    """A fitted vocabulary: n-gram -> column, and the inverse document frequency of each column."""

    columns: dict[str, int]
    idf: NDArray[np.float64]

    @classmethod
    def fit(cls, texts: Sequence[str]) -> CharTfidf:
        """Smoothed idf as scikit-learn counts it: ln((1 + n) / (1 + df)) + 1."""
        frequency: Counter[str] = Counter()
        for text in texts:
            frequency.update(grams(text).keys())
        fewest = 2 if len(texts) >= LARGE_SET else 1
        terms = sorted(term for term, count in frequency.items() if count >= fewest)
        weights = [math.log((1 + len(texts)) / (1 + frequency[term])) + 1 for term in terms]
        return cls({term: column for column, term in enumerate(terms)}, np.array(weights))

    def row(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Columns and L2-normalised weights of one text; unknown n-grams are left out."""
        known = [(self.columns[gram], count) for gram, count in grams(text).items() if gram in self.columns]
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        columns = np.array([column for column, _ in known], dtype=np.int64)
        weights = np.array([count for _, count in known]) * self.idf[columns]
        return columns, weights / np.linalg.norm(weights)

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Sparse features of shape (len(texts), len(columns))."""
        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows])
        weights = np.concatenate([weights for _, weights in rows])
        return csr_matrix((weights, columns, ends), shape=(len(texts), len(self.columns)))


def softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Of each row, as scipy.special has it; its checks of what it is given took longer than the sums."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def centred(vectors: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors minus the mean of the training set, at unit length; an empty vector stays zero."""
    shifted = vectors - mean
    norms = np.linalg.norm(shifted, axis=1, keepdims=True)
    return np.asarray(shifted / np.maximum(norms, 1e-9), dtype=np.float32)
