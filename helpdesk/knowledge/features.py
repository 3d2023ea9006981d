"""What the ranking sees of a question: characters, words of one meaning, and the sentence vector.

Characters: 1-3-gram TF-IDF, L2, over the bare text with every name of goods made one word (which product
it is says little about which question it is). Concepts: company/concepts.yml. Sentence vector: centred on
the mean of all wordings and made unit length (understanding.md: raw vectors share one large direction).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from helpdesk.company import Concepts

__all__ = ["Features", "SentenceEncoder", "Vectors"]

Vectors = NDArray[np.float32]
Columns = NDArray[np.intp]

CONCEPT_WEIGHT = 0.35
"""Measured: 0 loses 4 points on hard paraphrases; 1 overrules the characters and loses 8 on plain ones."""
MANY_TEXTS = 500
"""From here on n-grams seen once are left out: half the training time, the same ranking."""
LONGEST_GRAM = 3
THING = "物"


class SentenceEncoder(Protocol):
    """`zhtext.Encoder`, or any other plug: texts to unit vectors, shape (n, dimensions)."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Features:
    """Fitted on the bare wordings of all articles; immutable afterwards, so threads may share it."""

    def __init__(self, texts: Sequence[str], concepts: Concepts, encoder: SentenceEncoder | None) -> None:
        self._concepts = [re.compile("|".join(map(re.escape, words))) for words in concepts.concepts.values()]
        self._things = re.compile("|".join(map(re.escape, sorted(concepts.thing, key=len, reverse=True))))
        documents = Counter(gram for text in texts for gram in set(_grams(self._masked(text))))
        least = 1 if len(texts) < MANY_TEXTS else 2
        grams = sorted(gram for gram, count in documents.items() if count >= least)
        self._column = {gram: column for column, gram in enumerate(grams)}
        counts = np.array([documents[gram] for gram in grams], dtype=np.float32)
        self._rarity: Vectors = np.log(np.float32(1 + len(texts)) / (1 + counts)) + 1
        self._encoder = encoder
        self._centre = encoder.encode(texts).mean(axis=0) if encoder else np.zeros(0, dtype=np.float32)

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """Centred unit vectors, shape (n, dimensions); None without an encoder."""
        if self._encoder is None:
            return None
        centred = self._encoder.encode(texts) - self._centre
        return _unit_rows(centred)

    def digest(self) -> bytes:
        """Of all that a row is made of, beside the text and its vector."""
        words = [one.pattern for one in (*self._concepts, self._things)]
        made_of = (
            json.dumps([words, list(self._column)]).encode() + self._rarity.tobytes() + Path(__file__).read_bytes()
        )
        return hashlib.blake2b(made_of).digest()

    def matrix(self, texts: Sequence[str], vectors: Vectors | None) -> Any:
        """The rows of many texts, sparse, shape (n, features)."""
        from scipy import sparse  # only to learn

        rows = [self.row(text, None if vectors is None else vectors[at : at + 1]) for at, text in enumerate(texts)]
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        starts = np.cumsum([0, *(len(one) for one, _ in rows)])
        width = len(self._column) + len(self._concepts) + (0 if vectors is None else vectors.shape[1])
        return sparse.csr_matrix((values, columns, starts), shape=(len(rows), width)).sorted_indices()

    def row(self, text: str, vectors: Vectors | None) -> tuple[Columns, Vectors]:
        """What is seen of one text, as columns and their values: characters, concepts, vector; the others are 0."""
        columns, values = self._characters_of(text)
        concepts = CONCEPT_WEIGHT * self._spoken_concepts([text])[0]
        spoken = np.flatnonzero(concepts)
        dense = np.zeros(0, dtype=np.float32) if vectors is None else vectors[0]
        behind = len(self._column) + len(concepts)
        columns = np.concatenate([columns, len(self._column) + spoken, behind + np.arange(len(dense))])
        return columns, np.concatenate([values, concepts[spoken], dense])

    def _characters_of(self, text: str) -> tuple[Columns, Vectors]:
        counts = Counter(_grams(self._masked(text)))
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


def _grams(text: str) -> Iterator[str]:
    for size in range(1, LONGEST_GRAM + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def _unit_rows(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(norms, 1e-9)
    return unit
