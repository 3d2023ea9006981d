"""SERVQUAL in short: of five dimensions of service what a customer expects and what they got; the gap is the second
less the first (Parasuraman, Zeithaml and Berry, 1988). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LOWEST, HIGHEST, BAD = 1, 5, 2


class Dimension(StrEnum):
    """What service is judged by."""

    TANGIBLES = "tangibles"
    RELIABILITY = "reliability"
    RESPONSIVENESS = "responsiveness"
    ASSURANCE = "assurance"
    EMPATHY = "empathy"


Scores = Mapping[str, Sequence[int]]
"""Dimension -> what was expected and what was perceived, each 1 to 5."""


@dataclass(frozen=True)
class Gap:
    """Of so many answers the mean expectation, the mean perception and their difference; None of no answer."""

    count: int
    expected: float | None = None
    perceived: float | None = None
    gap: float | None = None


def is_whole(scores: Scores) -> bool:
    """Every dimension has both its scores, and nothing else is there."""
    pairs = list(scores.values())
    return set(scores) == set(Dimension) and all(_is_pair(one) for one in pairs)


def _is_pair(pair: Sequence[int]) -> bool:
    return len(pair) == 2 and all(LOWEST <= one <= HIGHEST for one in pair)


def perceived_mean(scores: Scores) -> float:
    """What somebody thinks of us in all."""
    return sum(got for _, got in scores.values()) / len(scores)


def gaps(answers: Iterable[Scores]) -> dict[Dimension, Gap]:
    """The gap of each dimension over all answers."""
    all_of_them = list(answers)
    return {one: _gap([scores[one] for scores in all_of_them if one in scores]) for one in Dimension}


def overall(parts: Mapping[Dimension, Gap]) -> Gap:
    """All dimensions as one: the plain mean of theirs, for each was asked of everybody."""
    told = [one for one in parts.values() if one.expected is not None and one.perceived is not None]
    if not told:
        return Gap(0)
    expected = sum(one.expected or 0 for one in told) / len(told)
    perceived = sum(one.perceived or 0 for one in told) / len(told)
    return Gap(max(one.count for one in told), expected, perceived, perceived - expected)


def _gap(pairs: Sequence[Sequence[int]]) -> Gap:
    if not pairs:
        return Gap(0)
    expected, perceived = (sum(pair[at] for pair in pairs) / len(pairs) for at in (0, 1))
    return Gap(len(pairs), expected, perceived, perceived - expected)
