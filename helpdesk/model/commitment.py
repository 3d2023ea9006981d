"""A dated promise in a staff reply: 「我们会在周五前给您答复」 becomes an entry of the ledger (E1).

Understands the ways of naming a time that staff really use; what it does not understand is no promise
of the ledger (and `language.undated_promises` asks for a time when there is none).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from helpdesk.model.language import CLAUSE, PROMISE

DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
NUMBER = r"(\d{1,3}|[一二两三四五六七八九十])"
SPAN = re.compile(NUMBER + r"\s*(?:个)?(分钟|小时|钟头|工作日|天|日)(?:之?内|以内|后|左右)?")
NEAR = {"今天": 0, "今日": 0, "今晚": 0, "当天": 0, "明天": 1, "明日": 1, "后天": 2}
NEAR_DAY = re.compile("|".join(NEAR))
WEEKDAY = re.compile(r"(本|这|下)?(?:周|星期|礼拜)([一二三四五六日天])")
DATE = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
CLOCK = re.compile(r"(上午|中午|下午|晚上|傍晚)?\s*" + r"(\d{1,2})\s*(?:[:：](\d{2})|点(半)?)")
PARTS = {"上午": time(12), "中午": time(13), "下午": time(18), "傍晚": time(19), "晚上": time(21)}
END_OF_DAY = time(18)


@dataclass(frozen=True)
class Commitment:
    """What was promised, in the words it was promised in, and by when (same zone as asked)."""

    text: str
    due_at: datetime


def commitments(text: str, now: datetime) -> list[Commitment]:
    """Dated promises of a reply; `now` must be in the company's time zone."""
    found = []
    for clause in CLAUSE.findall(text):
        due_at = due_in(clause, now) if PROMISE.search(clause) else None
        if due_at is not None and due_at > now:
            found.append(Commitment(clause.strip(), due_at))
    return found


def due_in(clause: str, now: datetime) -> datetime | None:
    """The moment a clause names, or None; a day without an hour means the end of that day's work."""
    if names_day(clause):
        day = _day(clause, now)
        return datetime.combine(day, _hour(clause), now.tzinfo) if day else None
    span = SPAN.search(clause)
    return _after(now, span) if span else None


def names_day(clause: str) -> bool:
    """Whether a day is named, be it an impossible one."""
    return any(pattern.search(clause) for pattern in (NEAR_DAY, DATE, WEEKDAY))


def _after(now: datetime, span: re.Match[str]) -> datetime:
    count = int(span[1]) if span[1].isdigit() else DIGITS[span[1]]
    if span[2] == "分钟":
        return now + timedelta(minutes=count)
    if span[2] in {"小时", "钟头"}:
        return now + timedelta(hours=count)
    day = _workdays_on(now, count) if span[2] == "工作日" else now + timedelta(days=count)
    return datetime.combine(day, END_OF_DAY, now.tzinfo)


def _workdays_on(now: datetime, count: int) -> datetime:
    """Weekdays alone: a ledger that is a holiday too strict reminds early, never late."""
    while count:
        now += timedelta(days=1)
        count -= now.weekday() < 5
    return now


def _day(clause: str, now: datetime) -> datetime | None:
    if near := NEAR_DAY.search(clause):
        return now + timedelta(days=NEAR[near.group()])
    if date := DATE.search(clause):
        return _dated(now, int(date[1]), int(date[2]))
    if weekday := WEEKDAY.search(clause):
        return _weekday(now, weekday[1] or "", "一二三四五六日".index(weekday[2].replace("天", "日")))
    return None


def _dated(now: datetime, month: int, day: int) -> datetime | None:
    try:
        found = now.replace(month=month, day=day)
        return found if found.date() >= now.date() else found.replace(year=now.year + 1)
    except ValueError:
        return None


def _weekday(now: datetime, which: str, weekday: int) -> datetime:
    """周五 is the next Friday (today counts); 下周五 is the one of next week."""
    monday = now - timedelta(days=now.weekday())
    if which == "下":
        return monday + timedelta(days=7 + weekday)
    return now + timedelta(days=(weekday - now.weekday()) % 7)


def _hour(clause: str) -> time:
    clock = CLOCK.search(clause)
    if clock is None:
        return next((at for name, at in PARTS.items() if name in clause), time(21) if "今晚" in clause else END_OF_DAY)
    hour = int(clock[2]) + (12 if clock[1] in {"下午", "晚上", "傍晚"} and int(clock[2]) < 12 else 0)
    minute = int(clock[3] or 0) or (30 if clock[4] else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else END_OF_DAY
