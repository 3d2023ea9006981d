"""What is measured of the work, and how figures are made of single facts. Pure; days and rows come from elsewhere.

A fact happened on one day and is counted there and nowhere else, so that a day that is over keeps its figures: a
ticket that was closed yesterday and is opened again today is one closed yesterday and one reopened today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

WINDOW_DAYS = 7
"""Whoever comes again within so many days comes about the same thing."""
NOBODY = ""
"""The key of what has no person, department or category."""


class Shown(StrEnum):
    """What is told of a measure's values."""

    COUNT = "count"
    TIME = "time"  # seconds: median and p90
    NUMBER = "number"  # median and p90
    SHARE = "share"  # values are 0 or 1
    MEAN = "mean"


class By(StrEnum):
    """What facts are told apart by."""

    DAY = "day"
    STAFF = "staff"
    DEPARTMENT = "department"
    CHANNEL = "channel"
    CATEGORY = "category"


class Measure(StrEnum):
    """What is measured."""

    CONTACTS = "contacts"
    BOT_ALONE = "bot_alone"
    HANDED_OVER = "handed_over"
    FIRST_CONTACT = "first_contact"
    REPEATED = "repeated"
    TO_PERSON = "to_person"
    TO_FIRST_WORD = "to_first_word"
    GIVEN_UP = "given_up"
    REGISTERED = "registered"
    TO_FIRST_CALL = "to_first_call"
    TO_RESULT = "to_result"
    IN_TIME = "in_time"
    CLOSED = "closed"
    ROUNDS = "rounds"
    REOPENED = "reopened"
    PROMISES_KEPT = "promises_kept"
    SATISFIED = "satisfied"
    SCORE = "score"
    RESULT_SCORE = "result_score"
    SETTLED_BY_BOT = "settled_by_bot"
    ASKED_FOR_PERSON = "asked_for_person"
    LEFT_WAITING = "left_waiting"
    SERVED = "served"
    HANDED_ON = "handed_on"
    LEFT_MATTER = "left_matter"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


SHOWN: Mapping[Measure, Shown] = {
    Measure.CONTACTS: Shown.COUNT,
    Measure.BOT_ALONE: Shown.SHARE,
    Measure.HANDED_OVER: Shown.SHARE,
    Measure.FIRST_CONTACT: Shown.SHARE,
    Measure.REPEATED: Shown.SHARE,
    Measure.TO_PERSON: Shown.TIME,
    Measure.TO_FIRST_WORD: Shown.TIME,
    Measure.GIVEN_UP: Shown.SHARE,
    Measure.REGISTERED: Shown.COUNT,
    Measure.TO_FIRST_CALL: Shown.TIME,
    Measure.TO_RESULT: Shown.TIME,
    Measure.IN_TIME: Shown.SHARE,
    Measure.CLOSED: Shown.COUNT,
    Measure.ROUNDS: Shown.NUMBER,
    Measure.REOPENED: Shown.COUNT,
    Measure.PROMISES_KEPT: Shown.SHARE,
    Measure.SATISFIED: Shown.SHARE,
    Measure.SCORE: Shown.MEAN,
    Measure.RESULT_SCORE: Shown.MEAN,
    Measure.SETTLED_BY_BOT: Shown.TIME,
    Measure.ASKED_FOR_PERSON: Shown.TIME,
    Measure.LEFT_WAITING: Shown.TIME,
    Measure.SERVED: Shown.TIME,
    Measure.HANDED_ON: Shown.TIME,
    Measure.LEFT_MATTER: Shown.TIME,
    Measure.ACCEPTED: Shown.TIME,
    Measure.NOT_ACCEPTED: Shown.TIME,
    Measure.CONCLUDED: Shown.TIME,
    Measure.WITHDRAWN: Shown.TIME,
}
STEPS_ONLY = frozenset(
    {
        Measure.SETTLED_BY_BOT,
        Measure.ASKED_FOR_PERSON,
        Measure.LEFT_WAITING,
        Measure.SERVED,
        Measure.HANDED_ON,
        Measure.LEFT_MATTER,
        Measure.ACCEPTED,
        Measure.NOT_ACCEPTED,
        Measure.CONCLUDED,
        Measure.WITHDRAWN,
    }
)
"""What the service blueprint alone tells (helpdesk/model/blueprint.py)."""
TOLD = tuple(measure for measure in Measure if measure not in STEPS_ONLY)
"""What reports tell, in order."""
LISTED = frozenset({Shown.TIME, Shown.NUMBER})
"""Kept value by value, for medians of days cannot be added up; of the others sum and number are enough."""


@dataclass(frozen=True)
class Fact:
    """One thing that happened: `value` seconds, points, or 0 or 1; `subject` is the id of its `kind` of row."""

    measure: Measure
    value: int
    at: datetime
    kind: str  # conversation | ticket | promise
    subject: str
    staff: str = NOBODY
    department: str = NOBODY
    channel: str = NOBODY
    category: str = NOBODY

    def key(self, by: By) -> str:
        """What it is told apart by; of one day, nothing."""
        return NOBODY if by is By.DAY else str(getattr(self, by.value))


Cell = Mapping[Measure, Sequence[int]]
"""Of each measure its values (`LISTED`), else sum and number of them; a measure without a fact is not in it."""


@dataclass(frozen=True)
class Figure:
    """What is told of a measure: of how many facts, and their median and p90 (times and numbers), mean (scores) or
    share (0 to 1, as `mean`); None where nothing is."""

    count: int
    median: int | None = None
    p90: int | None = None
    mean: float | None = None


NOTHING = Figure(0)


def cell_of(facts: Iterable[Fact]) -> dict[Measure, list[int]]:
    """Facts put together."""
    found: dict[Measure, list[int]] = {}
    for fact in facts:
        _add(found, fact.measure, [fact.value] if SHOWN[fact.measure] in LISTED else [fact.value, 1])
    return found


def together(cells: Iterable[Cell]) -> dict[Measure, list[int]]:
    """Several cells as one."""
    found: dict[Measure, list[int]] = {}
    for cell in cells:
        for measure, values in cell.items():
            _add(found, measure, values)
    return found


def _add(found: dict[Measure, list[int]], measure: Measure, values: Sequence[int]) -> None:
    held = found.get(measure)
    if held is None:
        found[measure] = list(values)
    elif SHOWN[measure] in LISTED:
        held += values
    else:
        held[0] += values[0]
        held[1] += values[1]


def by_key(facts: Iterable[Fact], by: By) -> dict[str, dict[Measure, list[int]]]:
    """Facts put together by what they are told apart by."""
    parts: dict[str, list[Fact]] = {}
    for fact in facts:
        parts.setdefault(fact.key(by), []).append(fact)
    return {key: cell_of(part) for key, part in parts.items()}


def figure(cell: Cell, measure: Measure) -> Figure:
    """What is told of one measure; nothing happened: a count of 0, and no share, which would be a lie."""
    values = cell.get(measure)
    if not values:
        return NOTHING
    if SHOWN[measure] in LISTED:
        ordered = sorted(values)
        return Figure(len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.9))
    total, count = values
    return Figure(count, mean=total / count if count and SHOWN[measure] is not Shown.COUNT else None)


def quantile(ordered: Sequence[int], part: float) -> int | None:
    """The nearest rank: the smallest value that at least this part of all does not exceed. None of nothing."""
    return ordered[max(0, ceil(part * len(ordered)) - 1)] if ordered else None
