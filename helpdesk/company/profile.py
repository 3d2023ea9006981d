"""Who we are, when we are open, and who works here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from string import Formatter
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from helpdesk.company.personal import DURATION
from helpdesk.company.shape import Shape

__all__ = [
    "Department",
    "Holidays",
    "OpeningHours",
    "Period",
    "Periods",
    "PrivacyNotice",
    "Profile",
    "Role",
    "StaffMember",
    "YearOfHolidays",
]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PrivacyNotice(Shape):
    """Said before the first personal value is asked (PIPL 17), in one short message; the web chat shows it too.

    `{kept}` and `{rights}` are filled in from company/personal_data.yml and the form of data requests
    (`Company.privacy_notice`): the text itself names no time, so that it cannot promise more than is done.
    """

    text: str

    @model_validator(mode="after")
    def _promises_nothing_itself(self) -> PrivacyNotice:
        fields = {name for _, name, _, _ in Formatter().parse(self.text) if name is not None}
        if fields != {"kept", "rights"}:
            raise ValueError("text: has to name {kept} and {rights}, and nothing else in braces")
        if found := DURATION.search(self.text):
            raise ValueError(f"text: {found.group()} is a promise of its own; say {{kept}}")
        return self


class Profile(Shape):
    name: str
    assistant: str
    slogan: str
    hotline: str
    website: str
    email: str
    address: str
    follow_page: str = ""
    """Where customers follow their tickets; empty: /follow on the website."""
    brand_colour: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    time_zone: str
    privacy: PrivacyNotice

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def page_to_follow(self) -> str:
        """Where customers follow their tickets, whether it was given or not."""
        return self.follow_page or f"{self.website}/follow"

    @property
    def page_to_join(self) -> str:
        """Where customers show that a number is theirs; it stands beside the other page."""
        return self._beside("join")

    @property
    def page_of_survey(self) -> str:
        """Where customers say what they think of the service."""
        return self._beside("survey")

    def _beside(self, page: str) -> str:
        return f"{self.page_to_follow.rstrip('/').removesuffix('/follow')}/{page}"

    @model_validator(mode="after")
    def _zone_exists(self) -> Profile:
        try:
            ZoneInfo(self.time_zone)
        except Exception as error:
            raise ValueError(f"time_zone: unknown time zone {self.time_zone!r}") from error
        return self


class Period(Shape):
    """Part of a day, `opens` included and `closes` not; written 「9:00-12:00」. 24:00 is the day's end."""

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return _parse_period(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.opens >= self.closes:
            raise ValueError("a period must end after it begins")
        return self

    def __str__(self) -> str:
        closes = "24:00" if self.closes == time.max else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"


def _parse_period(text: str) -> dict[str, time]:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", text.strip())
    if found is None:
        raise ValueError(f"not a period like 9:00-21:00: {text!r}")
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    end = time.max if (h2, m2) == (24, 0) else time(h2, m2)
    return {"opens": time(h1, m1), "closes": end}


Periods = tuple[Period, ...]


class Holidays(Shape):
    """`as_usual`: the weekday decides. `closed`: nobody serves. Otherwise the periods given."""

    rule: Literal["as_usual", "closed", "periods"] = "as_usual"
    periods: Periods = ()


class OpeningHours(Shape):
    """When staff serve. Not the legal working calendar, which `helpdesk.calendar` keeps for due times."""

    text: str
    weekly: Mapping[Weekday, Periods]
    holidays: Holidays = Holidays()
    special: Mapping[date, Periods] = {}

    @model_validator(mode="after")
    def _week_is_whole(self) -> OpeningHours:
        missing = [day for day in WEEKDAYS if day not in self.weekly]
        if missing:
            raise ValueError(f"weekly: no entry for {', '.join(missing)}")
        return self

    def on_weekday(self, weekday: int) -> Periods:
        """Periods of a weekday, 0 = Monday."""
        return self.weekly[WEEKDAYS[weekday]]


class YearOfHolidays(Shape):
    """Holidays and make-up working days of a year that chinesecalendar does not know yet."""

    announced: bool
    """False while only what the law itself fixes is known: due dates of that year are provisional."""
    holidays: tuple[date, ...]
    working_days: tuple[date, ...] = ()


class Department(Shape):
    title: str
    escalates_to: str
    head: str | None = None
    """Who leads it (an account's id): decides in whose hands its tickets are."""


Role = Literal["agent", "supervisor", "admin"]


class StaffMember(Shape):
    """A person of the roster; `number` is the 工号 that customers are told, `capacity` how many are served at once."""

    name: str
    number: str
    role: Role
    department: str
    skills: tuple[str, ...] = ()
    capacity: int | None = Field(None, ge=1, le=50)
    duty: Mapping[Weekday, Periods] = {}
