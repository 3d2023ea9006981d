"""Dates and times of day: 昨天下午三点多, 上周五, 10月3号, 双十一那天, 大概半个月前.

One reader with a bias. A value is an ISO day or minute ("2026-11-20", "2026-11-20T15:00"), a range of days
("2026-11-16/2026-11-22"), or the customer's words where nothing can be computed (国庆前后).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from zhtext.values import clocks, days
from zhtext.values.clocks import Clock
from zhtext.values.days import Bias, Days
from zhtext.values.found import Value

_ABOUT_BEFORE = re.compile(r"(?:大概|大约|差不多|好像)(?:是|在)?$")
_SPAN = re.compile(
    r"[\d一二两三四五六七八九十半几]+\s*(?:个)?半?\s*(?:分钟|小时|钟头|工作日|天|日|周|星期|礼拜|月)|[一三]刻钟"
)
_TAIL = re.compile(
    r"\s*(?:[之以过]后(?!天)|后(?![天日面来头台续边])|[之以]前|前(?![天日面头台段几边])|前后|左右|(?:之|以)?内(?!容)|之间|起(?![来床飞])|开始|往后|(?:下班|放学|下课|[早午晚]?饭)[之以过]?后)+"
)
"""What belongs to a time behind it: 三点以后, 周五之前, 九点到十一点之间."""
_JOINT = re.compile(r"^\s*(?P<range>到|至|[-~—]+)?(?P<other>或者?是?|和|跟|与|、|还是|,)?\s*$")
SIGN = re.compile(
    r"年|月|[号日]|星期|礼拜|周[一二三四五六日天末]|上周|这周|下周|今天|今早|今晚|昨|前天|明天|后天|大前天|早上|上午|中午|下午|晚上|凌晨|半夜|刚才|刚刚|最近|"
    r"前几天|几天|天前|小时|去年|当天|一直|每天|[0-9一二两三四五六七八九十]点|收到货|买回来|买来|到货|安装(?:完|好|后)|之前|以来|国庆|春节|双十一|双11|618"
)
"""What an answer to "when" has in it, even where no time can be computed."""


@dataclass(frozen=True)
class Moment:
    """A time that is named: its days as far as they can be computed, and the time of day."""

    start: int
    end: int
    words: str
    days: Days | None = None
    clock: Clock | None = None
    part: str = ""
    """The part of the day, where it is said: 下午."""
    wrong: bool = False
    """There is no such day: 11月31号, 星期八."""
    named_day: bool = True

    @property
    def value(self) -> str:
        """As the entity's value."""
        if self.days is None:
            return self.words.strip()
        if self.days.first != self.days.last:
            return f"{self.days.first.isoformat()}/{self.days.last.isoformat()}"
        hour = self.clock.hour if self.clock else None
        day = self.days.first.isoformat()
        return f"{day}T{hour:02d}:{self.clock.minute:02d}" if self.clock and hour is not None else day

    @property
    def last_day(self) -> date | None:
        return self.days.last if self.days else None


def read(text: str, now: datetime, bias: Bias = Bias.EITHER, *, asked: bool = False) -> list[Moment]:
    """The times of a folded text in its order, seen from `now` (aware, in the company's zone).

    `asked`: the text answers when, so that 20261120 is a date too.
    """
    seen = days.seen_from(text, now.date(), bias)
    named = [_moment(text, one) for one in days.find(text, seen, compact=asked)]
    return sorted([*named, *_lonely(text, named)], key=lambda one: one.start)


@dataclass(frozen=True)
class Phrase:
    """Times that are told as one: 周三到周五, 12月3号或者4号; one alone as a rule."""

    moments: tuple[Moment, ...]
    is_range: bool = False

    @property
    def start(self) -> int:
        return self.moments[0].start

    @property
    def end(self) -> int:
        return self.moments[-1].end

    @property
    def names_day(self) -> bool:
        return any(moment.named_day for moment in self.moments)


def phrases(text: str, moments: list[Moment]) -> list[Phrase]:
    """The times of a folded text, in its order, those that are told as one together."""
    told: list[Phrase] = []
    for moment in moments:
        joint = _JOINT.match(text[told[-1].end : moment.start]) if told else None
        if joint:
            is_range = told[-1].is_range or bool(joint["range"])
            told[-1] = Phrase((*told[-1].moments, moment), is_range)
        else:
            told.append(Phrase((moment,)))
    return told


_REFUSES_BEFORE = re.compile(r"(?:不是|别|不要|唔係|唔系)$")
_REFUSES_BEHIND = re.compile(
    r"^[^,，。;；!！?？\s]{0,3}(?:(?<!行)(?<!得)不得?行|(?<!中)不中|(?<!成)不成|(?<!便)不方便|来不及|赶不及|去赶集|算了|免了|就不了|不得[空闲]|走不开|去接|要接|接[孩娃小]|有课|开会|没空|没时间|不在|不方便|有事|得去|要去|上班|上课|[^,，。;；!！?？\s]{0,2}接不[到着了]|冇空|(?:来了?)?(?:家里|屋里|屋头|屋企)?[没冇]人)"
)


def is_refused(text: str, phrase: Phrase) -> bool:
    """「不是今天，是明天」, 「今天俺得去接孙子」: named, and not meant."""
    before, behind = text[: phrase.start], text[phrase.end :]
    return bool(_REFUSES_BEFORE.search(before) or _REFUSES_BEHIND.search(behind))


def find(text: str, now: datetime) -> Iterator[Value]:
    """Times of the folded text, one value a connected expression."""
    for moment in read(text, now):
        yield Value("time", moment.value or moment.words, moment.start, moment.end)


_PART_ALONE = re.compile(
    r"(?:今天|明天|后天)?(?:早上|上午|中午|下午|傍晚|晚上|上半[日天]|下半[日天]|[下后前上]晌|晌午)(?![好安])"
)


def names_part(text: str) -> bool:
    """Whether a part of the day is named, be it without an hour: 「下午再打」."""
    return _PART_ALONE.search(text) is not None


def part_alone(text: str) -> Phrase | None:
    """The first part of the day that is named without day and hour, as a time."""
    found = _PART_ALONE.search(text)
    if found is None:
        return None
    end = _end(text, found.end())
    return Phrase((Moment(found.start(), end, text[found.start() : end], None, None, found.group(), named_day=False),))


def part_of_day(text: str) -> str:
    """The part of the day that a text names first: 下午."""
    return clocks.part_of(text)


def is_bare_hour(text: str) -> bool:
    """Hours without their part of the day: 「三点到四点之间」."""
    found = clocks.find(text)
    return bool(found) and all(one.is_bare for one in found)


def is_bare(text: str, now: datetime) -> bool:
    """Whether a folded clause holds a time and next to nothing else: 「明天上午吧」."""
    named = read(text, now, Bias.FUTURE, asked=True)
    rest = "".join(sign for at, sign in enumerate(text) if not any(one.start <= at < one.end for one in named))
    part = part_alone(text) if not named else None
    rest = rest.replace(part.moments[0].words, "") if part else rest
    return bool(named or part) and len(rest.strip(" 吧嘛呗啊呀的就在,，。")) < BESIDE


BESIDE = 2


def names_day(text: str, now: datetime) -> bool:
    """Whether a text names a day, be it with an hour."""
    return any(moment.named_day for moment in read(text, now, Bias.FUTURE, asked=True))


def names_hour(text: str) -> bool:
    """Whether a text names an hour of the day."""
    return bool(clocks.find(text))


def names_time(text: str) -> bool:
    """Whether a text names any time at all: a day, an hour, a span of time."""
    seen = days.Seen(date(2026, 1, 1), Bias.FUTURE, ahead=True)
    return bool(_SPAN.search(text) or clocks.find(text) or clocks.part_of(text) or days.find(text, seen))


def _moment(text: str, day: days.Named) -> Moment:
    """The day with the time of day right behind it, and the 大概 right before."""
    before = _ABOUT_BEFORE.search(text[: day.start])
    start = before.start() if before else day.start
    clock = clocks.behind(text, day.end, day.words)
    part = clocks.part_behind(text, day.end)
    end = _end(text, clocks.until(text, clock).end if clock else part.end() if part else day.end)
    named = clocks.part_of(day.words) or (part.group(0) if part else "")
    found = Moment(start, end, text[start:end], day.days, clock, clock.part if clock else named, day.wrong)
    return found


def _end(text: str, position: int) -> int:
    """Where a time ends, with what belongs to it behind."""
    tail = _TAIL.match(text, position)
    return tail.end() if tail else position


_CLAUSE_END = re.compile(r"[,，。;；!！?？\s]")


def _is_of(text: str, clock: Clock, day: Moment) -> bool:
    """Whether a time of day lies in a time that names its day, or so near behind it that it is the same one's."""
    is_near = clock.start < day.end + clocks.NEAR and not _CLAUSE_END.search(text[day.end : clock.start])
    return day.start < clock.end and (clock.start < day.end or is_near)


def _lonely(text: str, named: list[Moment]) -> Iterator[Moment]:
    """A time of day without a day (下午三点) keeps the customer's words: which day is not said."""
    read_to = 0
    for clock in clocks.find(text):
        is_free = not any(_is_of(text, clock, one) for one in named)
        if is_free and clock.start >= read_to:
            read_to = _end(text, clocks.until(text, clock).end)
            words = text[clock.start : read_to]
            yield Moment(clock.start, read_to, words.strip(), None, clock, clock.part, named_day=False)
