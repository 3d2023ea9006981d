"""What a complaint is about, by what was told of it: learnt from a company's own examples.

No keyword of a category stands in 「把我家门框碰掉一块漆」, so its `examples` (company/complaints.yml) say what
customers tell of it. Character n-grams and the sentence vector, as for the articles; one class a category.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from helpdesk.company import Company
from helpdesk.knowledge.articles import bare
from helpdesk.knowledge.features import Features, SentenceEncoder
from helpdesk.knowledge.learnt import KeptFits, Learnt

__all__ = ["Categories"]

TOLERANCE = 1e-4
SEVERAL = 2
"""Categories with examples from which on one can be told from another."""
SURE = 0.25
"""Share from which a category is taken: of accounts by other words 92 in 100 are so sure, and 91 of those right."""


class Categories:
    """Ready to be asked; it learns at the first question, in half a second, and may be shared by threads."""

    def __init__(self, company: Company, encoder: SentenceEncoder | None, fits: KeptFits | None = None) -> None:
        self._company = company
        self._encoder = encoder
        self._fits = fits or KeptFits()
        self._examples = [
            (name, bare(text)) for name, one in company.complaints.categories.items() for text in one.examples
        ]

    def ranked(self, told: str) -> Sequence[tuple[str, float]]:
        """Categories with their share, the likeliest first."""
        text = bare(told)
        if not text or len(self._names) < SEVERAL:
            return []
        features, learnt = self._learnt
        shares = learnt.shares(features, text, features.vectors([text]))
        return sorted(zip(self._names, map(float, shares), strict=True), key=lambda one: -one[1])

    def of(self, told: str) -> str | None:
        """The category an account is surely of; None where several may be meant."""
        name, share = next(iter(self.ranked(told)), ("", 0.0))
        return name if share >= SURE else None

    @cached_property
    def _names(self) -> list[str]:
        return sorted({name for name, _ in self._examples})

    @cached_property
    def _learnt(self) -> tuple[Features, Learnt]:
        texts = [text for _, text in self._examples]
        features = Features(texts, self._company.concepts, self._encoder)
        classes = [self._names.index(name) for name, _ in self._examples]
        return features, self._fits.learn(features, texts, features.vectors(texts), classes, TOLERANCE)
