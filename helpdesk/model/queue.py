"""The queue's order and the honest estimate (service standard D2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from helpdesk.model.conversation import RANK, Priority

AGEING_STEP = timedelta(minutes=10)
"""Waiting this long lifts a customer by one rank; nobody is lifted past a safety matter."""

FEWEST_SAMPLES = 3
"""An estimate from fewer handling times would be a guess, and is not given."""

SHORTEST_ESTIMATE_S = 60


@dataclass(frozen=True)
class Waiting:
    """One place in the queue."""

    conversation_id: str
    priority: Priority
    since: datetime


def effective_rank(priority: Priority, since: datetime, now: datetime) -> int:
    """The rank after ageing: 0 is served first. Only a safety matter ever has 0."""
    if priority is Priority.SAFETY:
        return RANK[Priority.SAFETY]
    lifted = int(max(now - since, timedelta()) / AGEING_STEP)
    return max(RANK[Priority.URGENT], RANK[priority] - lifted)


def in_order(waiting: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """First to be served first: rank after ageing, then who has waited longest."""
    return sorted(waiting, key=lambda w: (effective_rank(w.priority, w.since, now), w.since, w.conversation_id))


def position_of(conversation_id: str, waiting: Iterable[Waiting], now: datetime) -> int:
    """The 1-based place of a conversation; 0 when it does not wait."""
    order = [w.conversation_id for w in in_order(waiting, now)]
    return order.index(conversation_id) + 1 if conversation_id in order else 0


def estimate_s(position: int, free_places: int, capacity: int, handling_s: Sequence[float]) -> int | None:
    """Seconds until the customer at `position` is served, or None when nobody can honestly say.

    Those in front fill the free places first; the rest wait for a place to come free, which happens
    `capacity` times in one typical (median) handling time.
    """
    if capacity < 1 or len(handling_s) < FEWEST_SAMPLES:
        return None
    behind = max(0, position - free_places)
    return max(SHORTEST_ESTIMATE_S, round(behind * median(handling_s) / capacity))
