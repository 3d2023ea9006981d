"""The service blueprint (G4): where customers come in, go on, wait and drop out. Each step is a measure of the reports.

Steps are counted on the day on which they happened, so that what goes in and what comes out need not be equal: who
registered a matter on Monday gets its result on Wednesday.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.model.report import Cell, Figure, Measure, figure


class Place(StrEnum):
    """Where a customer, or their matter, is."""

    BOT = "bot"
    SETTLED = "settled"
    WAITING = "waiting"
    GONE = "gone"
    PERSON = "person"
    SERVED = "served"
    HANDED_ON = "handed_on"
    MATTER = "matter"
    RESULT = "result"
    ACCEPTED = "accepted"
    AGAIN = "again"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Step:
    """From one place to the next; `lost`: there the customer drops out."""

    before: Place
    after: Place
    measure: Measure
    lost: bool = False


STEPS: Sequence[Step] = (
    Step(Place.BOT, Place.SETTLED, Measure.SETTLED_BY_BOT),
    Step(Place.BOT, Place.WAITING, Measure.ASKED_FOR_PERSON),
    Step(Place.BOT, Place.MATTER, Measure.LEFT_MATTER),
    Step(Place.WAITING, Place.PERSON, Measure.TO_PERSON),
    Step(Place.WAITING, Place.GONE, Measure.LEFT_WAITING, lost=True),
    Step(Place.PERSON, Place.SERVED, Measure.SERVED),
    Step(Place.PERSON, Place.HANDED_ON, Measure.HANDED_ON),
    Step(Place.MATTER, Place.RESULT, Measure.TO_RESULT),
    Step(Place.MATTER, Place.WITHDRAWN, Measure.WITHDRAWN, lost=True),
    Step(Place.RESULT, Place.ACCEPTED, Measure.ACCEPTED),
    Step(Place.RESULT, Place.AGAIN, Measure.NOT_ACCEPTED),
    Step(Place.RESULT, Place.CONCLUDED, Measure.CONCLUDED, lost=True),
)
"""In the order in which a customer goes through them."""


@dataclass(frozen=True)
class Blueprint:
    """Customers who came, by channel, and each step with how many took it and how long it lasted (seconds)."""

    came: Mapping[str, int]
    steps: Sequence[tuple[Step, Figure]]


def blueprint(total: Cell, by_channel: Mapping[str, Cell]) -> Blueprint:
    """Drawn from the figures of a span of days."""
    came = {channel: figure(cell, Measure.CONTACTS).count for channel, cell in by_channel.items()}
    return Blueprint(
        {channel: count for channel, count in came.items() if count},
        [(step, figure(total, step.measure)) for step in STEPS],
    )
