"""Where in a message an answer lies: its times, its address, and what is left without other values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from actions.heard import Heard
from zhtext.values import places, times
from zhtext.values.days import Bias
from zhtext.values.found import Value, Visible
from zhtext.values.times import Moment


@dataclass(frozen=True)
class SaidTime:
    """A time, and the customer's own words for it."""

    moment: Moment
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
    """The time a message names: the last one with a day, for who corrects himself says the right one last."""
    said = rest_of(heard, "phone", "order", "ticket", "email", "wechat")
    shown = Visible.of(said)
    found = times.read(shown.text, now, bias, asked=True)
    if not found:
        return None
    moment = next((one for one in reversed(found) if one.named_day), found[-1])
    place = shown.in_original(Value("time", moment.words, moment.start, moment.end))
    return SaidTime(moment, said[place.start : place.end])


def time_words(said: SaidTime, today: date) -> str:
    """A point or span of time in the customer's words, with its date where it was resolved: 上周三（11月11日）."""
    days = said.moment.days
    if days is None:
        return said.words.strip()
    dates = "至".join(dict.fromkeys(_day(day, today) for day in (days.first, days.last)))
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
