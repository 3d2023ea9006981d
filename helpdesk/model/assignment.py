"""Who is asked to serve which waiting customer, and why (service standard D2). Nobody who waits is left to starve:
a customer goes to others than the best fitting after a while, and one whom nobody can serve yet stands in nobody's way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.model.conversation import Priority
from helpdesk.model.moments import LONG_AGO
from helpdesk.model.queue import Waiting, in_order

ASK_AGAIN = timedelta(seconds=60)
"""So long nobody is asked again about a customer whom they passed on."""


class Mode(StrEnum):
    """How waiting customers get to staff."""

    PULL = "pull"  # staff take whom they choose; only who was asked for by name is asked
    AUTOMATIC = "automatic"  # each customer is offered to one person after the other


class Why(StrEnum):
    """The reason of an offer, the strongest first."""

    ASKED_FOR = "asked_for"
    SAME_PERSON = "same_person"
    SKILL = "skill"
    DEPARTMENT = "department"
    OVERFLOW = "overflow"  # who fits had no room for too long, or none who fits is there


@dataclass(frozen=True)
class Seat:
    """Somebody on duty. `load`: customers served now; `rank`: 0 is asked before all others, who only help out."""

    staff_id: str
    department: str
    skills: Set[str]
    capacity: int
    load: int
    rank: int = 0
    is_asked: bool = False
    has_missed: bool = False
    last_given: datetime = LONG_AGO

    @property
    def is_free(self) -> bool:
        """Whether one more fits; somebody is asked about one customer at a time."""
        return self.load < self.capacity and not self.is_asked


@dataclass(frozen=True)
class Need:
    """A customer who waits. `asked`: who was asked about them already, and when; `barred`: who must not serve them."""

    place: Waiting
    department: str | None = None
    skill: str | None = None
    wished: str | None = None
    last_staff: str | None = None
    asked: Mapping[str, datetime] = field(default_factory=dict)
    barred: Set[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """The company's choice (company/assignment.yml)."""

    mode: Mode
    overflow: timedelta


@dataclass(frozen=True)
class Chosen:
    """One person for one customer."""

    conversation_id: str
    staff_id: str
    why: Why


def distribute(needs: Iterable[Need], seats: Iterable[Seat], rules: Rules, now: datetime) -> list[Chosen]:
    """Who is to be asked now, in the queue's order; customers for whom there is nobody yet are left out."""
    by_id = {need.place.conversation_id: need for need in needs}
    there = {seat.staff_id: seat for seat in seats}
    found = []
    for place in in_order([need.place for need in by_id.values()], now):
        chosen = choose(by_id[place.conversation_id], there.values(), rules, now)
        if chosen is not None:
            there[chosen.staff_id] = replace(there[chosen.staff_id], is_asked=True)
            found.append(chosen)
    return found


def choose(need: Need, seats: Iterable[Seat], rules: Rules, now: datetime) -> Chosen | None:
    """The person to ask about this customer; None: nobody yet."""
    there = [seat for seat in seats if seat.staff_id not in need.barred]
    may_go_on = rules.mode is Mode.AUTOMATIC
    for why, group in _groups(need, there):
        if why is Why.OVERFLOW and not _overflows(need, there, rules, now):
            return None
        best = _best(need, group, now)
        if best is not None:
            return Chosen(need.place.conversation_id, best.staff_id, why)
        if why is Why.ASKED_FOR and (not may_go_on or (group and _waits_for_wished(need, rules, now))):
            return None
    return None


def _groups(need: Need, there: list[Seat]) -> Iterator[tuple[Why, list[Seat]]]:
    yield Why.ASKED_FOR, [seat for seat in there if seat.staff_id == need.wished]
    yield Why.SAME_PERSON, [seat for seat in there if seat.staff_id == need.last_staff]
    yield Why.SKILL, [seat for seat in there if need.skill in seat.skills]
    yield Why.DEPARTMENT, [seat for seat in there if seat.department == need.department]
    yield Why.OVERFLOW, there


def _waits_for_wished(need: Need, rules: Rules, now: datetime) -> bool:
    """Whom a customer asks for by name has a while to become free; a danger waits for nobody."""
    return need.place.priority is not Priority.SAFETY and now - need.place.since < rules.overflow


def _overflows(need: Need, there: list[Seat], rules: Rules, now: datetime) -> bool:
    """Whether anybody may be asked: nobody here fits better, it is urgent enough, or the wait was long enough."""
    fits = any(need.skill in seat.skills or seat.department == need.department for seat in there)
    return not fits or need.place.priority is Priority.SAFETY or now - need.place.since >= rules.overflow


def _best(need: Need, group: list[Seat], now: datetime) -> Seat | None:
    """The least loaded of those who are free and did not just pass this customer on."""
    free = [seat for seat in group if seat.is_free and now - need.asked.get(seat.staff_id, LONG_AGO) >= ASK_AGAIN]
    return min(free, key=lambda seat: _order(need, seat), default=None)


def _order(need: Need, seat: Seat) -> tuple[datetime, bool, int, float, datetime, str]:
    asked = need.asked.get(seat.staff_id, LONG_AGO)
    return asked, seat.has_missed, seat.rank, seat.load / seat.capacity, seat.last_given, seat.staff_id
