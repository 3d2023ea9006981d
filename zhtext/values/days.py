"""Words that name a day or several: 昨天, 上周五, 10月3号, 20261120, 农历十月初一, 双十一那天, 大概半个月前.

Said of something that happened, a day without a year is the latest one; of something wished or promised, the next.
Without a bias the words around decide: what is yet to come (周六上门, 约在28号) is ahead, everything else is over.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from zhtext.values import festivals
from zhtext.values.numerals import to_number


class Bias(Enum):
    """What is spoken of: something that happened, something to come, or either."""

    PAST = "past"
    FUTURE = "future"
    EITHER = "either"


@dataclass(frozen=True)
class Days:
    """First and last day; the same for one day. `before`: the last moment is the end of what lies before them."""

    first: date
    last: date


@dataclass(frozen=True)
class Seen:
    """From where a day is read."""

    today: date
    bias: Bias
    ahead: bool
    """Whether what is said is yet to come."""


class NoSuchDay(ValueError):
    """11月31号, 13月5号, 星期八."""


Resolver = Callable[["re.Match[str]", Seen], "Days | None"]

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEKDAYS = {
    name: day for day, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for name in names
}
RELATIVE = {
    "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "前儿个": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨儿个": -1,
    "昨儿": -1, "昨晚": -1, "昨夜": -1, "寻日": -1, "琴日": -1, "今天": 0, "今日": 0, "今儿个": 0, "今儿": 0, "今朝": 0, "今早": 0,
    "今晚": 0, "当天": 0, "当日": 0, "刚刚": 0, "刚才": 0, "方才": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1, "明儿个": 1,
    "听日": 1, "后天": 2, "后日": 2, "后儿个": 2, "后儿": 2, "大后天": 3, "大后儿": 3,
}  # fmt: skip
_FIRST_OF_TWO = {"今明": 0, "明后": 1, "昨今": -1}
# What is yet to come: a visit or a delivery to be arranged, and nothing told of it as done.
_AHEAD = re.compile(
    r"预约|约在|约个?|改到|改成|改约|推迟|延到|挪到|上门|送货|来装|来修|来取|再送|再来|给我送|派人|回电|打给我|给我打|方便|有空|在家"
)
_DONE = re.compile(r"了|过|没|说好|约好|买的|下的单|到的|来的|送来的|装的|修的|收到|就|一直")
SOON = timedelta(days=31)
"""So far ahead a date without a year still means this year's."""
WEEK, YEAR = 7, 12


def seen_from(text: str, today: date, bias: Bias) -> Seen:
    """How the days of a text are read."""
    looks_ahead = bool(_AHEAD.search(text)) and not _DONE.search(text)
    return Seen(today, bias, bias is Bias.FUTURE or (bias is Bias.EITHER and looks_ahead))


def _one(day: date | None) -> Days | None:
    return Days(day, day) if day else None


def _dated(year: int, month: int, day: int) -> date:
    """The date, or NoSuchDay."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay(f"{year}-{month}-{day}") from error


def _relative(match: re.Match[str], seen: Seen) -> Days | None:
    return _one(seen.today + timedelta(days=RELATIVE[match.group("relative")]))


def _two_days(match: re.Match[str], seen: Seen) -> Days | None:
    """今明两天, 明后天."""
    first = seen.today + timedelta(days=_FIRST_OF_TWO[match.group("two")])
    return Days(first, first + timedelta(days=1))


def _week(match: re.Match[str], seen: Seen) -> Days | None:
    shift = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(match.group("week"), 0)
    monday = seen.today - timedelta(days=seen.today.weekday()) + timedelta(weeks=shift)
    name = match.group("weekday")
    if name == "末":
        return Days(monday + timedelta(days=5), monday + timedelta(days=6))
    return _one(monday + timedelta(days=_WEEKDAYS[name])) if name else Days(monday, monday + timedelta(days=6))


def _bare_weekday(match: re.Match[str], seen: Seen) -> Days | None:
    """The latest such day, or the next; 周末 alone may be the last or the next: its words stay, unless it is ahead."""
    name = match.group("bare")
    weekday = 5 if name == "末" else _WEEKDAYS[name]
    if name == "末" and seen.bias is not Bias.FUTURE:
        return None
    if name == "末":
        sunday = seen.today + timedelta(days=6 - seen.today.weekday())
        return Days(sunday - timedelta(days=1), sunday)
    if seen.ahead:
        return _one(seen.today + timedelta(days=(weekday - seen.today.weekday()) % WEEK))
    return _one(seen.today - timedelta(days=(seen.today.weekday() - weekday) % WEEK))


def _no_weekday(match: re.Match[str], seen: Seen) -> Days | None:
    raise NoSuchDay(match.group(0))


def _year_of(word: str | None, today: date) -> int | None:
    if not word:
        return None
    named = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
    if word in named:
        return today.year + named[word]
    digits = to_number(word.rstrip("年-/."))
    return digits if digits > 999 else 2000 + digits


def _calendar_day(match: re.Match[str], seen: Seen) -> Days | None:
    month, day = to_number(match.group("month")), to_number(match.group("day"))
    year = _year_of(match.group("year"), seen.today)
    if year is None and (month, day) != (2, 29):
        _dated(seen.today.year, month, day)
    return _one(_dated(year, month, day) if year else _without_year(month, day, seen))


def _without_year(month: int, day: int, seen: Seen) -> date:
    """This year's; the next when that is over and it is to come, the last when it is more than a month ahead."""
    years = [
        seen.today.year + shift for shift in ((0, 1, 2, 3, 4) if seen.bias is Bias.FUTURE else (0, -1, -2, -3, -4))
    ]
    days = [found for year in years if (found := _if_there_is(year, month, day))]
    if seen.bias is Bias.FUTURE:
        return next((found for found in days if found >= seen.today), days[0])
    return next((found for found in days if found - seen.today <= SOON), days[0])


def _if_there_is(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(match: re.Match[str], seen: Seen) -> Days | None:
    month = to_number(match.group("month"))
    if not 1 <= month <= YEAR:
        raise NoSuchDay(match.group(0))
    shift = int(month < seen.today.month) if seen.bias is Bias.FUTURE else -int(month > seen.today.month)
    year = _year_of(match.group("year"), seen.today) or seen.today.year + shift
    return _part_of_month(year, month, match.group("third"))


def _near_month(match: re.Match[str], seen: Seen) -> Days | None:
    shift = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(match.group("near") or "", 0)
    year, month = divmod(seen.today.year * YEAR + seen.today.month - 1 + shift, YEAR)
    if match.group("monthday"):
        return _one(_dated(year, month + 1, to_number(match.group("monthday"))))
    return _part_of_month(year, month + 1, match.group("part"))


# 初 and 上旬, 中 and 中旬, 底, 末 and 下旬.
_THIRDS = {"初": (1, 10), "上": (1, 10), "中": (11, 20), "底": (21, 31), "末": (21, 31), "下": (21, 31)}


def _part_of_month(year: int, month: int, part: str | None) -> Days:
    last = monthrange(year, month)[1]
    first_day, last_day = _THIRDS.get((part or "")[:1], (1, 31))
    return Days(date(year, month, first_day), date(year, month, min(last_day, last)))


def _day_of_month(match: re.Match[str], seen: Seen) -> Days | None:
    day, today = to_number(match.group("only")), seen.today
    if not 1 <= day <= 31:
        raise NoSuchDay(match.group(0))
    found = _if_there_is(today.year, today.month, day)
    if seen.ahead:
        after = today.replace(day=28) + timedelta(days=4)
        return _one(found if found and found >= today else _if_there_is(after.year, after.month, day))
    grace = timedelta(days=0 if seen.bias is Bias.PAST else WEEK)
    if found is None or found > today + grace:
        before = today.replace(day=1) - timedelta(days=1)
        found = _if_there_is(before.year, before.month, day)
    return _one(found)


_LENGTHS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_SEVERAL = ("几", "好几", "一两", "两三", "三四")


def _away(match: re.Match[str], seen: Seen) -> Days | None:
    """三天前, 半个月后; hours and minutes stay on the day."""
    count_word, unit = match.group("count"), match.group("unit")
    if count_word in _SEVERAL or unit not in _LENGTHS:
        return None if unit in _LENGTHS else _one(seen.today)
    days = _LENGTHS[unit] / 2 if count_word == "半" else _LENGTHS[unit] * to_number(count_word)
    if match.group("half"):
        days += _LENGTHS[unit] / 2
    return _one(seen.today + timedelta(days=int(days) * (-1 if "前" in match.group("way") else 1)))


def _festival(match: re.Match[str], seen: Seen) -> Days | None:
    """The day, or the days off for 期间; a promise for before one ends the day before, else 前 and 后 are not computed."""
    name, around = match.group("festival"), match.group("around") or ""
    year = _year_of(match.group("year"), seen.today)
    if seen.bias is Bias.FUTURE and around in ("前", "之前", "以前"):
        day = festivals.coming(name, seen.today + timedelta(days=1), year)
        return _one(day - timedelta(days=1) if day else None)
    if around:
        return None
    find = festivals.coming if seen.bias is Bias.FUTURE else festivals.latest
    found = find(name, seen.today, year)
    if found and match.group("while"):
        return Days(*festivals.holiday(name, found))
    return _one(found)


def _after_holiday(match: re.Match[str], seen: Seen) -> Days | None:
    """节后第一天; which of the days that follow is worked, the calendar says."""
    return _one(festivals.after_holiday(seen.today, match.group("festival"))) if seen.bias is Bias.FUTURE else None


_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR_TENS = {"初": "", "廿": "二十", "卅": "三十"}


def _lunar(match: re.Match[str], seen: Seen) -> Days | None:
    """A day of the moon's calendar; the year is that in which it lies nearest, as the bias has it."""
    word, leap = match.group("lunar_month"), bool(match.group("leap"))
    month = _LUNAR_MONTHS.get(word) or to_number(word)
    said = match.group("lunar_day")
    day = to_number(_LUNAR_TENS.get(said[0], said[0]) + said[1:])
    if not (1 <= month <= YEAR and 1 <= day <= 30):
        raise NoSuchDay(match.group(0))
    year = _year_of(match.group("year"), seen.today)
    years = [year] if year else [seen.today.year + shift for shift in (-1, 0, 1)]
    days = [found for one in years if (found := festivals.of_the_moon(one, month, day, leap=leap))]
    if not days:
        raise NoSuchDay(match.group(0))
    return _one(_nearest(days, seen))


def _nearest(days: list[date], seen: Seen) -> date:
    if seen.bias is Bias.FUTURE:
        return next((day for day in days if day >= seen.today), days[-1])
    return next((day for day in reversed(days) if day - seen.today <= SOON), days[0])


def _unknown(match: re.Match[str], seen: Seen) -> Days | None:
    """Said, but no day: 前几天."""
    return None


def _words(table: Iterable[str]) -> str:
    return "|".join(sorted(table, key=len, reverse=True))


_YEAR = r"(?P<year>(?:20)?\d\d年|今年|去年|前年|明年)"
_AROUND = "(?P<around>前后|之前|以前|之后|以后|过后|前|后|左右)"
_FESTIVALS = _words(festivals.NAMES)
_LUNAR_DAY = r"(?P<lunar_day>初[一二三四五六七八九十]|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅)"
COMPACT = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-9])(?P<day>[0-3]\d)(?!\d)")
"""20261120; read only where a time is asked for, for an order number may begin so."""
PATTERNS: tuple[tuple[re.Pattern[str], Resolver], ...] = (
    (re.compile(rf"{_YEAR}?的?(?:农历|阴历|旧历|老历)(?P<leap>闰)?(?P<lunar_month>[正冬腊]|{_N})月{_LUNAR_DAY}"), _lunar),
    (re.compile(rf"{_YEAR}?的?(?P<leap>闰)?(?P<lunar_month>[正冬腊])月{_LUNAR_DAY}"), _lunar),
    (re.compile(rf"{_YEAR}?的?(?P<leap>闰)?(?P<lunar_month>{_N})月(?P<lunar_day>初[一二三四五六七八九十])"), _lunar),
    (re.compile(r"(?<!\d)(?P<year>20\d\d[-/.年])\s?(?P<month>\d{1,2})[-/.月]\s?(?P<day>\d{1,2})(?:[号日]|(?![号日\d]))"), _calendar_day),
    (re.compile(rf"{_YEAR}?\s?(?<!\d)(?P<month>{_N})\s?月份?\s?(?P<day>\d{{1,2}}|[一二三十][一二三四五六七八九十]{{0,2}}|[四五六七八九])\s?(?:[号日](?!个)|(?![号日个\d]))"), _calendar_day),
    (re.compile(rf"{_YEAR}?(?<!\d)(?P<month>{_N})月份?(?P<third>初|上旬|中旬?|下旬|底|末)?"), _month),
    (re.compile(r"(?P<year>(?!))?(?<![\d.:/\-¥])(?P<month>1[0-2]|0?[1-9])[./](?P<day>3[01]|[12]\d|0?[1-9])(?![\d.:/\-]|\s*[元块万寸升kg%折倍米])"), _calendar_day),
    (re.compile(rf"(?P<near>上上|上|这|本|下下|下)个?月(?:(?P<monthday>{_N})[号日]|(?P<part>初|上旬|中旬?|下旬|底|末))?"), _near_month),
    (re.compile(r"(?P<near>(?!))?(?P<monthday>(?!))?月(?P<part>初|底)"), _near_month),
    (re.compile(r"(?:前|这|过|最近)(?:几|两|些|三)天|最近|好几天|前些日子|前阵子|前段时间|前一阵"), _unknown),
    (re.compile(r"(?P<week>上上|上|这|本|下下|下)一?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末]|[1-7](?!\d))?"), _week),
    (re.compile(r"(?:(?<![上这本下一二两三四五六七八九十几半每\d个])|(?<=[周期拜][一二三四五六]))(?:周|星期|礼拜)(?P<bare>[一二三四五六日天末](?!个)|[1-7](?![个\d]))"), _bare_weekday),
    (re.compile(r"(?<![一二两三四五六七八九十几半每\d个])(?:星期|礼拜)[八九十890]"), _no_weekday),
    (re.compile(rf"(?P<count>半|好几|几|一两|两三|三四|{_N})(?P<measure>个)?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|月|年|小时|钟头|分钟)(?P<about>多|左右)?(?P<way>之前|以前|前|之后|以后|后)(?!天)"), _away),
    (re.compile(rf"(?P<festival>{_FESTIVALS})?节?后的?(?:第一天|第一个工作日|第1天|上班第一天|首个工作日|一上班)"), _after_holiday),
    (re.compile(rf"{_YEAR}?的?(?P<festival>{_FESTIVALS})节?(?:(?P<while>期间|假期|放假|那几天)|{_AROUND}|那天|当天|当晚|的时候|晚上)?"), _festival),
    (re.compile(r"(?:今年|去年|前年)?(?:年初|年中|年底|年前|春天|夏天|秋天|冬天|暑假|寒假)"), _unknown),
    (re.compile(r"(?P<two>今明|明后|昨今)(?:这|的)?(?:两|二|2)?[天日]"), _two_days),
    (re.compile(rf"(?P<relative>{_words(RELATIVE)})"), _relative),
    (re.compile(rf"(?<![\d一二三四五六七八九十.楼栋路街巷弄道村院a-z])(?P<only>{_N})\s?[号日](?![楼栋线院店公机码门]|之(?![前后间内]))"), _day_of_month),
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A day that is named, where it stands; `days` None when only the words are left, `wrong` when there is no such day."""

    start: int
    end: int
    days: Days | None
    words: str
    wrong: bool = False


def find(text: str, seen: Seen, *, compact: bool = False) -> list[Named]:
    """The days of a folded text in its order; with `compact` also 20261120."""
    kept: list[Named] = []
    patterns = ((COMPACT, _calendar_day), *PATTERNS) if compact else PATTERNS
    for pattern, resolve in patterns:
        for match in pattern.finditer(text):
            if not any(match.start() < other.end and other.start < match.end() for other in kept):
                kept.append(_named(resolve, match, seen))
    return sorted(kept, key=lambda one: one.start)


def _named(resolve: Resolver, match: re.Match[str], seen: Seen) -> Named:
    """Without a day for what the numeral rules refuse, and wrong where the calendar has no such day."""
    try:
        return Named(match.start(), match.end(), resolve(match, seen), match.group(0))
    except NoSuchDay:
        return Named(match.start(), match.end(), None, match.group(0), wrong=True)
    except (ValueError, OverflowError):
        return Named(match.start(), match.end(), None, match.group(0))
