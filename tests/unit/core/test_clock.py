"""Which clock a service goes by."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.bootstrap import clock_of
from helpdesk.testing import A_TUESDAY, ROOT, now, settings_for

A_SECOND = timedelta(seconds=5)
MACHINES_TIME = re.compile(
    r"\b(datetime|date)\.(now|today|utcnow)\(|\btime\.(time|time_ns|localtime|gmtime|ctime|strftime)\(|\bSystemClock\("
)
MAY_ASK = {
    "helpdesk/clock.py",  # the port itself
    "helpdesk/testing.py",  # moves it
    "helpdesk/bootstrap.py",  # chooses it
    "helpdesk/knowledge/service.py",  # for who asks articles without a service
    "bot/nlu/extractor.py",  # for who asks it without a service
    "bot/second/thrift.py",  # a budget is for the machine's day
    "tests/unit/core/test_clock.py",
    "tests/house/test_moved_clock.py",
    "tools/moved_clock.py",
    "tests/integration/desk/test_webhooks.py",  # a company's own program goes by its machine, and is told at any hour
}


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


@pytest.mark.parametrize("folder", ["actions", "bot", "helpdesk", "tests", "tools", "zhtext"])
def test_nothing_goes_by_the_machines_clock(folder: str) -> None:
    """Else a test is red in the evening, on a Saturday, at New Year. Ask a service, or `helpdesk.testing.now`."""
    asking = {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts and MACHINES_TIME.search(path.read_text("utf-8"))
    }
    assert asking - MAY_ASK == set()
