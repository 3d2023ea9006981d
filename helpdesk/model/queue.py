"""The queue's order and the honest estimate (service standard D2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from statistics import median

from helpdesk.model.conversation import RANK, Priority

AGEING_STEP = timedelta(minutes=10)
"""Waiting this long lifts a customer by one rank; nobody is lifted past a safety matter."""

FEWEST_SAMPLES = 3
"""An estimate from fewer of the last customers would be a guess, and is not given."""

SHORTEST_ESTIMATE_S = 60
STANDING_S = 120
"""Somebody has waited this long: free places are not being filled, and the line stands."""
HOUR_S = 3600


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


@dataclass(frozen=True)
class Pace:
    """How fast people are served now.

    `served`: conversations that those who are on duty ended within the last hour. `free`: how many more they may
    take. `taking_s`: seconds that the last customers waited until somebody took them.
    """

    on_duty: int
    free: int
    served: int
    taking_s: Sequence[float] = ()


def longest_ahead_s(conversation_id: str, waiting: Iterable[Waiting], now: datetime) -> int:
    """Seconds that whoever is served before this conversation has waited already, the longest of them."""
    ahead = takewhile(lambda one: one.conversation_id != conversation_id, in_order(waiting, now))
    return max((int((now - one.since).total_seconds()) for one in ahead), default=0)


def estimate_s(position: int, longest_s: int, pace: Pace) -> int | None:
    """Seconds until the customer at `position` is served, or None when nobody can honestly say.

    Where places are free and nobody ahead has waited long, it takes what taking took of late (median). In a line
    that stands it takes as long as those on duty need for all in front, at the rate of the last hour. It is never
    less than what somebody ahead, who waited `longest_s`, has waited already.
    """
    if pace.on_duty < 1:
        return None
    if position <= pace.free and longest_s <= STANDING_S:
        expected = median(pace.taking_s) if len(pace.taking_s) >= FEWEST_SAMPLES else None
    else:
        expected = position * HOUR_S / pace.served if pace.served >= FEWEST_SAMPLES else None
    return None if expected is None else max(SHORTEST_ESTIMATE_S, longest_s, round(expected))
