"""Dates and times of day: 昨天下午三点多, 上周五, 10月3号, 双十一那天, 大概半个月前.

A value is an ISO day or minute ("2026-11-20", "2026-11-20T15:00"), a range of days
("2026-11-16/2026-11-22"), or the customer's words where nothing can be computed (国庆前后).
Customers report what happened, so a day without a year is the latest one not in the future; unless the words are about
something to come (周六上门, 约在28号).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Callable, Iterator, NamedTuple, Optional

from bot.nlu.values import festivals
from bot.nlu.values.base import Value
from bot.nlu.values.numbers import to_number


class Days(NamedTuple):
    """First and last day; the same for one day."""

    first: date
    last: date


Resolver = Callable[["re.Match[str]", date], Optional[Days]]

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEKDAYS = {
    name: day for day, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for name in names
}

_RELATIVE_DAYS = {
    "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "前儿个": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨儿个": -1,
    "昨儿": -1, "昨晚": -1, "昨夜": -1, "寻日": -1, "琴日": -1, "今天": 0, "今日": 0, "今儿个": 0, "今儿": 0, "今早": 0,
    "今晚": 0, "当天": 0, "刚刚": 0, "刚才": 0, "方才": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1,
    "听日": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
_EVENING = frozenset({"昨晚", "昨夜", "今晚", "明晚"})
_PARTS = {"凌晨": 0, "早上": 0, "早晨": 0, "清早": 0, "上午": 0, "中午": 12, "下午": 12, "下昼": 12, "傍晚": 12, "晚上": 12, "夜里": 12, "半夜": 0, "晚": 12, "早": 0}  # fmt: skip


# What is yet to come: a visit or a delivery to be arranged, and nothing told of it as done.
_AHEAD = re.compile(
    r"预约|约在|约个?|改到|改成|改约|推迟|延到|挪到|上门|送货|来装|来修|来取|再送|再来|给我送|派人|回电|打给我|给我打|方便|有空|在家"
)
_DONE = re.compile(r"了|过|没|说好|约好|买的|下的单|到的|来的|送来的|装的|修的|收到|就|一直")


def _is_ahead(text: str) -> bool:
    return bool(_AHEAD.search(text)) and not _DONE.search(text)


def _one(day: date) -> Days:
    return Days(day, day)


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, today: date) -> date | None:
    """The day of this year, or of last year when this year's is more than a month ahead."""
    this_year = _safe_date(today.year, month, day)
    if this_year and this_year - today > timedelta(days=31):
        return _safe_date(today.year - 1, month, day)
    return this_year


def _relative(match: re.Match[str], today: date) -> Days:
    return _one(today + timedelta(days=_RELATIVE_DAYS[match.group("relative")]))


def _week(match: re.Match[str], today: date) -> Days:
    shift = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(match.group("week"), 0)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
    name = match.group("weekday")
    if name == "末":
        return Days(monday + timedelta(days=5), monday + timedelta(days=6))
    return _one(monday + timedelta(days=_WEEKDAYS[name])) if name else Days(monday, monday + timedelta(days=6))


def _bare_weekday(match: re.Match[str], today: date) -> Days | None:
    """The latest such day; 周末 alone may be the last or the next: its words stay."""
    if match.group("bare") == "末":
        return None
    weekday = _WEEKDAYS[match.group("bare")]
    if _is_ahead(match.string):
        return _one(today + timedelta(days=(weekday - today.weekday()) % 7))
    return _one(today - timedelta(days=(today.weekday() - weekday) % 7))


def _year_of(word: str | None, today: date) -> int | None:
    if not word:
        return None
    named = {"今年": today.year, "去年": today.year - 1, "前年": today.year - 2}
    if word in named:
        return named[word]
    digits = to_number(word.rstrip("年-/."))
    return digits if digits > 999 else 2000 + digits


def _calendar_day(match: re.Match[str], today: date) -> Days | None:
    month = to_number(match.group("month"))
    day = to_number(match.group("day"))
    year = _year_of(match.group("year"), today)
    found = _safe_date(year, month, day) if year else _latest(month, day, today)
    return _one(found) if found else None


def _month(match: re.Match[str], today: date) -> Days | None:
    month = to_number(match.group("month"))
    if not 1 <= month <= 12:
        return None
    year = _year_of(match.group("year"), today) or (today.year if month <= today.month else today.year - 1)
    return _part_of_month(year, month, match.group("third"))


def _near_month(match: re.Match[str], today: date) -> Days | None:
    shift = {"上上": -2, "上": -1, "下": 1}.get(match.group("near"), 0)
    year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    if match.group("monthday"):
        found = _safe_date(year, month + 1, to_number(match.group("monthday")))
        return _one(found) if found else None
    return _part_of_month(year, month + 1, match.group("part"))


# 初 and 上旬, 中 and 中旬, 底, 末 and 下旬.
_THIRDS = {"初": (1, 10), "上": (1, 10), "中": (11, 20), "底": (21, 31), "末": (21, 31), "下": (21, 31)}


def _part_of_month(year: int, month: int, part: str | None) -> Days:
    last = monthrange(year, month)[1]
    first_day, last_day = _THIRDS.get((part or "")[:1], (1, 31))
    return Days(date(year, month, first_day), date(year, month, min(last_day, last)))


def _day_of_month(match: re.Match[str], today: date) -> Days | None:
    day = to_number(match.group("only"))
    found = _safe_date(today.year, today.month, day)
    if _is_ahead(match.string):
        after = today.replace(day=28) + timedelta(days=4)
        found = found if found and found >= today else _safe_date(after.year, after.month, day)
        return _one(found) if found else None
    if found is None or found > today + timedelta(days=7):
        before = today.replace(day=1) - timedelta(days=1)
        found = _safe_date(before.year, before.month, day)
    return _one(found) if found else None


def _ago(match: re.Match[str], today: date) -> Days | None:
    count_word, unit = match.group("count"), match.group("unit")
    lengths = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
    if count_word in ("几", "好几", "一两", "两三", "三四") or unit not in lengths:
        return None if unit in lengths else _one(today)
    days = lengths[unit] / 2 if count_word == "半" else lengths[unit] * to_number(count_word)
    if match.group("half"):
        days += lengths[unit] / 2
    return _one(today - timedelta(days=int(days)))


def _festival(match: re.Match[str], today: date) -> Days | None:
    """The day, or the days off for 期间; what lies before, after or around it is not computed."""
    if match.group("around"):
        return None
    found = festivals.latest(match.group("festival"), today, _year_of(match.group("year"), today))
    if found and match.group("while"):
        return Days(*festivals.holiday(match.group("festival"), found))
    return _one(found) if found else None


def _unknown(match: re.Match[str], today: date) -> None:
    """Said, but no day: 前几天."""
    return


def _words(table: object) -> str:
    return "|".join(sorted(table, key=len, reverse=True))  # type: ignore[call-overload]


_YEAR = r"(?P<year>(?:20)?\d\d年|今年|去年|前年)"
_DAY_PATTERNS: tuple[tuple[re.Pattern[str], Resolver], ...] = (
    (re.compile(r"(?<!\d)(?P<year>20\d\d[-/.年])\s?(?P<month>\d{1,2})[-/.月]\s?(?P<day>\d{1,2})[号日]?(?!\d)"), _calendar_day),
    (re.compile(rf"{_YEAR}?\s?(?<!\d)(?P<month>{_N})月份?\s?(?P<day>\d{{1,2}}|[一二三十][一二三四五六七八九十]{{0,2}}|[四五六七八九])[号日]?(?![个\d])"), _calendar_day),
    (re.compile(rf"{_YEAR}?(?<!\d)(?P<month>{_N})月份?(?P<third>初|上旬|中旬?|下旬|底|末)?"), _month),
    (re.compile(r"(?P<year>(?!))?(?<![\d.:/\-¥])(?P<month>1[0-2]|0?[1-9])[./](?P<day>3[01]|[12]\d|0?[1-9])(?![\d.:/\-]|\s*[元块万寸升kg%折倍米])"), _calendar_day),
    (re.compile(rf"(?P<near>上上|上|这|本|下)个?月(?:(?P<monthday>{_N})[号日]|(?P<part>初|上旬|中旬?|下旬|底|末))?"), _near_month),
    (re.compile(r"(?P<near>(?!))?(?P<monthday>(?!))?月(?P<part>初|底)"), _near_month),
    (re.compile(r"(?:前|这|过|最近)(?:几|两|些|三)天|最近|好几天|前些日子|前阵子|前段时间|前一阵"), _unknown),
    (re.compile(r"(?P<week>上上|上|这|本|下下|下)一?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])?"), _week),
    (re.compile(r"(?<![上这本下一二两三四五六七八九十几半每\d个])(?:周|星期|礼拜)(?P<bare>[一二三四五六日天末1-7])(?!个)"), _bare_weekday),
    (re.compile(rf"(?P<count>半|好几|几|一两|两三|三四|{_N})(?P<measure>个)?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|月|年|小时|钟头|分钟)(?P<about>多|左右)?(?:之前|以前|前)"), _ago),
    (re.compile(rf"{_YEAR}?的?(?P<festival>{_words(festivals.NAMES)})节?(?:(?P<while>期间|假期|放假|那几天)|(?P<around>前后|之前|以前|之后|以后|过后|前|后|左右)|那天|当天|当晚|的时候|晚上)?"), _festival),
    (re.compile(r"(?:今年|去年|前年)?(?:年初|年中|年底|年前|春天|夏天|秋天|冬天|暑假|寒假)"), _unknown),
    (re.compile(rf"(?P<relative>{_words(_RELATIVE_DAYS)})"), _relative),
    (re.compile(rf"(?<![\d一二三四五六七八九十.楼栋路街巷弄道村院a-z])(?P<only>{_N})[号日](?![楼栋线院店公机码门])"), _day_of_month),
)  # fmt: skip

_CLOCK = re.compile(
    rf"(?P<part>{_words(_PARTS)})?\s?(?<![\d一二三四五六七八九十.])(?P<hour>{_N})(?:点钟?|[:时](?=\d\d|半|整|[^间候长机尚光]|$))"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{1,2}|[一二三四五]?十[一二三四五六七八九]?)分?)?(?P<about>多|左右|钟)*"
)
_PART_ONLY = re.compile(rf"(?:{_words([part for part in _PARTS if len(part) > 1])})")
_JOIN = re.compile(r"^[\s的,，在大概约]{0,3}$")
_ABOUT_BEFORE = re.compile(r"(?:大概|大约|差不多|好像)(?:是|在)?$")


class _Found(NamedTuple):
    start: int
    end: int
    days: Days | None
    words: str


def find(text: str, now: datetime) -> Iterator[Value]:
    """Times of the folded text, one value a connected expression, computed from `now` (aware)."""
    taken: list[_Found] = sorted(_day_expressions(text, now.date()))
    for found in taken:
        yield _with_clock(text, found, now)
    yield from _lonely_clocks(text, taken, now)


def _day_expressions(text: str, today: date) -> list[_Found]:
    kept: list[_Found] = []
    for pattern, resolve in _DAY_PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < other.end and other.start < match.end() for other in kept):
                days = _resolved(resolve, match, today)
                kept.append(_Found(match.start(), match.end(), days, match.group(0)))
    return kept


def _resolved(resolve: Resolver, match: re.Match[str], today: date) -> Days | None:
    """None for what the numeral rules or the calendar refuse (13月, 三十五号)."""
    try:
        return resolve(match, today)
    except (ValueError, OverflowError):
        return None


def _with_clock(text: str, found: _Found, now: datetime) -> Value:
    """The day with the time of day right behind it, and the 大概 right before."""
    before = _ABOUT_BEFORE.search(text[: found.start])
    start = before.start() if before else found.start
    clock = _clock_behind(text, found.end)
    if clock is not None:
        value = _iso(found, _hour_minute(clock, found.words), text[start : clock.end()])
        return Value("time", value, start, clock.end())
    part = _PART_ONLY.match(text, found.end)
    end = part.end() if part else found.end
    return Value("time", _iso(found, None, text[start:end]), start, end)


def _clock_behind(text: str, position: int) -> re.Match[str] | None:
    clock = _CLOCK.search(text, position, position + 14)
    joined = clock is not None and _JOIN.match(text[position : clock.start()])
    return clock if joined and not _a_little(clock) else None


def _a_little(clock: re.Match[str] | None) -> bool:
    """一点 without more is 一点都不好 as often as an hour."""
    return clock is not None and clock.group(0) == "一点"


def _hour_minute(clock: re.Match[str], day_word: str) -> tuple[int, int] | None:
    hour = to_number(clock.group("hour"))
    part = clock.group("part")
    offset = 12 if day_word in _EVENING else _PARTS.get(part or "", 0)
    if offset == 12 and (hour < 12 if part != "中午" else hour < 11):
        hour += 12
    minute = to_number(clock.group("minute")) if clock.group("minute") else 0
    minute = 30 if clock.group("half") else {"一": 15, "三": 45}.get(clock.group("quarter") or "", minute)
    return (hour % 24, minute) if hour <= 24 and minute < 60 else None


def _iso(found: _Found, clock: tuple[int, int] | None, words: str) -> str:
    if found.days is None:
        return words.strip()
    if found.days.first != found.days.last:
        return f"{found.days.first.isoformat()}/{found.days.last.isoformat()}"
    day = found.days.first.isoformat()
    return f"{day}T{clock[0]:02d}:{clock[1]:02d}" if clock else day


def _lonely_clocks(text: str, taken: list[_Found], now: datetime) -> Iterator[Value]:
    """A time of day without a day (下午三点) keeps the customer's words: which day is not said."""
    for clock in _CLOCK.finditer(text):
        if not _a_little(clock) and not any(
            clock.start() < found.end + 14 and found.start < clock.end() for found in taken
        ):
            yield Value("time", clock.group(0).strip(), clock.start(), clock.end())
