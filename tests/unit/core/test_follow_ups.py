"""When and how a customer is asked afterwards: never against their word, never at night, at their own hours (F6)."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from helpdesk.company.customer_files import CustomerFiles
from helpdesk.model.follow_up import By, Hours, Report, fits, is_permitted, next_fit

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = Hours(time(21), time(8))
NO_NIGHT = Hours(time(0), time(0))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize("by", By)
def test_who_refused_is_asked_in_no_way_and_who_agreed_in_each(by: By) -> None:
    assert not is_permitted(by, consent=False)
    assert is_permitted(by, consent=True)
    assert is_permitted(by, consent=None) is (by in {By.PHONE, By.VISIT}), "what is written needs a yes"


@pytest.mark.parametrize(
    "moment, wish, expected",
    [
        (at(23, 10), None, at(23, 10)),
        (at(23, 22), None, at(24, 8)),
        (at(23, 3), None, at(23, 8)),
        (at(23, 10), Hours(time(14), time(16)), at(23, 14)),
        (at(23, 17, 5), Hours(time(14), time(16)), at(24, 14)),
        (at(23, 10, 7), Hours(time(10), time(11)), at(23, 10, 7)),
        (at(23, 10), Hours(time(22), time(23)), at(23, 10)),
        (at(23, 23), Hours(time(22), time(23)), at(24, 8)),
    ],
    ids=["now", "after the night", "at night", "later today", "tomorrow", "within", "only at night", "night again"],
)
def test_the_first_moment_that_suits_is_taken(moment: datetime, wish: Hours | None, expected: datetime) -> None:
    assert next_fit(moment, wish, NIGHT) == expected


def test_what_is_taken_fits_whatever_the_hour() -> None:
    wish = Hours(time(9, 30), time(11))
    assert all(fits(next_fit(at(23, hour, 50), wish, NIGHT), wish, NIGHT) for hour in range(24))
    assert fits(at(23, 3), None, NO_NIGHT)


def test_hours_are_read_or_there_are_none() -> None:
    assert Hours.read("09:00", "18:30") == Hours(time(9), time(18, 30))
    assert Hours.read(None, None) is None


@pytest.mark.parametrize(
    "report, expected",
    [
        (Report(as_agreed=True, satisfied=5), False),
        (Report(as_agreed=True, satisfied=3, unpleasant="师傅迟到"), False),
        (Report(as_agreed=False, satisfied=5), True),
        (Report(as_agreed=True, satisfied=2), True),
        (Report(as_agreed=True, satisfied=4, still_open="门没调平"), True),
    ],
)
def test_what_is_left_is_seen(report: Report, expected: bool) -> None:
    assert report.needs_work is expected
    assert Report(**report.kept()) == report


def test_only_what_ends_by_itself_is_planned_by_a_setting() -> None:
    plans = {"review": {"days": 1, "way": "phone"}}
    with pytest.raises(ValidationError, match="review is not planned by itself"):
        CustomerFiles.model_validate({"share_new": True, "stale_days": 365, "follow_ups": plans})
