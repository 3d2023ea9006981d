"""From probabilities to a reading: the most important act first, each with one polarity.

What does harm when it is wrong is decided by more than the model: an answer that is stored has a higher bound, nothing
starts that the words deny (guard.py), and a danger counts when the model or the company's words say so. The bounds were
fitted on training writers whom the model had not read (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.nlu.reader.labels import NOTHING, STARTING
from bot.nlu.reader.model import Scores

ANSWER = "answer"
# A denial this many times as unlikely as the wish still forbids to start it.
DENIAL_SHARE = 0.5
# The company's words for a danger count with this probability, unless the model is surer still that it is denied.
SPOKEN_OF = 0.5
SURELY_DENIED = 0.8
# Where the words know a sign and say that it is none here (气得冒火, 保不保漏电), the model has to be as sure as this.
LOOKS_ALIKE = 0.9
# What a clause by itself says beyond doubt.
SAID_OUTRIGHT = 0.95


@dataclass(frozen=True)
class Bounds:
    """From which probability a label is given: of an answer at a field, of what must not be missed, of all others."""

    present: float = 0.4
    answer: float = 0.55
    person: float = 0.25
    danger: float = 0.2

    def of(self, label: str) -> float:
        """The bound of a label."""
        if label in ("danger", "injury"):
            return self.danger
        return self.person if act_of(label) in ("person", "danger", "injury") else self.present


@dataclass(frozen=True)
class Words:
    """What rules read in the same message: matters that are denied; `danger` and `injury` where they are spoken
    of; what a clause wishes for outright; whether a sign of danger stands in it that is none."""

    denied: frozenset[str] = frozenset()
    dangers: frozenset[str] = frozenset()
    outright: tuple[str, ...] = ()
    only_sounds_dangerous: bool = False


def act_of(label: str) -> str:
    """`refund` of `refund-`."""
    return label.removesuffix("-")


def polarity_of(label: str) -> str:
    """`-` of `refund-`."""
    return "-" if label.endswith("-") else "+"


def decide(scores: Scores, words: Words, bounds: Bounds, *, at_field: bool) -> dict[str, float]:
    """Label -> probability, the most important first, no act twice."""
    forbidden = set(_forbidden(scores, words, bounds, at_field))
    allowed = {label: chance for label, chance in scores.primary.items() if label not in forbidden}
    first = max(allowed, key=lambda label: allowed[label], default=NOTHING)
    found = {label: chance for label, chance in _found(scores, words, bounds).items() if label not in forbidden}
    if first != NOTHING:
        found[first] = max(found.get(first, 0.0), scores.primary[first])
    said = [act for act in words.outright if act not in words.denied]
    found.update({act: max(found.get(act, 0.0), SAID_OUTRIGHT) for act in said})
    rank = {act: at for at, act in enumerate(said)}
    order = sorted(found, key=lambda label: (rank.get(label, len(said)), label != first, -found[label]))
    return {label: found[label] for label in _one_polarity(order)}


def _forbidden(scores: Scores, words: Words, bounds: Bounds, at_field: bool) -> Iterator[str]:
    if at_field and scores.present.get(ANSWER, 0.0) < bounds.answer:
        yield ANSWER
    yield from words.denied
    for label in STARTING:
        if scores.present.get(f"{label}-", 0.0) > DENIAL_SHARE * scores.present.get(label, 0.0):
            yield label


def _found(scores: Scores, words: Words, bounds: Bounds) -> Mapping[str, float]:
    """By their probability, denied by the words although the model heard a wish, or spoken of as a danger."""
    if words.only_sounds_dangerous:
        bounds = replace(bounds, danger=LOOKS_ALIKE)
    found = {label: chance for label, chance in scores.present.items() if chance >= bounds.of(label)}
    denied = {f"{act}-": found[act] for act in words.denied if act in found}
    dangers = {
        act: max(scores.present.get(act, 0.0), SPOKEN_OF)
        for act in words.dangers
        if scores.present.get(f"{act}-", 0.0) < SURELY_DENIED
    }
    return {**denied, **found, **dangers}


def _one_polarity(labels: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for label in labels:
        if act_of(label) not in seen:
            seen.add(act_of(label))
            yield label
