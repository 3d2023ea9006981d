"""Which clock a service goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpdesk.bootstrap import clock_of
from helpdesk.testing import A_TUESDAY, now, settings_for

A_SECOND = timedelta(seconds=5)


def test_a_shifted_clock_is_ahead_of_the_machine_and_runs_on() -> None:
    clock = clock_of(settings_for("sqlite+aiosqlite://", clock_shift=3600.0))
    first = clock.now()
    assert abs(first - datetime.now(UTC) - timedelta(hours=1)) < A_SECOND
    assert clock.now() >= first


def test_without_a_shift_it_is_the_machines_clock() -> None:
    clock = clock_of(settings_for("sqlite+aiosqlite://", clock_shift=0.0))
    assert abs(clock.now() - datetime.now(UTC)) < A_SECOND


def test_the_tests_own_time_is_a_working_day_whatever_the_machine_says() -> None:
    clock = clock_of(settings_for("sqlite+aiosqlite://"))
    assert abs(clock.now() - now()) < A_SECOND
    assert A_TUESDAY - A_SECOND < clock.now() < A_TUESDAY + timedelta(hours=2)
