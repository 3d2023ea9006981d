"""How well turns are read in their context: on writers who taught nothing (tests/nlu/turns/).

Three writers wrote of everything; `mo` wrote only what is hard: dangers, what sounds like one, names, and what is no
answer at a field; `ren` and `yin` of dangers, what sounds like one, and names (`make bench-reading` measures them).
`pei` examines the shades of meaning. The floors are a little under what was measured (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.nlu.conftest import Read  # prepares Rasa before anything of it is imported

from bot.nlu.reader.alarm import read_dangers  # isort: skip
from bot.nlu.reader.labels import NOTHING, STARTING  # isort: skip
from bot.nlu.reader.shades import read_shades  # isort: skip
from bot.nlu.reader.turns import Context, Turn, read_turns  # isort: skip

EVERY = 4
FOLDER = Path(__file__).parent / "turns"
HARD = "mo"
FRESH = ("ren", "yin")
SHADES = Path(__file__).parent / "shades"
DANGERS = Path(__file__).parent / "dangers"


LEAST_HEARD, MOST_INVENTED = 0.78, 0.08


class Reading(NamedTuple):
    """A turn with its acts as read, the most important first, and its values."""

    turn: Turn
    acts: dict[str, str]
    values: dict[str, str]


def readings_of(read: Read, said: Sequence[tuple[Context, str]]) -> list[dict[str, Any]]:
    return read([{"asked": of.asked, "topic": of.topic, "bot": of.bot, "said": words} for of, words in said])


def read_as(read: Read, turns: Sequence[Turn]) -> list[Reading]:
    found = readings_of(read, [(one.context, one.said) for one in turns])
    acts = [{act: heard["polarity"] for act, heard in one["acts"].items()} for one in found]
    return [Reading(*row) for row in zip(turns, acts, (one["values"] for one in found), strict=True)]


@pytest.fixture(scope="module")
def readings(read: Read) -> Sequence[Reading]:
    """Every fourth turn of the writers who wrote of everything."""
    return read_as(read, [turn for turn in read_turns(FOLDER) if turn.writer not in (HARD, *FRESH)][::EVERY])


@pytest.fixture(scope="module")
def hard(read: Read) -> Sequence[Reading]:
    """All turns of the one who wrote what is hard."""
    return read_as(read, [turn for turn in read_turns(FOLDER) if turn.writer == HARD])


def test_the_most_important_act_is_read(readings: Sequence[Reading]) -> None:
    right = [_first(one.turn.acts) == _first(one.acts) for one in readings]
    assert sum(right) / len(right) >= 0.75


def test_what_is_denied_is_hardly_ever_started(readings: Sequence[Reading], hard: Sequence[Reading]) -> None:
    denied = [one for one in (*readings, *hard) if any(one.turn.acts.get(act) == "-" for act in STARTING)]
    started = [
        one.turn.said
        for one in denied
        if any(one.turn.acts.get(act) == "-" and one.acts.get(act) == "+" for act in STARTING)
    ]
    assert len(denied) > 70
    assert len(started) / len(denied) <= 0.04, started


def test_danger_is_heard_and_not_invented(readings: Sequence[Reading]) -> None:
    assert _heard(readings, "danger") >= 0.92
    assert _invented(readings, "danger") <= 0.025


def test_danger_is_heard_where_it_is_hard_to_tell(hard: Sequence[Reading]) -> None:
    assert _heard(hard, "danger") >= 0.92
    assert _invented(hard, "danger") <= 0.02  # of turns most of which were made to sound like one


def test_danger_is_heard_in_a_voice_that_taught_nothing(read: Read) -> None:
    """Half of the lines were made to sound like one."""
    lines = read_dangers(DANGERS)
    found = readings_of(read, [(Context(), line.said) for line in lines])
    rings = [any(one["acts"].get(act, {}).get("polarity") == "+" for act in ("danger", "injury")) for one in found]
    heard = [ring for ring, line in zip(rings, lines, strict=True) if line.is_danger]
    invented = [ring for ring, line in zip(rings, lines, strict=True) if not line.is_danger]
    assert sum(heard) / len(heard) >= 0.86
    assert sum(invented) / len(invented) <= 0.12


def test_what_is_no_answer_is_rarely_taken_for_one(readings: Sequence[Reading], hard: Sequence[Reading]) -> None:
    for turns, most in ((readings, 0.16), (hard, 0.12)):
        others = [one for one in turns if one.turn.context.kind == "field" and "answer" not in one.turn.acts]
        assert sum("answer" in one.acts for one in others) / len(others) <= most


def test_names_are_found_as_they_were_written(readings: Sequence[Reading], hard: Sequence[Reading]) -> None:
    for turns, least in ((readings, 0.7), (hard, 0.72)):  # the goal is .85
        named = [one for one in turns if "name" in one.turn.values]
        assert sum(one.values.get("name") == one.turn.values["name"] for one in named) / len(named) >= least


def test_shades_of_meaning_are_told_from_what_only_looks_like_them(read: Read) -> None:
    lines = read_shades(SHADES)
    found = readings_of(read, [(one.context, one.said) for one in lines])
    told = [(one.is_meant, one.shade in reading["shades"]) for one, reading in zip(lines, found, strict=True)]
    heard, invented = ([has for meant, has in told if meant is wanted] for wanted in (True, False))
    assert sum(heard) / len(heard) >= LEAST_HEARD
    assert sum(invented) / len(invented) <= MOST_INVENTED


def _heard(turns: Sequence[Reading], act: str) -> float:
    real = [one.acts for one in turns if one.turn.acts.get(act) == "+"]
    return sum(acts.get(act) == "+" for acts in real) / len(real)


def _invented(turns: Sequence[Reading], act: str) -> float:
    others = [one.acts for one in turns if one.turn.acts.get(act) != "+"]
    return sum(acts.get(act) == "+" for acts in others) / len(others)


def _first(acts: Any) -> tuple[str, str]:
    return next(iter(acts.items()), (NOTHING, "+"))
