"""A customer's file: its class, when it has to be looked through again, and who keeps it (F1, F4, F5)."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.model.moments import LONG_AGO

APART = timedelta(microseconds=1)
"""Files that are shared out in one moment are given one after the other, so that the turn is never in doubt."""


class Class(StrEnum):
    """What a customer is to the house."""

    SERVING = "serving"
    SERVED = "served"
    REFERRED = "referred"
    PROSPECTIVE = "prospective"


SAID = frozenset({Class.REFERRED, Class.PROSPECTIVE})
"""What staff can say of a customer; the others are what happened."""


def class_of(said: str | None, *, is_served: bool, was_served: bool) -> Class:
    """A matter that is open or over tells more than what was said of the customer before."""
    if is_served:
        return Class.SERVING
    if was_served:
        return Class.SERVED
    return Class.REFERRED if said == Class.REFERRED else Class.PROSPECTIVE


def is_stale(seen_at: datetime, reviewed_at: datetime | None, now: datetime, after: timedelta) -> bool:
    """Whether nobody has heard of the customer, and nobody has looked through the file, for `after`."""
    return max(seen_at, reviewed_at or LONG_AGO) <= now - after


@dataclass(frozen=True)
class Keeper:
    """Somebody who may keep files. `last_given`: when they got one last; `files`: how many they keep."""

    staff_id: str
    last_given: datetime | None = None
    files: int = 0


@dataclass(frozen=True)
class Given:
    """A file that somebody keeps from this moment on."""

    customer_id: str
    staff_id: str
    at: datetime


def share(files: Sequence[str], keepers: Iterable[Keeper], now: datetime) -> list[Given]:
    """Share new files out in the order in which they came: each goes to whoever got one longest ago.

    So nobody gets two while a colleague who is there waits for one, and who was away is not flooded afterwards.
    With nobody to keep them nothing is given.
    """
    waiting = [(one.last_given or LONG_AGO, one.files, one.staff_id) for one in keepers]
    heapq.heapify(waiting)
    given: list[Given] = []
    for nth, customer_id in enumerate(files if waiting else ()):
        _, count, staff_id = waiting[0]
        at = now + nth * APART
        heapq.heapreplace(waiting, (at, count + 1, staff_id))
        given.append(Given(customer_id, staff_id, at))
    return given
