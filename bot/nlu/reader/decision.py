"""From probabilities to a reading: the most important act first, each with one polarity.

What would do harm when it is wrong has its own bound: storing what is no answer, starting what is denied, missing
danger. Bounds are fitted on writers that the model has not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator, Mapping, Sequence

from bot.nlu.reader.labels import NOTHING, STARTING
from bot.nlu.reader.model import Scores

DEFAULT = 0.5
NEAR_MISS = 0.15
# A denial this many times as unlikely as the wish still forbids to start it.
DENIAL_SHARE = 0.5
ANSWER = "answer"
# Labels that are never given below their bound, even where they are likelier than any other.
STRICT = frozenset({ANSWER, "danger", "injury"})
# Of the non-answers at fields, and of the harmless turns, as many may pass.
ANSWERS_TAKEN, DANGER_INVENTED = 0.10, 0.012
_LEAST, _MOST = 0.25, 0.75


@dataclass(frozen=True)
class Bounds:
    """From which probability a label is given, `DEFAULT` where none was fitted."""

    labels: Mapping[str, float] = field(default_factory=dict)

    def passes(self, label: str, scores: Scores) -> bool:
        """Whether the label is likely enough."""
        return scores.present.get(label, 0.0) >= self.labels.get(label, DEFAULT)


@dataclass(frozen=True)
class Decision:
    """Labels with their probabilities, the most important first; `maybe` are the near misses; `sure` 0..1."""

    labels: Mapping[str, float]
    maybe: Mapping[str, float]
    sure: float


def act_of(label: str) -> str:
    """`refund` of `refund-`."""
    return label.removesuffix("-")


def polarity_of(label: str) -> str:
    """`-` of `refund-`."""
    return "-" if label.endswith("-") else "+"


def decide(scores: Scores, bounds: Bounds) -> Decision:
    """The reading of one turn."""
    first, sure = _first(scores, bounds)
    chosen = _one_polarity([*_given(first), *_others(scores, bounds, first)])
    labels = {label: scores.present.get(label, 0.0) for label in chosen}
    acts = {act_of(label) for label in chosen}
    near = {
        label: chance
        for label, chance in sorted(scores.present.items(), key=lambda one: -one[1])
        if chance >= NEAR_MISS and act_of(label) not in acts
    }
    return Decision(labels, near, sure)


def _first(scores: Scores, bounds: Bounds) -> tuple[str, float]:
    """The likeliest label that is allowed, with its probability."""
    ranking = sorted(scores.primary.items(), key=lambda one: -one[1])
    return next((one for one in ranking if _is_allowed(one[0], scores, bounds)), (NOTHING, 0.0))


def _is_allowed(label: str, scores: Scores, bounds: Bounds) -> bool:
    if label in STRICT and not bounds.passes(label, scores):
        return False
    return not is_denied(label, scores)


def is_denied(label: str, scores: Scores) -> bool:
    """Whether the label would start something that the customer may be denying."""
    denial = scores.present.get(f"{label}-", 0.0)
    return label in STARTING and denial > DENIAL_SHARE * scores.present.get(label, 0.0)


def _given(first: str) -> list[str]:
    return [] if first == NOTHING else [first]


def _others(scores: Scores, bounds: Bounds, first: str) -> list[str]:
    """What else is said, the likeliest first; beside nothing only danger counts."""
    likely = [label for label in scores.present if bounds.passes(label, scores) and not is_denied(label, scores)]
    if first == NOTHING:
        likely = [label for label in likely if act_of(label) in STRICT]
    return sorted(likely, key=lambda label: -scores.present[label])


def _one_polarity(labels: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for label in labels:
        if act_of(label) not in seen:
            seen.add(act_of(label))
            yield label


# -- fitting ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """A turn of a writer the model has not read: its scores, its true labels, whether a field was asked for."""

    scores: Scores
    labels: Sequence[str]
    is_field: bool


def fit_bounds(judged: Sequence[Judged]) -> Bounds:
    """For each label the bound with the best F1; for answers and danger the one within its budget of mistakes."""
    names = {label for one in judged for label in one.scores.present}
    labels = {name: _best_f1([(one.scores.present[name], name in one.labels) for one in judged]) for name in names}
    for name, budget, rows in (
        (ANSWER, ANSWERS_TAKEN, [one for one in judged if one.is_field]),
        ("danger", DANGER_INVENTED, judged),
        ("injury", DANGER_INVENTED, judged),
    ):
        if name in names:
            labels[name] = _within([one.scores.present[name] for one in rows if name not in one.labels], budget)
    return Bounds({name: round(bound, 3) for name, bound in sorted(labels.items())})


def _best_f1(rows: Sequence[tuple[float, bool]]) -> float:
    """Between `_LEAST` and `_MOST`, drawn half way to `DEFAULT`: with few examples the best bound is luck."""
    best, best_score, hits = DEFAULT, 0.0, 0
    total = sum(true for _, true in rows)
    for count, (chance, true) in enumerate(sorted(rows, reverse=True), start=1):
        hits += true
        score = 2 * hits / (count + total)
        if score > best_score:
            best, best_score = chance, score
    return (min(max(best, _LEAST), _MOST) + DEFAULT) / 2


def _within(false: Sequence[float], budget: float) -> float:
    """The lowest bound that at most a share `budget` of these passes; never below .05."""
    ordered = sorted(false, reverse=True)
    return max(ordered[min(int(len(ordered) * budget), len(ordered) - 1)] + 1e-3, 0.05) if ordered else DEFAULT
