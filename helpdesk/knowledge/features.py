"""What the ranking sees of a question: characters, words of one meaning, and the sentence vector.

Characters: 1-3-gram TF-IDF, L2, over the bare text with every name of goods made one word (which product
it is says little about which question it is). Concepts: company/concepts.yml. Sentence vector: centred on
the mean of all wordings and made unit length (understanding.md: raw vectors share one large direction).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from helpdesk.company import Concepts

__all__ = ["Features", "SentenceEncoder", "Vectors"]

Vectors = NDArray[np.float32]
Columns = NDArray[np.intp]

CONCEPT_WEIGHT = 0.35
"""Measured: 0 loses 4 points on hard paraphrases; 1 overrules the characters and loses 8 on plain ones."""
MANY_TEXTS = 500
"""From here on n-grams seen once are left out: half the training time, the same ranking."""
THING = "物"


class SentenceEncoder(Protocol):
    """`zhtext.Encoder`, or any other plug: texts to unit vectors, shape (n, dimensions)."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Features:
    """Fitted on the bare wordings of all articles; immutable afterwards, so threads may share it."""

    def __init__(self, texts: Sequence[str], concepts: Concepts, encoder: SentenceEncoder | None) -> None:
        self._concepts = [re.compile("|".join(map(re.escape, words))) for words in concepts.concepts.values()]
        self._things = re.compile("|".join(map(re.escape, sorted(concepts.thing, key=len, reverse=True))))
        from sklearn.feature_extraction.text import TfidfVectorizer  # two seconds, and not at the service's start

        self._characters = TfidfVectorizer(
            analyzer="char",
            ngram_range=(1, 3),
            sublinear_tf=True,
            min_df=1 if len(texts) < MANY_TEXTS else 2,
            dtype=np.float32,
        )
        self._characters.fit([self._masked(text) for text in texts])
        self._grams = self._characters.build_analyzer()
        self._column: dict[str, int] = self._characters.vocabulary_
        self._rarity: Vectors = self._characters.idf_
        self._encoder = encoder
        self._centre = encoder.encode(texts).mean(axis=0) if encoder else np.zeros(0, dtype=np.float32)

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """Centred unit vectors, shape (n, dimensions); None without an encoder."""
        if self._encoder is None:
            return None
        centred = self._encoder.encode(texts) - self._centre
        return _unit_rows(centred)

    def matrix(self, texts: Sequence[str], vectors: Vectors | None) -> Any:
        """All features side by side, sparse, shape (n, features)."""
        parts = [
            self._characters.transform([self._masked(text) for text in texts]),
            sparse.csr_matrix(CONCEPT_WEIGHT * self._spoken_concepts(texts)),
        ]
        if vectors is not None:
            parts.append(sparse.csr_matrix(vectors))
        return sparse.hstack(parts, format="csr")

    def row(self, text: str, vectors: Vectors | None) -> tuple[Columns, Vectors]:
        """The row that `matrix` makes of one text, as columns that are not 0 and their values: a fifth of its time."""
        columns, values = self._characters_of(text)
        concepts = CONCEPT_WEIGHT * self._spoken_concepts([text])[0]
        spoken = np.flatnonzero(concepts)
        dense = np.zeros(0, dtype=np.float32) if vectors is None else vectors[0]
        behind = len(self._column) + len(concepts)
        columns = np.concatenate([columns, len(self._column) + spoken, behind + np.arange(len(dense))])
        return columns, np.concatenate([values, concepts[spoken], dense])

    def _characters_of(self, text: str) -> tuple[Columns, Vectors]:
        counts = Counter(self._grams(self._masked(text)))
        known = [gram for gram in counts if gram in self._column]
        columns = np.array([self._column[gram] for gram in known], dtype=np.intp)
        values = np.log(np.array([counts[gram] for gram in known], dtype=np.float32)) + 1
        values *= self._rarity[columns]
        return columns, _unit_rows(values[None])[0]

    def _spoken_concepts(self, texts: Sequence[str]) -> Vectors:
        found = [[float(words.search(text) is not None) for words in self._concepts] for text in texts]
        return _unit_rows(np.asarray(found, dtype=np.float32).reshape(len(texts), len(self._concepts)))

    def _masked(self, text: str) -> str:
        return self._things.sub(THING, text)


def _unit_rows(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(norms, 1e-9)
    return unit
