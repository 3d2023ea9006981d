"""The days of festivals: those of the sun by rule, those of the moon by table."""

from __future__ import annotations

from datetime import date, timedelta

_SOLAR = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18), "元旦": (1, 1),
    "五一": (5, 1), "国庆": (10, 1), "十一假期": (10, 1), "情人节": (2, 14), "妇女节": (3, 8), "儿童节": (6, 1),
    "教师节": (9, 10), "圣诞": (12, 25), "平安夜": (12, 24),
}  # fmt: skip

# Month and day by year; checked against chinesecalendar where it has the day as a holiday. A year that is not here is
# not computed: the customer's words stay.
_LUNAR = {
    "除夕": {2024: (2, 9), 2025: (1, 28), 2026: (2, 16), 2027: (2, 5)},
    "春节": {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6)},
    "元宵": {2024: (2, 24), 2025: (2, 12), 2026: (3, 3), 2027: (2, 20)},
    "清明": {2024: (4, 4), 2025: (4, 4), 2026: (4, 5), 2027: (4, 5)},
    "端午": {2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9)},
    "七夕": {2024: (8, 10), 2025: (8, 29), 2026: (8, 19), 2027: (8, 8)},
    "中秋": {2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15)},
    "重阳": {2024: (10, 11), 2025: (10, 29), 2026: (10, 18), 2027: (10, 8)},
}
_SAME = {"过年": "春节", "大年初一": "春节", "大年三十": "除夕", "年三十": "除夕"}
# First and last day of the time off, counted from the day itself.
_HOLIDAYS = {"国庆": (0, 6), "十一假期": (0, 6), "五一": (0, 4), "春节": (-2, 6)}

NAMES = (*_SOLAR, *_LUNAR, *_SAME)
SOON = timedelta(days=31)


def latest(name: str, today: date, year: int | None = None) -> date | None:
    """The day in `year`, or the latest one that is not more than a month ahead; None where it is not known."""
    years = [year] if year else [today.year + 1, today.year, today.year - 1]
    days = filter(None, (_in_year(name, one) for one in years))
    return next((day for day in days if year or day - today <= SOON), None)


def holiday(name: str, day: date) -> tuple[date, date]:
    """The days off around `day`; the day alone for a festival without any."""
    first, last = _HOLIDAYS.get(_SAME.get(name, name), (0, 0))
    return day + timedelta(days=first), day + timedelta(days=last)


def _in_year(name: str, year: int) -> date | None:
    month_and_day = _SOLAR.get(name) or _LUNAR.get(_SAME.get(name, name), {}).get(year)
    return date(year, *month_and_day) if month_and_day else None
