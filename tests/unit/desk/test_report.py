"""Figures are made of single facts, and of nothing comes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.model.report import SHOWN, By, Fact, Figure, Measure, by_key, cell_of, figure, quantile, together

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def fact(measure: Measure, value: int, **where: str) -> Fact:
    return Fact(measure, value, AT, "ticket", "TS20261123-0001", **where)


def test_every_measure_says_how_it_is_shown() -> None:
    assert set(SHOWN) == set(Measure)


@pytest.mark.parametrize(
    "values, median, p90",
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 9], 1, 9),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
    ],
)
def test_median_and_p90_are_values_that_happened(values: list[int], median: int | None, p90: int | None) -> None:
    assert (quantile(values, 0.5), quantile(values, 0.9)) == (median, p90)


@pytest.mark.parametrize("measure", Measure)
def test_of_nothing_a_count_of_none_is_told_and_no_share(measure: Measure) -> None:
    assert figure({}, measure) == Figure(0)


def test_days_are_put_together_as_if_they_had_been_one() -> None:
    first = [fact(Measure.TO_PERSON, 10), fact(Measure.TO_PERSON, 30), fact(Measure.SATISFIED, 1)]
    second = [
        fact(Measure.TO_PERSON, 20),
        fact(Measure.SATISFIED, 0),
        fact(Measure.SCORE, 4),
        fact(Measure.CONTACTS, 1),
    ]
    both = together([cell_of(first), cell_of(second)])
    assert figure(both, Measure.TO_PERSON) == figure(cell_of(first + second), Measure.TO_PERSON) == Figure(3, 20, 30)
    assert figure(both, Measure.SATISFIED) == Figure(2, mean=0.5)
    assert figure(both, Measure.SCORE) == Figure(1, mean=4.0)
    assert figure(both, Measure.CONTACTS) == Figure(1)


def test_putting_together_leaves_the_parts_as_they_were() -> None:
    part = cell_of([fact(Measure.TO_PERSON, 10), fact(Measure.CLOSED, 1)])
    together([part, part])
    assert part == {Measure.TO_PERSON: [10], Measure.CLOSED: [1, 1]}


def test_facts_are_told_apart_by_whom_and_what_they_concern() -> None:
    facts = [fact(Measure.CLOSED, 1, staff="agent", channel="web"), fact(Measure.CLOSED, 1, staff="agent2")]
    assert {key: figure(cell, Measure.CLOSED).count for key, cell in by_key(facts, By.STAFF).items()} == {
        "agent": 1,
        "agent2": 1,
    }
    assert set(by_key(facts, By.CHANNEL)) == {"web", ""}
    assert set(by_key(facts, By.DAY)) == {""}
