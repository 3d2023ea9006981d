"""Due times of C3, against a table worked out by hand with the official calendar of 2026 beside it.

Off in 2026: 1-01..03, 2-15..23, 4-04..06, 5-01..05, 6-19..21, 9-25..27, 10-01..07. Worked instead: 1-04, 2-14, 2-28,
5-09, 9-20, 10-10. Of 2027 only what company/holidays.yml says. First contact: 1 working day; urgent: 3 working days;
ordinary: 7 calendar days, moved back to a working day; the day of registration never counts.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helpdesk.calendar import Due, Pause, ServiceCalendar
from helpdesk.company import Clock, OpeningHours, load_company

COMPANY = load_company(Path(__file__).parents[2] / "company")
CALENDAR = ServiceCalendar.of(COMPANY)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


SPRING_FESTIVAL = [
    ("ordinary", "2026-02-06T10:00", "02-09", "02-13"),  # Friday: Monday; the 13th is a Friday
    ("ordinary", "2026-02-07T10:00", "02-09", "02-14"),  # the 14th is a Saturday that is worked
    ("ordinary", "2026-02-08T10:00", "02-09", "02-14"),  # the 15th is the first day off: the day before
    ("ordinary", "2026-02-10T09:00", "02-11", "02-14"),  # the 17th: back over the 16th and 15th
    ("ordinary", "2026-02-13T23:59", "02-14", "02-14"),  # the 20th: back to the one working day that is left
    ("ordinary", "2026-02-14T00:01", "02-24", "02-24"),  # the 21st: back to the very day, which does not count
    ("ordinary", "2026-02-15T09:00", "02-24", "02-24"),  # the 22nd: nothing before it, so the first day after
    ("ordinary", "2026-02-16T23:59", "02-24", "02-24"),  # the 23rd, the last day off
    ("ordinary", "2026-02-17T00:01", "02-24", "02-24"),  # two minutes later: the 24th itself
    ("ordinary", "2026-02-18T09:00", "02-24", "02-25"),
    ("ordinary", "2026-02-21T09:00", "02-24", "02-28"),  # the 28th is a Saturday that is worked
    ("ordinary", "2026-02-22T09:00", "02-24", "02-28"),  # 3-01 is a Sunday: back one day only
    ("ordinary", "2026-02-24T23:59", "02-25", "03-03"),
    ("urgent", "2026-02-11T10:00", "02-12", "02-14"),  # 12, 13, 14
    ("urgent", "2026-02-12T10:00", "02-13", "02-24"),  # 13, 14, 24
    ("urgent", "2026-02-13T10:00", "02-14", "02-25"),  # 14, 24, 25
    ("urgent", "2026-02-14T10:00", "02-24", "02-26"),  # registered on a make-up day: 24, 25, 26
    ("urgent", "2026-02-19T10:00", "02-24", "02-26"),
    ("urgent", "2026-02-25T10:00", "02-26", "02-28"),  # 26, 27, 28
    ("urgent", "2026-02-26T10:00", "02-27", "03-02"),  # 27, 28, then Monday
    ("safety", "2026-02-17T03:20", "02-17", "02-26"),  # contact the same hour, the result as if urgent
    ("safety", "2026-02-15T23:59", "02-16", "02-26"),  # the hour runs over midnight
    ("contact_only", "2026-02-14T20:00", "02-24", None),
]
NATIONAL_DAY = [
    ("ordinary", "2026-09-12T10:00", "09-14", "09-18"),  # the 19th is a common Saturday
    ("ordinary", "2026-09-13T10:00", "09-14", "09-20"),  # the 20th is a Sunday that is worked
    ("ordinary", "2026-09-18T10:00", "09-20", "09-24"),  # the 25th is Mid-Autumn; first contact on the Sunday
    ("ordinary", "2026-09-20T10:00", "09-21", "09-24"),  # the 27th: back over three days off
    ("ordinary", "2026-09-24T10:00", "09-28", "09-30"),  # 10-01
    ("ordinary", "2026-09-29T10:00", "09-30", "09-30"),  # 10-06: one working day is left
    ("ordinary", "2026-09-30T23:59", "10-08", "10-08"),  # 10-07: back to the very day, so the first after
    ("ordinary", "2026-10-01T10:00", "10-08", "10-08"),
    ("ordinary", "2026-10-03T10:00", "10-08", "10-10"),  # a Saturday that is worked
    ("ordinary", "2026-10-04T10:00", "10-08", "10-10"),  # the 11th is a Sunday
    ("urgent", "2026-09-17T10:00", "09-18", "09-21"),  # 18, 20 (Sunday), 21
    ("urgent", "2026-09-18T10:00", "09-20", "09-22"),  # 20, 21, 22
    ("urgent", "2026-09-23T10:00", "09-24", "09-29"),  # 24, 28, 29
    ("urgent", "2026-09-28T10:00", "09-29", "10-08"),  # 29, 30, 8
    ("urgent", "2026-09-29T10:00", "09-30", "10-09"),  # 30, 8, 9
    ("urgent", "2026-10-07T23:59", "10-08", "10-10"),  # 8, 9, 10
    ("urgent", "2026-10-08T00:00", "10-09", "10-12"),  # a minute later: 9, 10, then Monday
    ("safety", "2026-10-03T23:30", "10-04", "10-10"),
    ("contact_only", "2026-09-30T22:30", "10-08", None),
]
OTHER_DAYS = [
    ("ordinary", "2026-01-01T09:00", "01-04", "01-08"),  # 1-04 is a Sunday that is worked
    ("urgent", "2026-01-02T09:00", "01-04", "01-06"),  # 4, 5, 6
    ("ordinary", "2026-03-30T09:00", "03-31", "04-03"),  # 4-06 is a Monday off: back over the weekend
    ("urgent", "2026-04-30T09:00", "05-06", "05-08"),  # 6, 7, 8
    ("ordinary", "2026-05-02T09:00", "05-06", "05-09"),  # a Saturday that is worked
    ("urgent", "2026-05-07T09:00", "05-08", "05-11"),  # 8, 9, then Monday
    ("urgent", "2026-06-18T09:00", "06-22", "06-24"),  # 22, 23, 24
    ("ordinary", "2026-11-24T23:59", "11-25", "12-01"),
    ("none", "2026-11-24T10:00", None, None),  # praise
]
INTO_2027 = [
    ("ordinary", "2026-12-24T09:00", "12-25", "12-31"),
    ("ordinary", "2026-12-25T09:00", "12-28", "12-31"),  # 2027-01-01 is off by law
    ("ordinary", "2026-12-27T09:00", "12-28", "12-31"),  # 1-03 is a Sunday: back over Saturday and 1-01
    ("ordinary", "2026-12-31T23:59", "01-04", "01-07"),  # nothing announced: weekends count
    ("urgent", "2026-12-30T09:00", "12-31", "01-05"),  # 31, 4, 5
    ("urgent", "2026-12-31T23:59", "01-04", "01-06"),  # 4, 5, 6
]


def _day(registered: str, text: str | None) -> date | None:
    """`02-14` of the year of registration, or of the next when it would lie before."""
    if text is None:
        return None
    begins = at(registered).date()
    found = date.fromisoformat(f"{begins.year}-{text}")
    return found if found >= begins else found.replace(year=begins.year + 1)


def _date(due: Due | None) -> date | None:
    return due.at.date() if due else None


@pytest.mark.parametrize("clock, registered, contact, result", SPRING_FESTIVAL + NATIONAL_DAY + OTHER_DAYS + INTO_2027)
def test_due_dates(clock: Clock, registered: str, contact: str | None, result: str | None) -> None:
    due = CALENDAR.due_times(clock, at(registered), COMPANY.limits)
    assert (_date(due.first_contact), _date(due.result)) == (_day(registered, contact), _day(registered, result))


@pytest.mark.parametrize("registered", ["2026-02-17T03:20", "2026-02-15T23:59", "2026-10-03T23:30", "2026-11-24T12:00"])
def test_a_danger_is_contacted_within_the_hour_by_the_clock_on_the_wall(registered: str) -> None:
    due = CALENDAR.due_times("safety", at(registered), COMPANY.limits)
    assert due.first_contact is not None
    assert due.first_contact.at == at(registered) + timedelta(minutes=60)


@pytest.mark.parametrize(
    "registered, certain",
    [("2026-12-24T09:00", True), ("2026-12-25T09:00", True), ("2026-12-31T09:00", False), ("2031-03-03T09:00", False)],
)
def test_a_date_in_a_year_that_nobody_announced_says_so(registered: str, certain: bool) -> None:
    due = CALENDAR.due_times("ordinary", at(registered), COMPANY.limits)
    assert due.result is not None
    assert due.result.certain is certain


@pytest.mark.parametrize("today, year", [("2026-12-16", None), ("2026-12-17", 2027), ("2027-03-01", 2027)])
def test_the_desk_is_warned_as_soon_as_a_due_time_could_fall_into_an_unknown_year(today: str, year: int | None) -> None:
    assert CALENDAR.unknown_year(at(today), COMPANY.limits.ordinary_max_calendar_days) == year


# ---------------------------------------------------------------- waiting for the customer

PAUSED = [
    # 7 days from Monday 2-09 is the 16th: 2-14. Twelve days of waiting: 2-26, a Thursday.
    ("ordinary", "2026-02-09T10:00", [("2026-02-12T10:00", "2026-02-24T10:00")], "2026-02-26T21:00"),
    # 2-14 by urgency; of the wait only the 14th and the 24th are working days.
    ("urgent", "2026-02-11T10:00", [("2026-02-13T10:00", "2026-02-24T10:00")], "2026-02-25T21:00"),
    # 10-08; over National Day only the 8th ends in the wait.
    ("urgent", "2026-09-28T10:00", [("2026-09-30T20:00", "2026-10-08T09:00")], "2026-10-09T21:00"),
    # 9-29, the very day; a week later is 10-06, back to 9-30, which is over when the customer answers: 10-08.
    ("ordinary", "2026-09-22T10:00", [("2026-09-29T10:00", "2026-10-06T15:00")], "2026-10-08T21:00"),
    # Friday 11-27; a weekend costs no working day, but Friday is gone: Monday.
    ("urgent", "2026-11-24T10:00", [("2026-11-27T20:00", "2026-11-29T10:00")], "2026-11-30T21:00"),
    # The same on the last evening, answered after closing time of the day it was moved to.
    ("urgent", "2026-11-24T10:00", [("2026-11-27T20:00", "2026-11-30T22:00")], "2026-12-01T21:00"),
    # Two waits of a night each.
    (
        "ordinary",
        "2026-11-23T10:00",
        [("2026-11-24T09:00", "2026-11-25T09:00"), ("2026-11-26T09:00", "2026-11-27T09:00")],
        "2026-12-02T21:00",
    ),
    # Answered the same day: nothing moves.
    ("ordinary", "2026-11-23T10:00", [("2026-11-24T09:00", "2026-11-24T20:00")], "2026-11-30T21:00"),
    # A wait that begins when the result is overdue excuses nothing.
    ("ordinary", "2026-11-23T10:00", [("2026-12-01T09:00", "2026-12-07T09:00")], "2026-11-30T21:00"),
    # Five days: 12-05 is a Saturday, so Friday.
    ("ordinary", "2026-11-23T10:00", [("2026-11-24T10:00", "2026-11-29T10:00")], "2026-12-04T21:00"),
]


@pytest.mark.parametrize("clock, registered, spans, result", PAUSED)
def test_a_result_waits_as_long_as_its_customer(
    clock: Clock, registered: str, spans: list[tuple[str, str]], result: str
) -> None:
    pauses = [Pause(at(since), at(until)) for since, until in spans]
    due = CALENDAR.due_times(clock, at(registered), COMPANY.limits, pauses)
    untouched = CALENDAR.due_times(clock, at(registered), COMPANY.limits)
    assert due.result is not None
    assert untouched.result is not None
    assert due.result.at == at(result) >= untouched.result.at
    assert due.first_contact == untouched.first_contact


# ---------------------------------------------------------------- several periods a day

OFFICE = ServiceCalendar(
    SHANGHAI,
    OpeningHours.model_validate(
        {
            "text": "工作日 9:00-12:00、13:30-18:00",
            "weekly": {day: ["9:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
            | {"sat": [], "sun": []},
            "holidays": {"rule": "closed"},
            "special": {"2026-02-14": ["9:00-11:30", "13:00-15:00"], "2026-11-25": ["14:00-24:00"]},
        }
    ),
)


@pytest.mark.parametrize(
    "clock, registered, result",
    [
        ("ordinary", "2026-11-23T12:30", "2026-11-30T18:00"),  # in the lunch break; the end of the last period counts
        ("ordinary", "2026-11-18T09:00", "2026-11-25T23:59:59"),  # open until midnight that day
        ("ordinary", "2026-02-10T09:00", "2026-02-14T15:00"),  # the eve of the festival ends early
        ("ordinary", "2026-10-03T09:00", "2026-10-10T18:00"),  # worked, though the weekly plan has no Saturday
        ("urgent", "2026-11-20T19:00", "2026-11-25T23:59:59"),  # after closing time is that day all the same
    ],
)
def test_a_due_time_is_the_end_of_the_days_last_period(clock: Clock, registered: str, result: str) -> None:
    due = OFFICE.due_times(clock, at(registered), COMPANY.limits)
    assert due.result is not None
    assert due.result.at == at(result)


def test_a_make_up_day_is_no_holiday() -> None:
    assert CALENDAR.periods(date(2026, 10, 10)) == CALENDAR.hours.on_weekday(5)
    assert CALENDAR.periods(date(2026, 10, 7)) == CALENDAR.hours.holidays.periods


# ---------------------------------------------------------------- postponed

LATER = [
    ("ordinary", "2026-11-23T10:00", "2026-11-30T21:00", "2026-12-03"),  # three days on
    ("ordinary", "2026-11-23T10:00", "2026-12-03T21:00", "2026-12-04"),  # 12-06 is a Sunday
    ("ordinary", "2026-11-23T10:00", "2026-12-07T21:00", "2026-12-08"),  # never beyond 15 days
    ("ordinary", "2026-11-23T10:00", "2026-12-08T21:00", None),
    ("ordinary", "2026-02-07T10:00", "2026-02-14T21:00", None),  # day 15 is 2-22, a day off: 2-14 was the last
    ("urgent", "2026-02-11T10:00", "2026-02-14T21:00", "2026-02-24"),  # one working day
    ("urgent", "2026-11-24T10:00", "2026-11-27T21:00", "2026-11-30"),
]


@pytest.mark.parametrize("clock, registered, due, later", LATER)
def test_a_postponed_result_has_a_later_date_within_the_limit(
    clock: Clock, registered: str, due: str, later: str | None
) -> None:
    found = CALENDAR.later_result(at(due), clock, at(registered), COMPANY.limits)
    assert _date(found) == (date.fromisoformat(later) if later else None)


# ---------------------------------------------------------------- night


@pytest.mark.parametrize(
    "moment, quiet, following, before",
    [
        ("2026-11-23T20:59", False, "2026-11-23T20:59", "2026-11-23T20:59"),
        ("2026-11-23T21:00", True, "2026-11-24T08:00", "2026-11-23T20:00"),
        ("2026-11-24T00:30", True, "2026-11-24T08:00", "2026-11-23T20:00"),
        ("2026-11-24T07:59", True, "2026-11-24T08:00", "2026-11-23T20:00"),
        ("2026-11-24T08:00", False, "2026-11-24T08:00", "2026-11-24T08:00"),
    ],
)
def test_at_night_our_own_messages_rest(moment: str, quiet: bool, following: str, before: str) -> None:
    assert CALENDAR.is_quiet(at(moment), COMPANY.limits) is quiet
    assert CALENDAR.next_permitted(at(moment), COMPANY.limits) == at(following)
    assert CALENDAR.last_permitted(at(moment), COMPANY.limits) == at(before)
