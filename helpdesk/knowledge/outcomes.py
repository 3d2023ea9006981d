"""What comes of a question: an answer, suggestions to choose from, or nothing.

"No answer" cannot be decided sharply (understanding.md), so between sure and unsure there are suggestions.
The limits are fitted on tests/unit/faq_heldout.yml: at ANSWER_SCORE about one direct answer in a hundred is
wrong; below LEAST_SURENESS fall nine of ten pieces of chatter and one question in a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.knowledge.ranking import Ranked

__all__ = ["Answer", "Nothing", "Outcome", "Suggest", "decide"]

ANSWER_SCORE = 0.6
LEAST_SURENESS = 0.2
ANSWER_SURENESS = 0.3
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """This article answers the question."""

    faq_id: str


@dataclass(frozen=True, slots=True)
class Suggest:
    """One of these, the likeliest first, or none of them."""

    faq_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """We have no article for it: rephrase once, then a person."""


Outcome = Answer | Suggest | Nothing


def decide(ranked: Sequence[Ranked]) -> Outcome:
    """The outcome of a ranking, the likeliest first."""
    if not ranked or ranked[0].sureness < LEAST_SURENESS:
        return Nothing()
    best = ranked[0]
    if best.score >= ANSWER_SCORE and best.sureness >= ANSWER_SURENESS:
        return Answer(best.faq_id)
    return Suggest(tuple(hit.faq_id for hit in ranked[:MOST_SUGGESTIONS]))
