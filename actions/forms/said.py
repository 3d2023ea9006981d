"""Where in a message an answer lies: its times, its address, and what is left without other values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from actions.heard import Heard
from zhtext.values import places, times
from zhtext.values.days import Bias
from zhtext.values.found import Value, Visible
from zhtext.values.times import Phrase


@dataclass(frozen=True)
class SaidTime:
    """A time, or times told as one (周三到周五), and the customer's own words for it."""

    phrase: Phrase
    words: str


def rest_of(heard: Heard, *entities: str) -> str:
    """The customer's words with the values of these entities blanked."""
    text = heard.text
    for entity in heard.entities:
        end = entity.get("end")
        if entity["entity"] in (*entities, *SECOND) and isinstance(end, int):
            start = int(entity.get("start") or 0)
            text = text[:start] + " " * (end - start) + text[end:]
    return text


SECOND = ("second_contact",)


def time_in(heard: Heard, now: datetime, bias: Bias) -> SaidTime | None:
    """The time a message names: the last one with a day, for who corrects himself says the right one last.

    Where one to come is asked for, what is told of the past (3月5号买的) is none.
    """
    said, shown, found = _times_in(heard, now, bias)
    if bias is Bias.FUTURE:
        found = _future(shown.text, found, now)
        found = [phrase for phrase in found if not times.is_refused(shown.text, phrase)]
    if not found:
        return None
    phrase = next((one for one in reversed(found) if one.names_day), found[-1])
    words = _words(phrase, said, shown)
    hour = next((one for one in found if one.start > phrase.end and _is_hour_of(one, phrase)), None)
    if bias is Bias.FUTURE and hour:
        words = completed(time_words(SaidTime(phrase, words), now.date()), _words(hour, said, shown))
    return SaidTime(phrase, words)


def _words(phrase: Phrase, said: str, shown: Visible) -> str:
    place = shown.in_original(Value("time", "", phrase.start, phrase.end))
    return said[place.start : place.end]


def _is_hour_of(one: Phrase, day: Phrase) -> bool:
    """Whether an hour said later belongs to a day without one: 「明天下午吧，我两点以后在家」."""
    has_hour = any(moment.clock for moment in day.moments)
    return not has_hour and not one.names_day and any(moment.clock for moment in one.moments)


def completed(known: str, hour: str) -> str:
    """An hour with the day, and the part of the day, of a time as it is kept."""
    day = DATE.search(known) if times.names_part(hour) or times.names_time(hour) else None
    part = times.part_of_day(known) if times.is_bare_hour(hour) else ""
    return f"{day.group(1) or day.group(2)}{part}{hour}" if day else hour


DATE = re.compile(r"（([^（）]{4,})）|^(\d+月\d+日)")
"""The date in a time as it is kept: 明天上午（11月25日）, 11月25日下午三点."""


def _future(text: str, found: list[Phrase], now: datetime) -> list[Phrase]:
    """The times that may be meant for later; a part of the day where no other time is named."""
    part = times.part_alone(text) if not found else None
    return [part] if part else [one for one in found if not (_happened(text, one, now) or _is_just_now(one))]


def _is_just_now(phrase: Phrase) -> bool:
    """「刚才还说…」: it points at what was said."""
    return all(moment.words.startswith(JUST_NOW) for moment in phrase.moments)


JUST_NOW = ("刚才", "刚刚", "方才")


def names_no_wish(heard: Heard, now: datetime) -> bool:
    """Whether all the times that are named are of the past or refused: 「我3月5号买的」, 「今天得去接孩子」."""
    _, shown, found = _times_in(heard, now, Bias.FUTURE)
    text = shown.text
    part = times.part_alone(text) if not found else None
    found = [part] if part else found
    return bool(found) and all(_happened(text, phrase, now) or times.is_refused(text, phrase) for phrase in found)


def _times_in(heard: Heard, now: datetime, bias: Bias) -> tuple[str, Visible, list[Phrase]]:
    said = rest_of(heard, "phone", "order", "ticket", "email", "wechat")
    shown = Visible.of(said)
    return said, shown, times.phrases(shown.text, times.read(shown.text, now, bias, asked=True))


_CLAUSE_ENDS = re.compile(r"[,，。;；!！?？\s]")
_OF_THE_PAST = re.compile(
    r"买(?:的|了|回)?|购|签收|下的?单|收到(?:的|了)|(?:装|送|到|寄|修|来)(?:好|来|到|过)?(?:的|了|过)|坏(?:的|了)|报的?修|报过|申请|没来|没人来|没到|说好|说的?是?(?=[上这下]?(?:周|星期|礼拜|今|明|昨))"
)


def _happened(text: str, phrase: Phrase, now: datetime) -> bool:
    """Whether a day that may lie on either side of now is one that something happened on."""
    before, behind = text[: phrase.start], text[phrase.end :]
    clause = (
        _CLAUSE_ENDS.split(before)[-1] + text[phrase.start : phrase.end] + _CLAUSE_ENDS.split(behind, maxsplit=1)[0]
    )
    if not _OF_THE_PAST.search(clause):
        return False
    looking_back = {one.start: one.days for one in times.read(text, now, Bias.PAST, asked=True)}
    return any(looking_back.get(one.start) != one.days for one in phrase.moments)


def time_words(said: SaidTime, today: date) -> str:
    """A point or span of time in the customer's words, with its date where it was resolved: 上周三（11月11日）."""
    spans = [one.days for one in said.phrase.moments if one.days]
    days = [day for span in spans for day in (span.first, span.last)]
    if not days or days != sorted(days):
        return said.words.strip()
    is_span = said.phrase.is_range or len(spans) == 1
    kept = (days[0], days[-1]) if is_span else days
    dates = ("至" if is_span else "、").join(dict.fromkeys(_day(day, today) for day in kept))
    return said.words.strip() if dates in said.words else f"{said.words.strip()}（{dates}）"


def _day(day: date, today: date) -> str:
    """11月9日; with its year where that is another one."""
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日"


def address_in(heard: Heard) -> str | None:
    """The full address in a message, in the customer's own words."""
    said = rest_of(heard, "phone", "order", "email", "wechat", "name")
    shown = Visible.of(said)
    found = places.read(shown.text)
    if found is None:
        return None
    start = shown.text.index(found)
    place = shown.in_original(Value("place", found, start, start + len(found)))
    return said[place.start : place.end]
