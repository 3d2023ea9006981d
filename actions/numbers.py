"""One of several numbers: 「一个2026…123 一个2026…456 是前面那个」, 「尾号456那个」, 「我说的是0800123的」.

A registered matter is told apart by the end of its number, too: 「0002那个」.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from actions.clauses import pieces
from actions.heard import Heard, Json
from helpdesk.company import Company
from zhtext import fold, normalise
from zhtext.questions import is_question
from zhtext.values import codes

GROUPS = {"order": ("order",), "phone": ("phone", "second_contact")}
"""Field -> the values that its numbers are told as."""
SHORTEST_PART, LONGEST_PART = 3, 10
"""Digits by which a number may be told apart."""


def one_meant(company: Company, heard: Heard) -> Heard:
    """The message with the number alone that it points at, of every kind of which it tells several."""
    for field, entities in GROUPS.items():
        told = [one for one in heard.entities if one["entity"] in entities and one.get("value")]
        numbers = list(dict.fromkeys(str(one["value"]).split("（")[0] for one in told))
        meant = pointed_at(company, heard, numbers) if len(numbers) > 1 else None
        heard = _with_only(heard, told, field, meant) if meant else heard
    return heard


def with_case(heard: Heard, numbers: Sequence[str]) -> Heard:
    """The message with the number of the one registered matter whose last digits stand alone in it: 「0002那个」."""
    if heard.is_press or "ticket" in heard.values:
        return heard
    taken = [(int(e.get("start") or 0), int(e["end"])) for e in heard.entities if isinstance(e.get("end"), int)]
    runs = (one for one in codes.last_digits_in(fold(heard.text)) if not any(a <= one.start() < b for a, b in taken))
    named = [(one, number) for one in runs if (number := _ending(one.group(), numbers))]
    if len(named) != 1:
        return heard
    [(said, number)] = named
    entity = {"entity": "ticket", "value": number, "start": said.start(), "end": said.end()}
    return replace(heard, entities=(*heard.entities, entity))


def others(heard: Heard, field: str, kept: object) -> list[str]:
    """The further numbers of a kind that a message tells beside the one that is kept, in its order."""
    told = (str(one["value"]) for one in heard.entities if one["entity"] == field and one.get("value"))
    return [one for one in dict.fromkeys(told) if one != str(kept)]


def _with_only(heard: Heard, told: Sequence[Json], field: str, meant: str) -> Heard:
    """The others are spoken of, and are none that is meant."""
    is_it = [one for one in told if str(one["value"]).startswith(meant)][:1]
    kept = (one for one in heard.entities if one not in told or one in is_it)
    return replace(heard, entities=tuple({**one, "entity": field} if one in is_it else one for one in kept))


def pointed_at(company: Company, heard: Heard, numbers: Sequence[str]) -> str | None:
    """Which of the numbers is meant, by its place or by a part of it; the last word counts. None where none says."""
    words = company.form_words
    clauses = (normalise(one) for one in pieces(heard.text))
    told = [one for one in clauses if not (is_question(one) or words.not_that.search(one))]
    meant = [number for one in told for number in _meant_by(company, one, numbers)]
    return meant[-1] if meant else None


def _meant_by(company: Company, clause: str, numbers: Sequence[str]) -> Iterator[str]:
    words = company.form_words
    if words.points_first.search(clause):
        yield numbers[0]
    elif words.points_second.search(clause):
        yield numbers[1]
    if words.points_part.search(clause):
        runs = ["".join(run) for is_digit, run in groupby(clause, str.isdigit) if is_digit]
        yield from (one for run in runs if (one := _ending(run, numbers)))


def _ending(digits: str, numbers: Sequence[str]) -> str | None:
    """The only one of the numbers that ends with these digits, where they are a part of it."""
    is_part = SHORTEST_PART <= len(digits) <= LONGEST_PART
    found = [one for one in numbers if one.endswith(digits)] if is_part else []
    return found[0] if len(found) == 1 else None
