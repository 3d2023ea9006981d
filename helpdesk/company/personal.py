"""Personal data: how long it is kept, and what follows for what customers are told of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field, model_validator

from helpdesk.company.shape import Shape

__all__ = ["DURATION", "Keep", "PersonalData", "in_words"]

OWN_EVIDENCE = "data_request"
"""The kind of ticket that tells why somebody was deleted."""
MONTH, YEAR = 30, 365
YEARS = "零一两三四五六七八九十"
DURATION = re.compile(r"[\d零一二两三四五六七八九十百]+\s*个?(?:年|月|周|天|日|小时)")
"""A time that a text promises by itself, where only these settings may."""


class Keep(Shape):
    """Days from which on each kind is erased."""

    conversations: int = Field(ge=MONTH)
    pictures: int = Field(ge=MONTH)
    drafts: int = Field(ge=1)
    merges: int = Field(ge=1)
    questions: int = Field(ge=1)
    deliveries: int = Field(ge=7)
    audit: int = Field(ge=MONTH)
    tickets: int = Field(ge=MONTH)

    @property
    def longest(self) -> int:
        """Days after which nothing personal of a settled matter is left."""
        days: Mapping[str, int] = self.model_dump()
        return max(days.values())

    def span(self, kind: str) -> timedelta:
        """The same as a span of time."""
        days: Mapping[str, int] = self.model_dump()
        return timedelta(days=days[kind])


class PersonalData(Shape):
    keep: Keep
    kept_tickets: tuple[str, ...]
    deletion_notice_minutes: int = Field(ge=0, le=7 * 24 * 60)

    @model_validator(mode="after")
    def _evidence_is_kept(self) -> PersonalData:
        if OWN_EVIDENCE not in self.kept_tickets:
            raise ValueError(f"kept_tickets: {OWN_EVIDENCE} is the evidence of a deletion and has to be kept")
        return self


def in_words(days: int) -> str:
    """Days as a customer is told them: 三年, 6 个月, 45 天."""
    if days % YEAR == 0:
        years = days // YEAR
        return f"{YEARS[years]}年" if years < len(YEARS) else f"{years} 年"
    return f"{days // MONTH} 个月" if days % MONTH == 0 else f"{days} 天"
