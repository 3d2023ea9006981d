"""Unanswered questions that mean the same: each joins the nearest group, or begins one.

Nearness to a group: half the nearest of its questions, half the mean of them; cosines of sentence vectors, centred
as in the ranking. Measured on tests/unit/unanswered_groups.yml (24 meanings in five wordings, 15 questions alone;
B-cubed over shuffled orders): at SAME_MEANING precision .87, recall .74. A group that holds two meanings costs an
editor more than a meaning in two groups, so the limit is above the best F1 (.35). The first question only: F1 .78;
the nearest only: .79; characters beside the vectors: no better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from helpdesk.knowledge.articles import bare
from helpdesk.knowledge.features import Vectors

__all__ = ["SAMPLES", "Groups"]

SAME_MEANING = 0.38
SAME_CHARACTERS = 0.35
"""Without an encoder: shared characters and pairs of them (Dice); precision .95, recall .4."""
SAMPLES = 5
"""Questions of a group that a new one is compared with."""

VectorsOf = Callable[[Sequence[str]], Vectors | None]
"""Centred unit vectors, shape (n, dimensions); None without an encoder."""


class Groups:
    """Groups by their id, each with some of its questions; grows as questions are placed."""

    def __init__(self, known: Mapping[str, Sequence[str]], vectors_of: VectorsOf) -> None:
        self._vectors_of = vectors_of
        self._texts: dict[str, list[str]] = {}
        self._vectors: dict[str, list[Vectors]] = {}
        for group, texts in known.items():
            for text in texts[:SAMPLES]:
                self.add(group, text)

    def nearest(self, text: str) -> str | None:
        """The group this question belongs to; None when it belongs to none yet."""
        vector = self._vector(text)
        near = {group: self._nearness(group, text, vector) for group in self._texts}
        limit = SAME_CHARACTERS if vector is None else SAME_MEANING
        best = max(near, key=near.__getitem__, default=None)
        return best if best is not None and near[best] >= limit else None

    def add(self, group: str, text: str) -> None:
        """Count a question to a group, which it may begin."""
        texts = self._texts.setdefault(group, [])
        if len(texts) >= SAMPLES:
            return
        texts.append(text)
        vector = self._vector(text)
        if vector is not None:
            self._vectors.setdefault(group, []).append(vector)

    def _nearness(self, group: str, text: str, vector: Vectors | None) -> float:
        if vector is None:
            near = np.array([_dice(text, other) for other in self._texts[group]])
        else:
            near = np.stack(self._vectors[group]) @ vector
        return float(near.max() + near.mean()) / 2

    def _vector(self, text: str) -> Vectors | None:
        vectors = self._vectors_of([bare(text)])
        return None if vectors is None else vectors[0]


def _dice(one: str, other: str) -> float:
    grams, others = _grams(bare(one)), _grams(bare(other))
    return 2 * len(grams & others) / max(len(grams) + len(others), 1)


def _grams(text: str) -> set[str]:
    return {*text, *(text[start : start + 2] for start in range(len(text) - 1))}
