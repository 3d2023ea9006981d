"""A dated promise in a staff reply: 「我们会在周五前给您答复」 becomes an entry of the ledger (E1).

Understands the ways of naming a time that staff really use; what it does not understand is no promise
of the ledger (and `language.undated_promises` asks for a time when there is none). Where a wording can mean
two moments, the later one that still keeps the word counts: a day is until its end, 「3-5 天」 is five.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from helpdesk.model.language import CLAUSE, promised_in

ONES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMBER = r"(\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
SPAN = re.compile(NUMBER + r"\s*(?:个)?(?P<half>半)?(分钟|小时|钟头|工作日|天|日|周|星期|礼拜)")
SHORT_SPANS = {"半个小时": 30, "半小时": 30, "半个钟头": 30, "一刻钟": 15, "三刻钟": 45, "半天": 240}
SHORT_SPAN = re.compile("|".join(SHORT_SPANS))
NEAR = {
    "大后天": 3,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "当天": 0,
    "当日": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "后天": 2,
}
NEAR_DAY = re.compile("|".join(NEAR))
WEEKDAY = re.compile(r"(本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
WEEK = re.compile(r"(本|这|下)(?:个)?(?:周|星期|礼拜)(末?)|周末")
DATE = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
DAY_OF_MONTH = re.compile(r"(?<![月\d])(\d{1,2})\s*号(?=之?前|以前|上午|中午|下午|晚上|给|为|答|回)")
MONTH_END = re.compile(r"(?:本|这个?)?月底")
PART = r"(上午|早上|中午|下午|晚上|傍晚|今晚|明晚|明早)?"
CLOCK = re.compile(PART + r"\s*(\d{1,2}|十[一二]?|[一二两三四五六七八九])\s*(?:[:：](\d{2})|点钟?(半|一刻)?)")
UNTIL = re.compile(r"\s*(?:到|至|-|~|—)\s*")
PARTS = {"上午": time(12), "早上": time(12), "明早": time(12), "中午": time(13), "下午": time(18), "傍晚": time(19),
         "晚上": time(21), "今晚": time(21), "明晚": time(21)}  # fmt: skip
AFTER_NOON = frozenset({"下午", "晚上", "傍晚", "今晚", "明晚"})
OFF_WORK = "下班"
END_OF_DAY = time(18)
FRIDAY, SUNDAY = 4, 6
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


def _promised_for(clause: str, now: datetime, workdays: Workdays) -> datetime | None:
    """A time beside the promise counts before one elsewhere in the sentence (您 11 月 3 日买的冰箱，周五前给您换新)."""
    part = promised_in(clause)
    if part is None:
        return None
    return due_in(part, now, workdays) or due_in(clause, now, workdays)


def due_in(clause: str, now: datetime, workdays: Workdays) -> datetime | None:
    """The moment a clause names, or None; a day without an hour means the end of that day's work."""
    if _names_day(clause):
        day = _day(clause, now)
        return _at_hour(clause, day, now, workdays) if day else None
    if short := SHORT_SPAN.search(clause):
        before = SPAN.search(clause)
        if before is None or before.start() > short.start():
            return now + timedelta(minutes=SHORT_SPANS[short.group()])
    if span := SPAN.search(clause):
        return _after(now, span, workdays)
    is_today = CLOCK.search(clause) or OFF_WORK in clause or any(part in clause for part in PARTS)
    return _at_hour(clause, now.date(), now, workdays) if is_today else None


def _names_day(clause: str) -> bool:
    """Whether a day is named, be it an impossible one."""
    return any(one.search(clause) for one in (NEAR_DAY, DATE, DAY_OF_MONTH, WEEKDAY, WEEK, MONTH_END))


def _number(text: str) -> int:
    """3, 三, 十, 十五, 二十, 二十五."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (ONES.get(tens, 1) * 10 if ten else 0) + ONES.get(ones, 0)


# ---------------------------------------------------------------- spans


def _after(now: datetime, span: re.Match[str], workdays: Workdays) -> datetime:
    count = _number(span[1])
    if span[3] == "分钟":
        return now + timedelta(minutes=count)
    if span[3] in {"小时", "钟头"}:
        return now + timedelta(hours=count, minutes=30 if span["half"] else 0)
    if span[3] == "工作日":
        day = _workdays_on(now.date(), count, workdays)
    else:
        day = now.date() + timedelta(days=count if span[3] in {"天", "日"} else 7 * count)
    return datetime.combine(day, END_OF_DAY, now.tzinfo)


def _workdays_on(day: date, count: int, workdays: Workdays) -> date:
    while count:
        day += timedelta(days=1)
        count -= workdays.works(day)
    return day


# ---------------------------------------------------------------- days


def _day(clause: str, now: datetime) -> date | None:
    today = now.date()
    if near := NEAR_DAY.search(clause):
        return today + timedelta(days=NEAR[near.group()])
    if found := DATE.search(clause):
        return _dated(today, int(found[1]), int(found[2]))
    if found := DAY_OF_MONTH.search(clause):
        return _day_of_month(today, int(found[1]))
    if weekday := WEEKDAY.search(clause):
        return _weekday(today, weekday[1] or "", "一二三四五六日".index(weekday[2].replace("天", "日")))
    if week := WEEK.search(clause):
        return _in_week(today, week)
    return today.replace(day=calendar.monthrange(today.year, today.month)[1])


def _dated(today: date, month: int, day: int) -> date | None:
    try:
        found = today.replace(month=month, day=day)
        return found if found >= today else found.replace(year=today.year + 1)
    except ValueError:
        return None


def _day_of_month(today: date, day: int) -> date | None:
    month = today.month if day >= today.day else today.month % 12 + 1
    return _dated(today, month, day)


def _weekday(today: date, which: str, weekday: int) -> date:
    """周五 is the next Friday (today counts); 下周五 is the one of next week."""
    monday = today - timedelta(days=today.weekday())
    if which == "下":
        return monday + timedelta(days=7 + weekday)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _in_week(today: date, week: re.Match[str]) -> date:
    """本周 and 下周 end on Friday, 周末 on Sunday; on a weekend 本周 is until Sunday."""
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if week[1] == "下" else 0)
    is_weekend = week[2] == "末" or week.group() == "周末"
    friday = monday + timedelta(days=FRIDAY)
    return friday if not is_weekend and friday >= today else monday + timedelta(days=SUNDAY)


# ---------------------------------------------------------------- hours


def _at_hour(clause: str, day: date, now: datetime, workdays: Workdays) -> datetime:
    hour = _hour(clause)
    if hour is None:
        is_over = day == now.date() and now.time() >= END_OF_DAY
        hour = workdays.closes(day) if is_over else END_OF_DAY
    due_at = datetime.combine(day, hour, now.tzinfo)
    clock = CLOCK.search(clause)
    is_bare = clock is not None and clock[1] is None and clock[3] is None and hour.hour < 12
    if is_bare and (hour.hour < EARLIEST_HOUR or due_at <= now):
        due_at += timedelta(hours=12)
    return due_at


def _hour(clause: str) -> time | None:
    clock = CLOCK.search(clause)
    if clock is None:
        return next((at for name, at in PARTS.items() if name in clause), None)
    part, until = clock[1], UNTIL.match(clause, clock.end())
    if until and (later := CLOCK.match(clause, until.end())):
        part, clock = later[1] or part, later
    hour = _number(clock[2])
    hour += 12 if part in AFTER_NOON and hour < 12 else 0
    minute = int(clock[3] or 0) or {"半": 30, "一刻": 15}.get(clock[4] or "", 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
