"""Asking a customer afterwards whether all is well (回访, F6): when, how, with whose consent, what is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from helpdesk.model.quiet import is_quiet

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
HARDLY = 2
"""A satisfaction of so much or less is a matter of its own."""


class Occasion(StrEnum):
    """Why a customer is asked; `review` is about the file and asks nobody."""

    INSTALLATION = "installation"
    COMPLAINT = "complaint"
    LOW_RATING = "low_rating"
    REVIEW = "review"
    OTHER = "other"


class By(StrEnum):
    """How they are asked."""

    PHONE = "phone"
    VISIT = "visit"
    EMAIL = "email"
    LETTER = "letter"


class State(StrEnum):
    """Open until it is reported, or given up for a reason."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


WRITTEN = frozenset({By.EMAIL, By.LETTER})
"""What stays with the customer goes only to who agreed; a call or a visit to whoever did not refuse."""


@dataclass(frozen=True)
class Hours:
    """Times of day in the company's zone between which somebody may be asked."""

    start: time
    end: time

    @classmethod
    def read(cls, start: str | None, end: str | None) -> Hours | None:
        """From `09:00` and `18:00`; None where a customer wishes nothing."""
        return cls(time.fromisoformat(start), time.fromisoformat(end)) if start and end else None

    def holds(self, at: time) -> bool:
        """Whether a time of day lies in them."""
        return self.start <= at < self.end


def is_permitted(by: By, consent: bool | None) -> bool:
    """Whether a customer may be asked this way. `consent`: yes, no, or None, nobody has asked them yet."""
    return consent is True if by in WRITTEN else consent is not False


def fits(local: datetime, wish: Hours | None, quiet: Hours) -> bool:
    """Whether a moment, in the company's zone, is neither in the quiet hours nor outside those a customer wishes."""
    return not is_quiet(local.time(), quiet.start, quiet.end) and (wish is None or wish.holds(local.time()))


def next_fit(local: datetime, wish: Hours | None, quiet: Hours) -> datetime:
    """The first quarter of an hour from `local` on that fits; if a customer's hours all lie in the quiet ones, `local`
    moved out of these alone."""
    for wanted in (wish, None):
        at = local
        while at < local + 2 * DAY:
            if fits(at, wanted, quiet):
                return at
            at = _quarter_after(at)
    return local


def _quarter_after(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + QUARTER


@dataclass(frozen=True)
class Report:
    """What came of it: was everything done as agreed, was anything unpleasant, how satisfied (1 to 5), what is open."""

    as_agreed: bool
    satisfied: int
    unpleasant: str = ""
    still_open: str = ""

    @property
    def needs_work(self) -> bool:
        """Whether something is left that somebody has to see to."""
        return bool(self.still_open) or not self.as_agreed or self.satisfied <= HARDLY

    def kept(self) -> Mapping[str, Any]:
        """As it is stored."""
        return {
            "as_agreed": self.as_agreed,
            "satisfied": self.satisfied,
            "unpleasant": self.unpleasant,
            "still_open": self.still_open,
        }
