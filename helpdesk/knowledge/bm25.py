"""BM25 over characters and their pairs: finds the wording that shares rare words with a question.

Robertson & Zaragoza, The Probabilistic Relevance Framework (2009); k1 and b as measured on our questions.
Scores are divided by what the question would score against itself, so that they are comparable between
questions: 0 shares nothing, about 1 is the same wording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bm25"]

Places = NDArray[np.intp]
Scores = NDArray[np.float64]

K1 = 1.2
B = 0.5


class Bm25:
    """Fitted on texts; immutable."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(_grams(text)) for text in texts]
        known = sorted({gram for count in counts for gram in count})
        self._column = {gram: index for index, gram in enumerate(known)}
        documents = Counter(gram for count in counts for gram in count)
        found = np.array([documents[gram] for gram in known], dtype=np.float64)
        self._idf = np.log(1 + (len(texts) - found + 0.5) / (found + 0.5))
        self._idf_unknown = float(np.log(1 + (len(texts) + 0.5) / 0.5))
        self._count = len(texts)
        self._starts, self._rows, self._weights = self._weigh(counts)

    def _weigh(self, counts: Sequence[Counter[str]]) -> tuple[Places, Places, Scores]:
        """By columns: where each one begins, and the texts that have it with its weight in them."""
        lengths = [sum(count.values()) for count in counts]
        average = sum(lengths) / max(len(lengths), 1)
        rows, columns, values = [], [], []
        for row, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            damping = K1 * (1 - B + B * length / average)
            for gram, times in count.items():
                rows.append(row)
                columns.append(self._column[gram])
                values.append(self._idf[self._column[gram]] * times * (K1 + 1) / (times + damping))
        order = np.argsort(np.array(columns, dtype=np.intp), kind="stable")
        starts = np.cumsum([0, *np.bincount(columns, minlength=len(self._column))])
        return starts, np.array(rows, dtype=np.intp)[order], np.array(values)[order]

    def scores(self, text: str) -> Scores:
        """One score a fitted text, shape (n,)."""
        grams = set(_grams(text))
        columns = [self._column[gram] for gram in grams if gram in self._column]
        itself = float(self._idf[columns].sum()) + self._idf_unknown * (len(grams) - len(columns))
        parts = [slice(*self._starts[column : column + 2]) for column in columns]
        rows = np.concatenate([self._rows[part] for part in parts] or [self._rows[:0]])
        values = np.concatenate([self._weights[part] for part in parts] or [self._weights[:0]])
        return np.bincount(rows, values, minlength=self._count) / max(itself, 1e-9)


def _grams(text: str) -> Iterator[str]:
    for size in (1, 2):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]
