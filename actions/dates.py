"""Dates as they are read aloud: 11月24日（周二）18:00."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

WEEKDAYS = "一二三四五六日"


def spoken(at: datetime | str | None, zone: ZoneInfo) -> str:
    """A moment in the company's time zone; ISO text is read first. Empty for None."""
    if at is None:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"
