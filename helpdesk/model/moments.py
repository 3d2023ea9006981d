"""Moments as people say them: 11月9日（周一）18:00; and one before all others."""

from __future__ import annotations

from datetime import UTC, datetime

WEEKDAYS = "一二三四五六日"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""For what never happened."""


def in_words(local: datetime) -> str:
    """A moment of the company's time zone in words; convert to that zone first."""
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"
