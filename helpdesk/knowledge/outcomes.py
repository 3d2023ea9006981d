"""What comes of a question: an answer, suggestions to choose from, or nothing.

"No answer" cannot be decided sharply (understanding.md), so between sure and unsure there are suggestions.
The limits are fitted on tests/unit/faq_heldout.yml: at ANSWER_SCORE about one direct answer in a hundred is
wrong; below LEAST_SURENESS fall nine of ten pieces of chatter and one question in a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.knowledge.articles import Article
from helpdesk.knowledge.ranking import Ranked

__all__ = ["Answer", "Nothing", "Outcome", "Suggest", "is_sure", "is_unknown", "others_possible"]

ANSWER_SCORE = 0.65
ANSWER_SURENESS = 0.3
LEAST_SURENESS = 0.2
LEAST_SHARE = 0.45
"""All articles together: below this nearly everything speaks for what none of them answers. Of 1,400 questions that
one does answer one loses its suggestions by it, of 88 that none answers six; at .55 four and two more."""
MOST_SUGGESTIONS = 3
CERTAIN_SCORE = 0.92
POSSIBLE_SCORE = 0.08
"""Of the answers given below CERTAIN_SCORE one in eight is wrong, and then the right article is nearly always the next
one with at least POSSIBLE_SCORE: it is named beside the answer. Above, none of 780 was wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """This article answers the question; `suggestions` may have been meant instead."""

    article: Article
    suggestions: tuple[Article, ...] = ()

    @property
    def faq_ids(self) -> tuple[str, ...]:
        return (self.article.id,)


@dataclass(frozen=True, slots=True)
class Suggest:
    """One of these, the likeliest first, or none of them."""

    suggestions: tuple[Article, ...]
    article: None = None

    @property
    def faq_ids(self) -> tuple[str, ...]:
        return tuple(article.id for article in self.suggestions)


@dataclass(frozen=True, slots=True)
class Nothing:
    """We have no article for it: rephrase once, then a person."""

    suggestions: tuple[Article, ...] = ()
    article: None = None

    @property
    def faq_ids(self) -> tuple[str, ...]:
        return ()


Outcome = Answer | Suggest | Nothing
"""All three have `article`, `suggestions` and `faq_ids`, so a caller need not ask which it is."""


def is_unknown(ranked: Sequence[Ranked]) -> bool:
    """Whether a ranking, the likeliest first, is not worth a suggestion."""
    is_ours = bool(ranked) and sum(hit.score for hit in ranked) >= LEAST_SHARE
    return not is_ours or ranked[0].sureness < LEAST_SURENESS


def is_sure(ranked: Sequence[Ranked]) -> bool:
    """Whether the likeliest article may be given as the answer."""
    return bool(ranked) and ranked[0].score >= ANSWER_SCORE and ranked[0].sureness >= ANSWER_SURENESS


def others_possible(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The next articles after the likeliest that may have been meant; none when the first is certain."""
    first, *others = ranked[:MOST_SUGGESTIONS]
    return [hit for hit in others if hit.score >= POSSIBLE_SCORE] if first.score < CERTAIN_SCORE else []
