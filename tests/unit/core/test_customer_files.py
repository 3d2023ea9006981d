"""Whose file is stale, which class a customer is of, and how new files are shared out: nobody is favoured (F1, F5)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from helpdesk.model.customer import Class, Given, Keeper, class_of, is_stale, share

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    "said, is_served, was_served, expected",
    [
        (None, False, False, Class.PROSPECTIVE),
        ("referred", False, False, Class.REFERRED),
        ("referred", False, True, Class.SERVED),
        ("prospective", True, True, Class.SERVING),
    ],
)
def test_what_happened_counts_more_than_what_was_said(
    said: str | None, is_served: bool, was_served: bool, expected: Class
) -> None:
    assert class_of(said, is_served=is_served, was_served=was_served) is expected


def test_a_file_is_stale_when_neither_the_customer_came_nor_anybody_looked() -> None:
    old = NOW - YEAR
    assert is_stale(old, None, NOW, YEAR)
    assert not is_stale(old + timedelta(seconds=1), None, NOW, YEAR)
    assert not is_stale(old - YEAR, NOW - timedelta(days=1), NOW, YEAR)
    assert is_stale(old - YEAR, old, NOW, YEAR)


class House:
    """Some colleagues over many days, each with what they were given so far."""

    def __init__(self, *names: str) -> None:
        self.keepers = {name: Keeper(name) for name in names}
        self.given: list[Given] = []
        self.now = NOW

    def day(self, files: int, *, away: frozenset[str] = frozenset()) -> None:
        self.now += timedelta(days=1)
        there = [one for name, one in self.keepers.items() if name not in away]
        new = [f"c{len(self.given) + nth}" for nth in range(files)]
        for one in share(new, there, self.now):
            kept = self.keepers[one.staff_id]
            self.keepers[one.staff_id] = Keeper(one.staff_id, one.at, kept.files + 1)
            self.given.append(one)

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.staff_id for one in self.given)


@pytest.mark.parametrize("seed", range(5))
def test_those_who_are_always_there_get_the_same(seed: int) -> None:
    chance, house = Random(seed), House(*"abcdefg")
    for _ in range(300):
        house.day(chance.randrange(9))
    counts = house.counts.values()
    assert max(counts) - min(counts) <= 1
    assert len({one.customer_id for one in house.given}) == len(house.given), "each file is kept by one person"


def test_who_was_away_is_not_flooded_and_who_is_there_misses_nothing() -> None:
    house = House(*"abcd")
    for _ in range(40):
        house.day(6, away=frozenset("d"))
    before = house.counts
    assert before["d"] == 0
    for _ in range(40):
        house.day(6)
    after = house.counts - before
    assert max(after.values()) - min(after.values()) <= 1


def test_one_file_a_day_still_goes_round() -> None:
    house = House(*"abc")
    for _ in range(9):
        house.day(1)
    assert [one.staff_id for one in house.given] == list("abc") * 3


def test_with_nobody_to_keep_them_nothing_is_given() -> None:
    assert share(["c1"], [], NOW) == []
    assert share([], [Keeper("a")], NOW) == []
