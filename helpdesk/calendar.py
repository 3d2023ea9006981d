"""Working days, service hours and due times; the only place that knows them (style.md 8, service-standard C3).

Two calendars. The *legal* one (working days with make-up days, 调休) counts days for due times; the
*service hours* of company/opening_hours.yml say when somebody answers. Everything is a pure function of
aware datetimes; results are in the company's time zone.

Legal days come from chinesecalendar, for a year it does not know from company/holidays.yml, else from
weekends alone. A date that rests on less than the official announcement is marked `certain=False`,
never an error: from mid December until the package is updated that is every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import chinese_calendar

from helpdesk.company import Clock, Company, Limits, OpeningHours, Period, Periods, YearOfHolidays
from helpdesk.model import quiet

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Due", "DueTimes", "Pause", "ServiceCalendar", "is_certain", "is_working_day"]

DAY = timedelta(days=1)
END_OF_WORK = time(18)
"""When a working day ends on which the company happens to be closed."""
LONGEST_CLOSURE_DAYS = 60
"""How far `next_open` looks; longer is a mistake in opening_hours.yml."""

BEFORE_NIGHT = timedelta(hours=1)
"""So long before the quiet hours a message goes whose moment lies in them: a late timer must not meet the night."""

Years = Mapping[int, YearOfHolidays]


@dataclass(frozen=True, slots=True)
class Due:
    """A due time; `certain` is False when it rests on a year whose holidays are not announced."""

    at: datetime
    certain: bool = True


@dataclass(frozen=True, slots=True)
class DueTimes:
    """What a ticket is measured by; None where its clock does not run."""

    first_contact: Due | None
    result: Due | None


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which we waited for the customer; `until` None while we still do."""

    since: datetime
    until: datetime | None = None


def is_working_day(day: date, years: Years | None = None) -> bool:
    """Whether `day` is a legal working day, make-up days included."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return _is_working_day_unlisted(day, (years or {}).get(day.year))


def _is_working_day_unlisted(day: date, year: YearOfHolidays | None) -> bool:
    if year is not None and day in year.working_days:
        return True
    is_holiday = year is not None and day in year.holidays
    return day.weekday() < 5 and not is_holiday


def is_certain(day: date, years: Years | None = None) -> bool:
    """Whether the official arrangement of this day's year is known."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        year = (years or {}).get(day.year)
        return year is not None and year.announced
    return True


@dataclass(frozen=True)
class ServiceCalendar:
    """The company's time: zone, service hours and legal days. A value; methods change nothing.

    `always_open` (HELPDESK_ALWAYS_OPEN) makes every moment service time for greeting and handoff;
    due times still follow the calendar.
    """

    zone: ZoneInfo
    hours: OpeningHours
    years: Years = field(default_factory=dict)
    always_open: bool = False

    @classmethod
    def of(cls, company: Company, *, always_open: bool = False) -> Self:
        return cls(company.profile.zone, company.opening_hours, company.holidays, always_open)

    # -- service hours

    def periods(self, day: date) -> Periods:
        """When staff serve on a day: a special day, else the holiday rule, else the weekday."""
        if day in self.hours.special:
            return self.hours.special[day]
        holidays = self.hours.holidays
        if holidays.rule != "as_usual" and self._is_legal_holiday(day):
            return holidays.periods if holidays.rule == "periods" else ()
        return self.hours.on_weekday(day.weekday())

    def is_open(self, at: datetime) -> bool:
        local = self._local(at)
        return self.always_open or any(_contains(p, local) for p in self.periods(local.date()))

    def next_open(self, at: datetime) -> datetime | None:
        """The first moment from `at` on when somebody serves; None when there is none for two months."""
        if self.is_open(at):
            return self._local(at)
        return next((opens for opens, _ in self._spans(at)), None)

    def after_open_time(self, at: datetime, minutes: int) -> datetime | None:
        """The moment when `minutes` of service time have passed since `at` (call-backs, D5)."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._spans(at):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        return None

    # -- legal days

    def is_working_day(self, day: date) -> bool:
        return is_working_day(day, self.years)

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count."""
        while count:
            day += DAY
            count -= self.is_working_day(day)
        return day

    def last_working_day_until(self, day: date) -> date:
        while not self.is_working_day(day):
            day -= DAY
        return day

    # -- due times

    def due_times(
        self,
        clock: Clock,
        registered: datetime,
        limits: Limits,
        pauses: Iterable[Pause] = (),
        now: datetime | None = None,
    ) -> DueTimes:
        """When first contact and result are due (C3); `now` closes a pause that is still open.

        The day of registration does not count. Pauses move the result only.
        """
        contact = self._first_contact(clock, registered, limits)
        result = self._result(clock, registered, limits)
        for pause in pauses:
            result = result and self.moved(result, clock, pause, now)
        return DueTimes(contact, result)

    def moved(self, due: Due, clock: Clock, pause: Pause, now: datetime | None = None) -> Due:
        """A result's due time after a pause; `now` closes one that is still open.

        It moves by the days that ended in the pause, of the kind its clock counts (calendar days then stop at
        the last working day before, as always). It never moves back, is never over when the pause ends, and
        what was overdue when the pause began stays overdue.
        """
        until = pause.until or now or pause.since
        if pause.since >= due.at or until <= pause.since:
            return due
        first, last = self._local(pause.since).date(), self._local(until).date()
        day = self._day_after_pause(due.at.astimezone(self.zone).date(), clock, first, last)
        new = self._due(first, day)
        if new.at <= until:
            new = self._due(first, self.working_day_after(max(day, last), 1))
        return new if new.at > due.at else due

    def _day_after_pause(self, day: date, clock: Clock, first: date, last: date) -> date:
        if clock == "ordinary":
            return self.last_working_day_until(day + (last - first))
        return self.working_day_after(day, sum(map(self.is_working_day, _days(first + DAY, last))))

    def _first_contact(self, clock: Clock, registered: datetime, limits: Limits) -> Due | None:
        if clock == "none":
            return None
        if clock == "safety":
            return Due(self._local(registered) + timedelta(minutes=limits.safety_minutes))
        return self._working_days(registered, limits.first_contact_working_days)

    def _result(self, clock: Clock, registered: datetime, limits: Limits) -> Due | None:
        if clock in {"safety", "urgent"}:
            return self._working_days(registered, limits.urgent_working_days)
        if clock == "ordinary":
            return self._calendar_days(registered, limits.ordinary_calendar_days)
        return None

    def _working_days(self, since: datetime, count: int) -> Due:
        start = self._local(since).date()
        return self._due(start, self.working_day_after(start, count))

    def _calendar_days(self, since: datetime, count: int) -> Due:
        """A date on a holiday moves to the last working day before it.

        When that would be no day after registration at all (registered on the eve of a long
        holiday), the first working day after the date is meant instead.
        """
        start = self._local(since).date()
        return self._due(start, self._on_working_day(start + count * DAY, after=start))

    def _on_working_day(self, day: date, after: date) -> date:
        moved = self.last_working_day_until(day)
        return moved if moved > after else self.working_day_after(day, 1)

    def _due(self, start: date, day: date) -> Due:
        certain = all(is_certain(d, self.years) for d in {start, day})
        return Due(self.end_of(day), certain)

    def end_of(self, day: date) -> datetime:
        """The moment at which the last period of a day ends."""
        return datetime.combine(day, self.closes(day), self.zone)

    def closes(self, day: date) -> time:
        """When the last period of a day ends; on a day without any, the end of a common working day."""
        closing = [period.closes.replace(microsecond=0) for period in self.periods(day)]
        return max(closing, default=END_OF_WORK)

    def latest_result(self, registered: datetime, limits: Limits) -> Due:
        """The last date at all for an ordinary result (C3): `ordinary_max_calendar_days` after registration."""
        return self._calendar_days(registered, limits.ordinary_max_calendar_days)

    def later_result(self, due_at: datetime, clock: Clock, registered: datetime, limits: Limits) -> Due | None:
        """The new date of a result that is postponed; None when there is no later one within the limits."""
        day = due_at.astimezone(self.zone).date()
        if clock != "ordinary":
            return self._due(day, self.working_day_after(day, limits.postpone_working_days))
        new = self._calendar_days(due_at, limits.postpone_calendar_days)
        latest = self.latest_result(registered, limits)
        chosen = new if new.at <= latest.at else latest
        return chosen if chosen.at > due_at else None

    def unknown_year(self, at: datetime, days: int) -> int | None:
        """The first year within the next `days` days whose holidays nobody has announced to us."""
        today = self._local(at).date()
        ahead = (today, today + days * DAY)
        return next((day.year for day in ahead if not is_certain(day, self.years)), None)

    # -- the quiet hours

    def is_quiet(self, at: datetime, limits: Limits) -> bool:
        """Whether it is night for our own messages."""
        return quiet.is_quiet(self._local(at).time(), limits.quiet_from, limits.quiet_until)

    def next_permitted(self, at: datetime, limits: Limits) -> datetime:
        """`at` itself, or the end of the quiet hours it lies in."""
        return quiet.next_permitted(self._local(at), limits.quiet_from, limits.quiet_until)

    def last_permitted(self, at: datetime, limits: Limits) -> datetime:
        """`at` itself, or an hour before the quiet hours it lies in."""
        local = self._local(at)
        if not self.is_quiet(local, limits):
            return local
        evening = datetime.combine(local.date(), limits.quiet_from, self.zone)
        return (evening if evening <= local else evening - DAY) - BEFORE_NIGHT

    # -- helpers

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("a naive datetime: every moment must say its time zone")
        return at.astimezone(self.zone)

    def _is_legal_holiday(self, day: date) -> bool:
        """A holiday proper: no common weekend, and no make-up day, which bears the holiday's name too."""
        try:
            is_free, name = chinese_calendar.get_holiday_detail(day)
            return bool(is_free and name)
        except NotImplementedError:
            year = self.years.get(day.year)
            return year is not None and day in year.holidays

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Service time from `at` on, as (opens, closes), earliest first."""
        local = self._local(at)
        for offset in range(LONGEST_CLOSURE_DAYS):
            day = local.date() + offset * DAY
            for period in sorted(self.periods(day), key=_opens):
                closes = datetime.combine(day, period.closes, self.zone)
                if closes > local:
                    yield max(local, datetime.combine(day, period.opens, self.zone)), closes


def _contains(period: Period, local: datetime) -> bool:
    return period.opens <= local.time() < period.closes


def _opens(period: Period) -> time:
    return period.opens


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * DAY
