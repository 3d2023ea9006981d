"""A dated promise in a staff reply: 「我们会在周五前给您答复」 becomes an entry of the ledger (E1).

Times are read by zhtext with a bias to the future; what it does not read is no promise
of the ledger (and `language.undated_promises` asks for a time when there is none). Where a wording can mean
two moments, the later one that still keeps the word counts: a day is until its end, 「3-5 天」 is five.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from helpdesk.text.language import CLAUSE, promised_in
from zhtext.values import clocks, times
from zhtext.values.days import Bias, Days
from zhtext.values.numerals import to_number
from zhtext.values.times import Moment

SPAN = re.compile(
    r"(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:个)?(?P<half>半)?(?P<unit>分钟|小时|钟头|工作日|天|日|周|星期|礼拜)(?![一二三四五六日天前])"
)
SHORT_SPANS = {"半个小时": 30, "半小时": 30, "半个钟头": 30, "一刻钟": 15, "三刻钟": 45, "半天": 240}
SHORT_SPAN = re.compile("|".join(SHORT_SPANS))
PARTS = {
    "上午": time(12), "早上": time(12), "早晨": time(12), "明早": time(12), "今早": time(12), "中午": time(13),
    "下午": time(18), "傍晚": time(19), "晚上": time(21), "今晚": time(21), "明晚": time(21),
}  # fmt: skip
"""When a part of the day ends, as far as a promise goes."""
OFF_WORK = "下班"
DONE = re.compile(r"已|刚|过您|了[，,。]?$")
"""Told of what was done, not promised."""
AFTER_HOLIDAY = re.compile(r"后的?(?:第|上班|首|一上班)")
END_OF_DAY = time(18)
FRIDAY, WHOLE_WEEK = 4, 6
EARLIEST_HOUR = 8
"""「3 点」 without more is in the afternoon: nobody promises anything for the night."""


@dataclass(frozen=True)
class Commitment:
    """What was promised, in the words it was promised in, and by when (same zone as asked)."""

    text: str
    due_at: datetime


def is_weekday(day: date) -> bool:
    """A working day as long as nothing better is known."""
    return day.weekday() <= FRIDAY


@dataclass(frozen=True)
class Workdays:
    """The company's days: which are worked, and when service ends on one."""

    works: Callable[[date], bool] = is_weekday
    closes: Callable[[date], time] = lambda day: END_OF_DAY


def commitments(text: str, now: datetime, workdays: Workdays | None = None) -> list[Commitment]:
    """Dated promises of a reply; `now` must be in the company's time zone."""
    found = []
    for clause in CLAUSE.findall(text):
        due_at = _promised_for(clause, now, workdays or Workdays())
        if due_at is not None and due_at > now:
            found.append(Commitment(clause.strip(), due_at))
    return found


@dataclass(frozen=True)
class Impossible:
    """A promise for a time that is over, or that no calendar has: the sentence, and the words that name the time."""

    text: str
    when: str


def impossible(text: str, now: datetime, workdays: Workdays | None = None) -> list[Impossible]:
    """Promises of a reply whose time cannot be kept any more; `now` as for `commitments`."""
    found = (_impossible(clause, now, workdays or Workdays()) for clause in CLAUSE.findall(text))
    return [one for one in found if one is not None]


def _impossible(clause: str, now: datetime, workdays: Workdays) -> Impossible | None:
    """Only a time beside the promise is the promise's: 「您昨天反映的事，我们会答复」 names none."""
    part = promised_in(clause)
    if part is None or DONE.search(part):
        return None
    named = next((one for one in times.read(part, now, Bias.FUTURE) if one.clock or one.named_day), None)
    due_at = due_in(part, now, workdays)
    is_over = due_at is not None and due_at <= now
    return Impossible(clause.strip(), named.words.strip()) if named and (is_over or named.wrong) else None


def _promised_for(clause: str, now: datetime, workdays: Workdays) -> datetime | None:
    """A time beside the promise counts before one elsewhere in the sentence (您 11 月 3 日买的冰箱，周五前给您换新)."""
    part = promised_in(clause)
    if part is None:
        return None
    return due_in(part, now, workdays) or due_in(clause, now, workdays)


def due_in(clause: str, now: datetime, workdays: Workdays) -> datetime | None:
    """The moment a clause names, or None; a day without an hour means the end of that day's work."""
    read = times.read(clause, now, Bias.FUTURE)
    named = next((one for one in read if one.named_day), None)
    span = _span(clause)
    if named is not None and not (span and span.start() < named.start):
        return _on_day(clause, named, now, workdays)
    if span:
        return _after(now, span, workdays)
    is_today = any(one.clock for one in read) or OFF_WORK in clause or clocks.part_of(clause) in PARTS
    return _at_hour(clause, now.date(), now, workdays) if is_today else None


# ---------------------------------------------------------------- spans


def _span(clause: str) -> re.Match[str] | None:
    """The first span of time: 两小时, 半小时, 三个工作日."""
    found = [match for match in (SHORT_SPAN.search(clause), SPAN.search(clause)) if match]
    return min(found, key=lambda match: match.start(), default=None)


def _after(now: datetime, span: re.Match[str], workdays: Workdays) -> datetime:
    if span.re is SHORT_SPAN:
        return now + timedelta(minutes=SHORT_SPANS[span.group()])
    count, unit = to_number(span["count"]), span["unit"]
    if unit == "分钟":
        return now + timedelta(minutes=count)
    if unit in {"小时", "钟头"}:
        return now + timedelta(hours=count, minutes=30 if span["half"] else 0)
    if unit == "工作日":
        day = _workdays_on(now.date(), count, workdays)
    else:
        day = now.date() + timedelta(days=count if unit in {"天", "日"} else 7 * count)
    return datetime.combine(day, END_OF_DAY, now.tzinfo)


def _workdays_on(day: date, count: int, workdays: Workdays) -> date:
    while count:
        day += timedelta(days=1)
        count -= workdays.works(day)
    return day


# ---------------------------------------------------------------- days and hours


def _on_day(clause: str, named: Moment, now: datetime, workdays: Workdays) -> datetime | None:
    if named.days is None:
        return None
    day = _last_day(named.days, now.date())
    if AFTER_HOLIDAY.search(named.words) and not workdays.works(day):
        day = _workdays_on(day, 1, workdays)
    return _at_hour(clause, day, now, workdays)


def _last_day(found: Days, today: date) -> date:
    """A whole week ends on Friday, as long as that is to come; any other span on its last day."""
    friday = found.first + timedelta(days=FRIDAY)
    is_week = (found.last - found.first).days == WHOLE_WEEK and found.first.weekday() == 0
    return friday if is_week and friday >= today else found.last


def _at_hour(clause: str, day: date, now: datetime, workdays: Workdays) -> datetime:
    clock = next((clocks.until(clause, one) for one in clocks.find(clause) if one.hour is not None), None)
    hour = time(clock.hour, clock.minute) if clock and clock.hour is not None else PARTS.get(clocks.part_of(clause))
    if hour is None:
        is_over = day == now.date() and now.time() >= END_OF_DAY
        hour = workdays.closes(day) if is_over else END_OF_DAY
    due_at = datetime.combine(day, hour, now.tzinfo)
    is_bare = clock is not None and clock.is_bare and hour.hour < 12
    return due_at + timedelta(hours=12) if is_bare and (hour.hour < EARLIEST_HOUR or due_at <= now) else due_at
