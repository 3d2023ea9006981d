"""The days of festivals and of the lunar calendar: 双十一, 春节, 清明, 农历十月初一."""

from __future__ import annotations

from datetime import date, timedelta

from zhdate import ZhDate

_SOLAR = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18), "元旦": (1, 1),
    "五一": (5, 1), "国庆": (10, 1), "十一假期": (10, 1), "情人节": (2, 14), "妇女节": (3, 8), "儿童节": (6, 1),
    "教师节": (9, 10), "圣诞": (12, 25), "平安夜": (12, 24),
}  # fmt: skip
# Month and day of the moon.
_LUNAR = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}
_EVE, _CLEAR = "除夕", "清明"
_SAME = {"过年": "春节", "大年初一": "春节", "大年三十": "除夕", "年三十": "除夕"}
# First and last day of the time off, counted from the day itself.
_HOLIDAYS = {"国庆": (0, 6), "十一假期": (0, 6), "五一": (0, 4), "春节": (-2, 6), "元旦": (0, 0), "清明": (0, 0), "端午": (0, 0), "中秋": (0, 0)}  # fmt: skip

NAMES = (*_SOLAR, *_LUNAR, _EVE, _CLEAR, *_SAME)
SOON = timedelta(days=31)


def latest(name: str, today: date, year: int | None = None) -> date | None:
    """The day in `year`, or the latest one that is not more than a month ahead; None where it is not known."""
    years = [year] if year else [today.year + 1, today.year, today.year - 1]
    days = filter(None, (_in_year(name, one) for one in years))
    return next((day for day in days if year or day - today <= SOON), None)


def coming(name: str, today: date, year: int | None = None) -> date | None:
    """The day in `year`, or the first one from today on."""
    years = [year] if year else [today.year, today.year + 1]
    days = filter(None, (_in_year(name, one) for one in years))
    return next((day for day in days if year or day >= today), None)


def holiday(name: str, day: date) -> tuple[date, date]:
    """The days off around `day`; the day alone for a festival without any."""
    first, last = _HOLIDAYS.get(_SAME.get(name, name), (0, 0))
    return day + timedelta(days=first), day + timedelta(days=last)


def after_holiday(today: date, name: str | None = None) -> date | None:
    """The day after the holiday that is under way, or that comes next."""
    names = [name] if name else list(_HOLIDAYS)
    around = [today - timedelta(days=10), today]
    days = {day for one in names for start in around if (day := coming(one, start))}
    ends = sorted(holiday(one, day)[1] for one in names for day in days if _in_year(one, day.year) == day)
    return next((end + timedelta(days=1) for end in ends if end >= today), None)


def of_the_moon(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The day of a lunar date; None where there is none (a month has 29 or 30 days, few are doubled)."""
    try:
        moment: date = ZhDate(year, month, day, leap).to_datetime().date()
    except (TypeError, ValueError, IndexError):
        return None
    return moment


def _in_year(name: str, year: int) -> date | None:
    name = _SAME.get(name, name)
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name == _CLEAR:
        return date(year, 4, _clear_and_bright(year)) if year // 100 == 20 else None
    if name == _EVE:
        spring = of_the_moon(year, 1, 1)
        return spring - timedelta(days=1) if spring else None
    return of_the_moon(year, *_LUNAR[name])


def _clear_and_bright(year: int) -> int:
    """The day of 清明 in April: the usual formula of the solar terms, for 2000 to 2099."""
    short = year % 100
    return int(short * 0.2422 + 4.81) - short // 4
