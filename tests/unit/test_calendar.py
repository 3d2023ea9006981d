"""Due times and service hours over the holidays of 2026 and 2027 (service-standard C3, D5)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helpdesk.calendar import Pause, ServiceCalendar
from helpdesk.company import Clock, OpeningHours, load_company

COMPANY = load_company(Path(__file__).parents[2] / "company")
CALENDAR = ServiceCalendar.of(COMPANY)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "text, works",
    [
        ("2026-01-01", False),
        ("2026-01-04", True),  # Sunday, make-up day
        ("2026-02-14", True),  # Saturday, make-up day
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-11-21", False),  # a common Saturday
        ("2027-02-05", False),  # from company/holidays.yml
        ("2027-02-12", True),
        ("2027-10-01", False),
        ("2027-11-06", False),
        ("2028-11-06", True),  # nothing known: weekends only
    ],
)
def test_a_working_day_is_the_legal_one(text: str, works: bool) -> None:
    assert CALENDAR.is_working_day(day(text)) is works


@pytest.mark.parametrize(
    "clock, registered, contact, result",
    [
        ("ordinary", "2026-11-23T10:00", "2026-11-24", "2026-11-30"),
        ("ordinary", "2026-11-21T10:00", "2026-11-23", "2026-11-27"),  # 11-28 is a Saturday
        ("ordinary", "2026-11-24T23:59", "2026-11-25", "2026-12-01"),
        ("urgent", "2026-11-20T10:00", "2026-11-23", "2026-11-25"),
        ("ordinary", "2026-02-10T09:00", "2026-02-11", "2026-02-14"),  # 02-17 is Spring Festival
        ("ordinary", "2026-02-13T09:00", "2026-02-14", "2026-02-14"),
        ("ordinary", "2026-02-14T09:00", "2026-02-24", "2026-02-24"),  # no working day before 02-21 is left
        ("ordinary", "2026-02-18T09:00", "2026-02-24", "2026-02-25"),
        ("urgent", "2026-02-13T09:00", "2026-02-14", "2026-02-25"),
        ("urgent", "2026-02-16T09:00", "2026-02-24", "2026-02-26"),
        ("ordinary", "2026-09-26T09:00", "2026-09-28", "2026-09-30"),  # 10-03 is National Day
        ("ordinary", "2026-09-30T09:00", "2026-10-08", "2026-10-08"),
        ("urgent", "2026-09-30T09:00", "2026-10-08", "2026-10-10"),
        ("urgent", "2026-10-03T09:00", "2026-10-08", "2026-10-10"),
        ("ordinary", "2027-02-01T09:00", "2027-02-02", "2027-02-04"),  # 02-08 is Spring Festival
        ("urgent", "2027-02-04T09:00", "2027-02-09", "2027-02-11"),
        ("ordinary", "2027-09-24T09:00", "2027-09-27", "2027-09-30"),
        ("urgent", "2027-09-30T09:00", "2027-10-04", "2027-10-06"),
    ],
)
def test_due_dates(clock: Clock, registered: str, contact: str, result: str) -> None:
    due = CALENDAR.due_times(clock, at(registered), COMPANY.limits)
    assert due.first_contact is not None
    assert due.result is not None
    assert (due.first_contact.at.date(), due.result.at.date()) == (day(contact), day(result))


def test_a_due_time_is_the_end_of_service_that_day() -> None:
    due = CALENDAR.due_times("ordinary", at("2026-11-23T10:00"), COMPANY.limits)
    assert due.result is not None
    assert due.result.at == at("2026-11-30T21:00")


def test_a_safety_matter_is_contacted_within_the_hour_at_night_and_on_holidays() -> None:
    due = CALENDAR.due_times("safety", at("2026-02-17T03:20"), COMPANY.limits)
    assert due.first_contact is not None
    assert due.first_contact.at == at("2026-02-17T04:20")


@pytest.mark.parametrize("clock, result", [("contact_only", False), ("none", False), ("ordinary", True)])
def test_a_clock_without_a_result_has_no_result_due(clock: Clock, result: bool) -> None:
    due = CALENDAR.due_times(clock, at("2026-11-23T10:00"), COMPANY.limits)
    assert (due.result is not None) is result
    assert (due.first_contact is not None) is (clock != "none")


def test_a_year_not_announced_is_marked_and_not_an_error() -> None:
    december = CALENDAR.due_times("ordinary", at("2026-12-29T10:00"), COMPANY.limits)
    november = CALENDAR.due_times("ordinary", at("2026-11-23T10:00"), COMPANY.limits)
    far = CALENDAR.due_times("urgent", at("2031-05-05T10:00"), COMPANY.limits)
    assert [d.result.certain for d in (december, november, far) if d.result] == [False, True, False]


@pytest.mark.parametrize(
    "clock, since, until, result",
    [
        ("ordinary", "2026-11-24T10:00", "2026-11-26T10:00", "2026-12-02"),
        ("ordinary", "2026-11-24T10:00", "2026-11-24T18:00", "2026-11-30"),
        ("ordinary", "2026-11-24T10:00", "2026-11-29T10:00", "2026-12-04"),  # 12-05 is a Saturday
        ("urgent", "2026-11-24T10:00", "2026-11-26T10:00", "2026-11-30"),
        ("urgent", "2026-11-27T20:00", "2026-11-29T10:00", "2026-11-26"),  # a weekend costs no working day
    ],
)
def test_waiting_for_the_customer_moves_the_result(clock: Clock, since: str, until: str, result: str) -> None:
    pauses = [Pause(at(since), at(until))]
    due = CALENDAR.due_times(clock, at("2026-11-23T10:00"), COMPANY.limits, pauses)
    assert due.result is not None
    assert due.result.at.date() == day(result)


def test_an_open_pause_counts_until_now() -> None:
    pauses = [Pause(at("2026-11-24T10:00"))]
    due = CALENDAR.due_times("ordinary", at("2026-11-23T10:00"), COMPANY.limits, pauses, now=at("2026-11-26T09:00"))
    assert due.result is not None
    assert due.result.at.date() == day("2026-12-02")


def test_moments_in_another_zone_are_the_same_moments() -> None:
    utc = datetime.fromisoformat("2026-11-23T17:00+00:00")  # already the 24th in Shanghai
    due = CALENDAR.due_times("ordinary", utc, COMPANY.limits)
    assert due.result is not None
    assert due.result.at.date() == day("2026-12-01")


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.is_open(datetime(2026, 11, 23, 10))  # noqa: DTZ001


# ---------------------------------------------------------------- service hours

LUNCH = OpeningHours.model_validate(
    {
        "text": "工作日 9:00-12:00、13:30-18:00",
        "weekly": {d: ["9:00-12:00", "13:30-18:00"] for d in ("mon", "tue", "wed", "thu", "fri")}
        | {"sat": [], "sun": []},
        "holidays": {"rule": "closed"},
        "special": {"2026-11-25": ["14:00-24:00"]},
    }
)
OFFICE = ServiceCalendar(SHANGHAI, LUNCH)


@pytest.mark.parametrize(
    "moment, is_open, next_open",
    [
        ("2026-11-23T09:00", True, "2026-11-23T09:00"),
        ("2026-11-23T08:59", False, "2026-11-23T09:00"),
        ("2026-11-23T12:00", False, "2026-11-23T13:30"),
        ("2026-11-23T18:00", False, "2026-11-24T09:00"),
        ("2026-11-24T20:00", False, "2026-11-25T14:00"),
        ("2026-11-25T23:59", True, "2026-11-25T23:59"),
        ("2026-11-27T19:00", False, "2026-11-30T09:00"),
        ("2026-09-30T18:30", False, "2026-10-08T09:00"),  # closed over National Day
    ],
)
def test_service_hours(moment: str, is_open: bool, next_open: str) -> None:
    assert OFFICE.is_open(at(moment)) is is_open
    assert OFFICE.next_open(at(moment)) == at(next_open)


@pytest.mark.parametrize(
    "moment, minutes, call_at",
    [
        ("2026-11-23T10:00", 120, "2026-11-23T12:00"),
        ("2026-11-23T11:00", 120, "2026-11-23T14:30"),
        ("2026-11-23T22:00", 120, "2026-11-24T11:00"),
        ("2026-11-27T17:00", 120, "2026-11-30T10:00"),
    ],
)
def test_a_call_back_is_promised_in_service_time(moment: str, minutes: int, call_at: str) -> None:
    assert OFFICE.after_open_time(at(moment), minutes) == at(call_at)


def test_a_company_that_never_opens_promises_nothing() -> None:
    closed = OpeningHours.model_validate({"text": "暂停服务", "weekly": {d: [] for d in LUNCH.weekly}})
    assert ServiceCalendar(SHANGHAI, closed).next_open(at("2026-11-23T10:00")) is None


def test_always_open_changes_greeting_and_handoff_but_no_due_time() -> None:
    always = ServiceCalendar.of(COMPANY, always_open=True)
    night = at("2026-11-23T03:00")
    assert always.is_open(night)
    assert always.due_times("urgent", night, COMPANY.limits) == CALENDAR.due_times("urgent", night, COMPANY.limits)
