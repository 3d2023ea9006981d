"""Turns in context by writers that nothing was learnt from: how well they are read, and which mistakes are not forgiven.

The floors lie a little below what was measured (docs/understanding.md).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.reading import HELD_OUT, Figures, Heard, exact, hear, measure
from bot.nlu.reader.turns import Turn, read_turns
from tests.nlu.conftest import ParseIn
from zhtext import normalise

TRAINED = Path("data/turns")
FEWEST_TURNS, FEWEST_WORDINGS, FEWEST_WRITERS, FEWEST_HELD_OUT = 10_000, 5_000, 8, 3


@pytest.fixture(scope="session")
def heard(parse_in: ParseIn) -> list[Heard]:
    """Every third held-out turn, read."""

    def read(turn: Turn) -> tuple[dict[str, str], dict[str, str]]:
        reading = parse_in(turn.said, turn.context)["reading"]
        return {act: one["polarity"] for act, one in reading["acts"].items()}, reading["values"]

    return hear(read_turns(HELD_OUT)[::3], read)


@pytest.fixture(scope="session")
def figures(heard: list[Heard]) -> Figures:
    return measure(heard)


def test_the_data_decides_and_whole_writers_are_held_out() -> None:
    ours, theirs = read_turns(TRAINED), read_turns(HELD_OUT)
    writers = {turn.writer for turn in ours}
    assert len(ours) >= FEWEST_TURNS
    assert len({normalise(turn.said) for turn in ours}) >= FEWEST_WORDINGS
    assert len(writers) >= FEWEST_WRITERS
    assert len({turn.writer for turn in theirs}) >= FEWEST_HELD_OUT
    assert writers.isdisjoint(turn.writer for turn in theirs)


def test_the_most_important_act_is_mostly_right(figures: Figures) -> None:
    assert figures.primary >= 0.76
    assert figures.micro >= 0.74
    assert figures.macro >= 0.66


def test_denials_are_heard_and_nothing_denied_is_started(figures: Figures) -> None:
    assert figures.negation >= 0.65
    assert figures.denied[0] <= 1


def test_little_is_taken_for_an_answer_that_is_none(figures: Figures) -> None:
    taken, no_answers = figures.taken
    assert taken / no_answers <= 15 / 85


def test_danger_is_heard_and_rarely_invented(figures: Figures) -> None:
    assert figures.danger_recall >= 0.9
    assert figures.danger_invented <= 0.02


def test_values_are_found_as_written(heard: list[Heard], figures: Figures) -> None:
    assert figures.names >= 0.7
    assert {slot: exact(heard, slot) >= 0.6 for slot in ("phone", "order", "product", "time")} == dict.fromkeys(
        ("phone", "order", "product", "time"), True
    )


def test_without_a_context_a_first_sentence_is_read(parse_in: ParseIn) -> None:
    reading = parse_in("不用转人工，我就问运费谁出", None)["reading"]
    assert reading["acts"].get("person", {}).get("polarity") != "+"
