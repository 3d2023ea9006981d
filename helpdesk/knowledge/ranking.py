"""Which article a question asks for: a small classifier, the nearest wordings and BM25 together.

log P(topic) + 6 x mean cosine of the three nearest wordings + 3 x best BM25, then a softmax; the weights are the
best on tests/unit/faq_heldout.yml. An index over 3,400 wordings is built in about two seconds once their sentence
vectors are known (4 ms CPU each the first time, remembered by the encoder).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from helpdesk.company import Concepts
from helpdesk.knowledge.articles import Article, bare
from helpdesk.knowledge.bm25 import Bm25
from helpdesk.knowledge.features import Features, SentenceEncoder, Vectors
from helpdesk.knowledge.learnt import KeptFits, softmax
from zhtext import normalise_clauses

__all__ = ["Index", "Ranked"]

NEAREST = 3
NEAREST_WEIGHT = 6.0
APART = 4.0
"""More than two cosines can differ by."""
BM25_WEIGHT = 3.0
TOLERANCE = 1e-3
"""Half the training time of scikit-learn's default, the same ranking."""
CHATTER = "~"
"""The class of what is no question for us; its id sorts after every article's and is never shown. The classes of what
is asked of a product begin with it, too."""
SCORED_LATELY = 256
"""Questions whose scores and order are kept: one message asks for the same ones several times."""
LEAST_OF_PRODUCT = 0.5
"""The share of all from which on something is asked of a product, and no article's question."""
LONGEST_QUESTION = 120
"""Characters looked at; who writes more has told a story, and its beginning and end say what is asked."""
AROUND = " ,，.。!?、;；~"
"""Signs before and behind a question, which say nothing and move its vector."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article with how surely it is meant.

    `score` is the share among all articles and chatter (together they sum to 1); `support` how near the question
    is to any wording at all, 0 to 1: low for chatter, whatever article it falls to.
    """

    faq_id: str
    score: float
    support: float

    @property
    def sureness(self) -> float:
        """One figure from both: an article must stand out, and the question must be near to something."""
        return self.support * float(np.sqrt(self.score))


class Index:
    """Articles ready to be searched; immutable, so threads may share it and a new one replaces it whole."""

    def __init__(
        self,
        articles: Sequence[Article],
        concepts: Concepts,
        encoder: SentenceEncoder | None,
        chatter: Sequence[str] = (),
        of_products: Mapping[str, Sequence[str]] | None = None,
        fits: KeptFits | None = None,
    ) -> None:
        fits = fits or KeptFits()
        self.articles = {article.id: article for article in articles}
        self._wordings = _wordings(articles)
        spoken = dict(self._wordings)
        if chatter:
            spoken[CHATTER] = _unclaimed(chatter, spoken)
        for name, wordings in sorted((of_products or {}).items()):
            spoken[CHATTER + name] = _unclaimed(wordings, spoken)
        self._ids = list(spoken)
        self._exact = {text: faq_id for faq_id, texts in spoken.items() for text in texts}
        self._starts = np.cumsum([0, *map(len, spoken.values())][:-1]).astype(np.intp)
        texts = [text for own in spoken.values() for text in own]
        self._features = Features(texts, concepts, encoder)
        self._vectors = self._features.vectors(texts)
        self._bm25 = Bm25(texts)
        self._topic = np.repeat(np.arange(len(spoken)), list(map(len, spoken.values())))
        self._last = (self._starts + list(map(len, spoken.values())))[:, None] - np.arange(1, NEAREST + 1)
        self._is_own = self._last >= self._starts[:, None]
        several = len(self._ids) > 1
        self._learnt = (
            fits.learn(self._features, texts, self._vectors, self._topic.tolist(), TOLERANCE) if several else None
        )
        self._of_products = np.array([name.startswith(CHATTER) and name != CHATTER for name in spoken])
        self._scored = lru_cache(maxsize=SCORED_LATELY)(self._score)
        self._ordered = lru_cache(maxsize=SCORED_LATELY)(self._in_order)

    def serving(self, articles: Sequence[Article]) -> Index | None:
        """The same ranking over articles that differ only in what they answer; None when questions differ too.

        Most edits change an answer: nothing has to be trained for them.
        """
        if _wordings(articles) != self._wordings:
            return None
        twin = copy(self)
        twin.articles = {article.id: article for article in articles}
        return twin

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """Centred unit vectors of bare texts, shape (n, dimensions); None without an encoder."""
        return self._features.vectors(texts)

    def ranks_like(self, other: Index) -> bool:
        """Whether both tell all questions apart alike, as twins do (`serving`)."""
        return self._scored is other._scored

    def rank(self, question: str, *, by_heart: bool = True) -> list[Ranked]:
        """All articles, the likeliest first; an exact wording is certain. Empty for a text without a word.

        Not `by_heart`: a wording is ranked like what is nearly said so, and by its own vector, which is known.
        """
        text = _shortened(bare(question))
        if not text or not self.articles:
            return []
        return list(self._ordered(text, _spoken(question, text) if by_heart else text, by_heart))

    def _in_order(self, text: str, spoken: str, by_heart: bool) -> tuple[Ranked, ...]:
        shares, support = self._scored(text, spoken)
        exact = self._exact.get(text) if by_heart else None
        if not self._is_of_product(shares):  # then it is asked of none, and the articles have the rest to themselves
            shares = np.where(self._of_products, 0, shares) / shares[~self._of_products].sum()
        if exact is not None:
            shares, support = self._certain(shares, exact), float(exact in self.articles)
        order = np.argsort(-shares, kind="stable")
        ours = ((self._ids[i], float(shares[i])) for i in order.tolist() if self._ids[i] in self.articles)
        return tuple(Ranked(faq_id, share, support) for faq_id, share in ours)

    def of_product(self, question: str) -> str | None:
        """What is asked of a product, by the name it was given; None where less than half speaks for any of it."""
        text = _shortened(bare(question))
        if not text or not self._of_products.any():
            return None
        exact = self._exact.get(text)
        if exact is not None:
            return exact.removeprefix(CHATTER) or None if exact.startswith(CHATTER) else None
        shares, _ = self._scored(text, _spoken(question, text))
        likeliest = int(np.where(self._of_products, shares, 0).argmax())
        return self._ids[likeliest].removeprefix(CHATTER) if self._is_of_product(shares) else None

    def _is_of_product(self, shares: Scores) -> bool:
        return bool(shares[self._of_products].sum() >= LEAST_OF_PRODUCT)

    def _score(self, text: str, spoken: str) -> tuple[Scores, float]:
        return self._scores(text, self._features.vectors([spoken]))

    def _scores(self, text: str, vectors: Vectors | None) -> tuple[Scores, float]:
        shared = self._best(self._bm25.scores(text))
        total = np.log(self._probabilities(text, vectors) + 1e-6) + BM25_WEIGHT * shared
        if vectors is None or self._vectors is None:
            return softmax(total), self._support(np.sqrt(shared))
        cosines = (self._vectors @ vectors[0]).astype(np.float64)
        total += NEAREST_WEIGHT * self._mean_of_nearest(cosines)
        return softmax(total), self._support(np.maximum(self._best(cosines), shared))

    def _support(self, nearness: Scores) -> float:
        """The nearest of the articles; chatter, the last class, does not count.

        Without sentence vectors the root of BM25 stands in: it has about the range of the cosines.
        """
        nearest = float(nearness[: len(self.articles)].max())
        return min(max(nearest, 0.0), 1.0)

    def _probabilities(self, text: str, vectors: Vectors | None) -> Scores:
        if self._learnt is None:
            return np.ones(len(self._ids))
        return self._learnt.shares(self._features, text, vectors)

    def _best(self, scores: Scores) -> Scores:
        """The best of each article's wordings."""
        best: Scores = np.maximum.reduceat(scores, self._starts)
        return best

    def _mean_of_nearest(self, scores: Scores) -> Scores:
        """Of all topics at once. Wordings stand by topic: set `APART`, one sort of all leaves each topic in its place,
        within it the nearest last (0.02 ms; by two keys 0.26)."""
        nearest = np.sort(scores + APART * self._topic)[self._last] - APART * self._topic[self._last]
        return np.asarray(np.where(self._is_own, nearest, 0.0).sum(axis=1) / self._is_own.sum(axis=1))

    def _certain(self, shares: Scores, faq_id: str) -> Scores:
        raised = shares * 0.01
        raised[self._ids.index(faq_id)] += 0.99
        return raised


def _wordings(articles: Sequence[Article]) -> dict[str, tuple[str, ...]]:
    return {article.id: article.spoken() for article in sorted(articles, key=lambda article: article.id)}


def _unclaimed(chatter: Sequence[str], spoken: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Chatter, each once; what an editor made a wording of an article is chatter no more."""
    claimed = {text for texts in spoken.values() for text in texts}
    return tuple(text for text in dict.fromkeys(map(bare, chatter)) if text not in claimed)


def _spoken(question: str, text: str) -> str:
    """What the sentence vector is of: a question of usual length as it was said, since the dialogue worker has encoded
    just that. Without its signs (`text`) the ranking is the same: of 591 questions 403 and 158 are answered either way.
    """
    return normalise_clauses(question).strip(AROUND) if len(text) < LONGEST_QUESTION else text


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_QUESTION:
        return text
    half = LONGEST_QUESTION // 2
    return text[:half] + text[-half:]
