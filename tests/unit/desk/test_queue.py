"""The queue's order and its estimate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.model.conversation import Priority
from helpdesk.model.queue import (
    AGEING_STEP,
    SHORTEST_ESTIMATE_S,
    Pace,
    Waiting,
    estimate_s,
    in_order,
    longest_ahead_s,
    position_of,
)

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


def waiting(name: str, priority: Priority, minutes: float) -> Waiting:
    return Waiting(name, priority, NOW - timedelta(minutes=minutes))


def names(*line: Waiting) -> list[str]:
    return [one.conversation_id for one in in_order(line, NOW)]


def test_safety_then_urgent_then_key_then_the_longest_wait() -> None:
    line = [
        waiting("later", Priority.NORMAL, 1),
        waiting("key", Priority.KEY, 1),
        waiting("safety", Priority.SAFETY, 0),
        waiting("earlier", Priority.NORMAL, 5),
        waiting("urgent", Priority.URGENT, 1),
    ]
    assert names(*line) == ["safety", "urgent", "key", "earlier", "later"]


def test_who_waits_long_is_lifted_above_fresh_key_customers() -> None:
    assert names(waiting("key", Priority.KEY, 1), waiting("old", Priority.NORMAL, 25)) == ["old", "key"]


def test_nobody_is_lifted_above_a_safety_matter() -> None:
    assert names(waiting("old", Priority.NORMAL, 600), waiting("gas", Priority.SAFETY, 0)) == ["gas", "old"]


@given(st.lists(st.tuples(st.sampled_from(list(Priority)), st.integers(0, 500)), max_size=12))
def test_everyone_has_one_place_and_it_only_gets_better_with_time(line: list[tuple[Priority, int]]) -> None:
    people = [waiting(str(n), priority, minutes) for n, (priority, minutes) in enumerate(line)]
    later = NOW + 3 * AGEING_STEP
    for one in people:
        assert 1 <= position_of(one.conversation_id, people, NOW) <= len(people)
        same = [other for other in people if other.priority == one.priority and other.since > one.since]
        order = [other.conversation_id for other in in_order(people, later)]
        assert all(order.index(one.conversation_id) < order.index(other.conversation_id) for other in same)


def test_a_stranger_has_no_place() -> None:
    assert position_of("x", [waiting("a", Priority.NORMAL, 1)], NOW) == 0


@pytest.mark.parametrize(
    "position, longest_s, pace, expected",
    [
        (1, 0, Pace(2, 3, 0, [40, 90, 200]), 90),
        (1, 0, Pace(2, 3, 0, [5, 6, 7]), SHORTEST_ESTIMATE_S),
        (3, 0, Pace(2, 0, 12), 900),
        (68, 45 * 60, Pace(4, 9, 40, [5, 6, 7]), 6120),
        (2, 45 * 60, Pace(4, 9, 40, [5, 6, 7]), 45 * 60),
        (1, 0, Pace(0, 0, 0), None),
        (1, 0, Pace(1, 1, 5, [40, 90]), None),
        (9, 0, Pace(1, 1, 2, [40, 90, 200]), None),
    ],
)
def test_the_estimate_is_the_pace_of_those_on_duty_and_never_less_than_others_waited(
    position: int, longest_s: int, pace: Pace, expected: int | None
) -> None:
    assert estimate_s(position, longest_s, pace) == expected


def test_only_who_is_served_before_counts_as_ahead() -> None:
    line = [waiting("a", Priority.NORMAL, 5), waiting("b", Priority.NORMAL, 3), waiting("c", Priority.SAFETY, 1)]
    assert [longest_ahead_s(one, line, NOW) for one in "abc"] == [60, 300, 0]
