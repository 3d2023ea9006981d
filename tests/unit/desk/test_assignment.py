"""Who is asked to serve whom: the order of reasons, and that neither customers nor staff starve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from helpdesk.model.assignment import ASK_AGAIN, Chosen, Mode, Need, Rules, Seat, Why, choose, distribute
from helpdesk.model.conversation import Priority
from helpdesk.model.queue import Waiting

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
AUTOMATIC = Rules(Mode.AUTOMATIC, timedelta(seconds=60))
PULL = Rules(Mode.PULL, timedelta(seconds=60))


def seat(name: str, load: int = 0, **more: object) -> Seat:
    return replace(Seat(name, "service", frozenset(), capacity=3, load=load), **more)  # type: ignore[arg-type]


def need(name: str = "c", waited: float = 0, priority: Priority = Priority.NORMAL, **more: object) -> Need:
    return replace(Need(Waiting(name, priority, NOW - timedelta(seconds=waited))), **more)  # type: ignore[arg-type]


def asked(one: Need, seats: Iterable[Seat], rules: Rules = AUTOMATIC) -> tuple[str, Why] | None:
    found = choose(one, seats, rules, NOW)
    return (found.staff_id, found.why) if found else None


ALL = [
    seat("wished", 2, department="office"),
    seat("last", 2, department="office"),
    seat("skilled", 2, skills=frozenset({"returns"})),
    seat("near", 2),
    seat("idle", 0, department="office"),
]


@pytest.mark.parametrize(
    "gone, expected",
    [
        (0, ("wished", Why.ASKED_FOR)),
        (1, ("last", Why.SAME_PERSON)),
        (2, ("skilled", Why.SKILL)),
        (3, ("near", Why.DEPARTMENT)),
        (4, ("idle", Why.OVERFLOW)),
        (5, None),
    ],
)
def test_the_strongest_reason_counts_among_those_who_are_here(gone: int, expected: tuple[str, Why] | None) -> None:
    one = need(wished="wished", last_staff="last", skill="returns", department="service")
    assert asked(one, ALL[gone:]) == expected


def test_among_equals_the_least_loaded_is_asked_then_who_had_nobody_for_longest() -> None:
    lately = seat("b", 1, last_given=NOW)
    assert asked(need(department="service"), [seat("a", 2), lately, seat("c", 1)]) == ("c", Why.DEPARTMENT)
    half = seat("roomy", 2, capacity=8)
    assert asked(need(department="service"), [seat("a", 1), half]) == ("roomy", Why.DEPARTMENT)


@pytest.mark.parametrize("busy", [{"load": 3}, {"is_asked": True}])
def test_who_has_no_room_or_is_being_asked_is_not_asked(busy: dict[str, object]) -> None:
    assert asked(need(department="service"), [replace(seat("a"), **busy)]) is None  # type: ignore[arg-type]


def test_who_fits_is_waited_for_a_while_and_a_danger_for_nobody() -> None:
    line = [seat("near", 3), seat("far", 0, department="office")]
    assert asked(need(waited=59, department="service"), line) is None
    assert asked(need(waited=60, department="service"), line) == ("far", Why.OVERFLOW)
    assert asked(need(priority=Priority.SAFETY, department="service"), line) == ("far", Why.OVERFLOW)


def test_who_is_asked_for_by_name_is_waited_for_a_while() -> None:
    line = [seat("chen", 3), seat("lin")]
    wish = need(wished="chen", department="service")
    assert asked(wish, line) is None
    assert asked(need(waited=60, wished="chen", department="service"), line) == ("lin", Why.DEPARTMENT)
    assert asked(wish, line[1:]) == ("lin", Why.DEPARTMENT)


def test_where_staff_take_whom_they_choose_only_who_was_asked_for_is_asked() -> None:
    line = [seat("chen"), seat("lin")]
    assert asked(need(wished="chen"), line, PULL) == ("chen", Why.ASKED_FOR)
    assert asked(need(waited=900, last_staff="lin", department="service"), line, PULL) is None
    assert asked(need(waited=900, wished="gone"), line, PULL) is None


def test_who_passed_a_customer_on_is_asked_again_after_all_others_and_not_at_once() -> None:
    just, before = NOW - timedelta(seconds=5), NOW - ASK_AGAIN
    line = [seat("a"), seat("b", 2)]
    assert asked(need(asked={"a": before}), line) == ("b", Why.OVERFLOW)
    assert asked(need(asked={"a": before, "b": just}), line) == ("a", Why.OVERFLOW)
    assert asked(need(asked={"a": just, "b": just}), line) is None


def test_who_let_the_last_offer_run_out_comes_after_those_who_answer() -> None:
    assert asked(need(), [seat("away", 0, has_missed=True), seat("here", 2)]) == ("here", Why.OVERFLOW)


def test_whom_a_complaint_is_about_is_never_asked() -> None:
    assert asked(need(barred=frozenset({"a"}), wished="a", last_staff="a"), [seat("a")]) is None


def test_a_customer_for_whom_nobody_is_free_stands_in_nobodys_way() -> None:
    line = [need("first", 30, department="quality"), need("second", 1, department="service")]
    seats = [seat("q", 3, department="quality"), seat("s")]
    assert distribute(line, seats, AUTOMATIC, NOW) == [Chosen("second", "s", Why.DEPARTMENT)]


def test_nobody_is_asked_about_two_at_once() -> None:
    found = distribute([need("a", 2), need("b", 1), need("c")], [seat("s"), seat("t", 1)], AUTOMATIC, NOW)
    assert [(one.conversation_id, one.staff_id) for one in found] == [("a", "s"), ("b", "t")]


# ---------------------------------------------------------------- a day at the desk


@dataclass
class Day:
    """Customers come at random, staff accept or let offers run out, talks end; the rules decide who waits."""

    random: Random
    seats: dict[str, Seat]
    waiting: dict[str, Need] = field(default_factory=dict)
    talks: list[tuple[datetime, str]] = field(default_factory=list)
    waits: dict[str, float] = field(default_factory=dict)
    served: Counter[str] = field(default_factory=Counter)

    def run(self, ticks: int, come: float) -> None:
        """`ticks` steps of 10 s, in each of which a customer comes with the chance `come`; then nobody comes."""
        for tick in range(ticks * 2):
            now = NOW + timedelta(seconds=10 * tick)
            if tick < ticks and self.random.random() < come:
                self.waiting[str(tick)] = self.comer(str(tick), now)
            self.end_talks(now)
            for chosen in distribute(self.waiting.values(), self.seats.values(), AUTOMATIC, now):
                self.answer(chosen, now)

    def comer(self, name: str, now: datetime) -> Need:
        """Four in ten are more important than the others."""
        priority = self.random.choices(list(Priority), (2, 23, 15, 60))[0]
        skill = self.random.choice(["returns", "quality", None])
        department = self.random.choice(["service", "quality"])
        return Need(Waiting(name, priority, now), department, skill, last_staff=self.random.choice(["s1", None, None]))

    def answer(self, chosen: Chosen, now: datetime) -> None:
        """One offer in six runs out."""
        one, seat = self.waiting[chosen.conversation_id], self.seats[chosen.staff_id]
        missed = self.random.random() < 1 / 6
        self.seats[seat.staff_id] = replace(seat, has_missed=missed, load=seat.load + (not missed), last_given=now)
        assert self.seats[seat.staff_id].load <= seat.capacity
        if missed:
            self.waiting[chosen.conversation_id] = replace(one, asked={**one.asked, seat.staff_id: now})
            return
        self.waits[one.place.conversation_id] = (now - one.place.since).total_seconds()
        self.served[seat.staff_id] += 1
        self.talks.append((now + timedelta(seconds=self.random.uniform(60, 600)), seat.staff_id))
        del self.waiting[chosen.conversation_id]

    def end_talks(self, now: datetime) -> None:
        for talk in [one for one in self.talks if one[0] <= now]:
            self.talks.remove(talk)
            seat = self.seats[talk[1]]
            self.seats[talk[1]] = replace(seat, load=seat.load - 1)


def staffed() -> dict[str, Seat]:
    """Six people with three places each; three of a kind."""
    return {
        **{f"s{n}": seat(f"s{n}", skills=frozenset({"returns"})) for n in range(3)},
        **{f"q{n}": seat(f"q{n}", department="quality", skills=frozenset({"quality"})) for n in range(3)},
    }


@pytest.mark.parametrize("draw", range(8))
def test_nobody_starves_on_a_day_as_full_as_the_desk_can_bear(draw: int) -> None:
    """18 places, a talk of 330 s on the mean: 0.54 customers in 10 s would fill them all the time; 0.5 come."""
    day = Day(Random(draw), staffed())
    day.run(ticks=1500, come=0.5)
    assert not day.waiting
    assert len(day.waits) > 600
    assert max(day.waits.values()) < 20 * 60
    assert min(day.served.values()) > 0.75 * max(day.served.values())


@pytest.mark.parametrize("draw", range(4))
def test_in_a_rush_ordinary_customers_are_served_between_the_urgent_ones(draw: int) -> None:
    """Twice as many come as can be served, for half an hour: nobody waits longer than the line takes to empty."""
    day = Day(Random(draw), staffed())
    day.run(ticks=180, come=1.0)
    assert not day.waiting
    assert max(day.waits.values()) < 30 * 60
