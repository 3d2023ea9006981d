"""From probabilities to a reading: the most important act first, each with one polarity.

What does harm when it is wrong is decided by more than the model: an answer that is stored has a higher bound, nothing
starts that the words deny (guard.py), and whether a danger is told is for a regression of its own (alarm.py) and the
company's words. The bounds were fitted on training writers whom the model had not read (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.reader.labels import NOTHING, STARTING
from bot.nlu.reader.model import Scores

ANSWER = "answer"
DANGERS = ("danger", "injury")
# A denial this many times as unlikely as the wish still forbids to start it.
DENIAL_SHARE = 0.5
# From which probability a danger is told, by the regression for dangers alone.
ALARM = 0.5
# The same where the company's words say so, unless the network is surer still that it is denied.
ALARM_SPOKEN_OF = 0.1
SURELY_DENIED = 0.8
# From which probability of the network's somebody is hurt, or in danger besides, where one of both is told.
HURT = 0.2
# What a clause by itself says beyond doubt.
SAID_OUTRIGHT = 0.95


@dataclass(frozen=True)
class Bounds:
    """From which probability a label is given: of an answer at a field, of what must not be missed, of all others."""

    present: float = 0.4
    answer: float = 0.55
    person: float = 0.25

    def of(self, label: str) -> float:
        """The bound of a label."""
        return self.person if act_of(label) in ("person", *DANGERS) else self.present


@dataclass(frozen=True)
class Words:
    """What is read of the same message beside the network: matters that are denied; `danger` and `injury` where the
    company's words speak of them; what a clause wishes for outright; how likely a danger is told, None if untaught."""

    denied: frozenset[str] = frozenset()
    dangers: frozenset[str] = frozenset()
    outright: tuple[str, ...] = ()
    alarm: float | None = None

    def tells_danger(self, scores: Scores) -> bool:
        """Whether a danger is told: surely enough, or in the company's words and not surely denied."""
        if self.alarm is not None and self.alarm >= ALARM:
            return True
        is_heard = self.alarm is None or self.alarm >= ALARM_SPOKEN_OF
        return bool(self.dangers) and is_heard and scores.present.get("danger-", 0.0) < SURELY_DENIED


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
    yield from DANGERS if not words.tells_danger(scores) else [f"{act}-" for act in DANGERS]
    for label in STARTING:
        if scores.present.get(f"{label}-", 0.0) > DENIAL_SHARE * scores.present.get(label, 0.0):
            yield label


def _found(scores: Scores, words: Words, bounds: Bounds) -> Mapping[str, float]:
    """By their probability, denied by the words although the model heard a wish, or told as a danger."""
    found = {label: chance for label, chance in scores.present.items() if chance >= bounds.of(label)}
    denied = {f"{act}-": found[act] for act in words.denied if act in found}
    return {**denied, **found, **_dangers(scores, words)}


def _dangers(scores: Scores, words: Words) -> Mapping[str, float]:
    """A danger that is told, or somebody hurt by one, or both."""
    if not words.tells_danger(scores):
        return {}
    sure = max(words.alarm or 0.0, ALARM)
    if "injury" not in words.dangers and scores.present.get("injury", 0.0) < HURT:
        return {"danger": sure}
    is_going_on = "danger" in words.dangers or scores.present.get("danger", 0.0) >= HURT
    return {"danger": sure, "injury": sure} if is_going_on else {"injury": sure}


def _one_polarity(labels: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for label in labels:
        if act_of(label) not in seen:
            seen.add(act_of(label))
            yield label
