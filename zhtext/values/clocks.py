"""Times of day: 下午三点半, 8:30, 晚上七点, 上午9点到11点."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhtext.values.numerals import to_number

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
PARTS = {
    "凌晨": 0, "早上": 0, "早晨": 0, "清早": 0, "上午": 0, "中午": 12, "下午": 12, "下昼": 12, "后晌": 12, "下晌": 12, "下半天": 12, "下半日": 12, "上半天": 0, "上半日": 0, "上晌": 0, "晚间": 12, "晏昼": 12, "前晌": 0, "头晌": 0, "朝早": 0, "晌午": 12, "傍晚": 12, "晚上": 12, "夜里": 12,
    "半夜": 0, "今早": 0, "明早": 0, "今晚": 12, "明晚": 12, "昨晚": 12, "昨夜": 12, "晚": 12, "早": 0,
}  # fmt: skip
"""The part of a day -> the hours that are added to an hour of twelve."""
_WORDS = "|".join(sorted(PARTS, key=len, reverse=True))
_TIME = (
    rf"(?P<part>{_WORDS})?\s?(?:(?<![\d一二三四五六七八九十.])|(?<=[周期拜][一二三四五六]))(?!(?<![午晨夜早晚上])一时(?!\d|整))(?P<hour>{_N})\s?(?:点钟?|[:：时](?=\d\d|半|整|[^间候长机尚光]|$))"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>\d{1,2}|[一二三四五]?十[一二三四五六七八九]?)分?)?(?P<about>多|左右|来?钟)*"
)
_CLOCK = re.compile(_TIME)
_PART = re.compile("|".join(sorted((part for part in PARTS if len(part) > 1), key=len, reverse=True)))
_UNTIL = re.compile(r"\s*(?:到|至|-|~|—)\s*")
_JOIN = re.compile(r"^[\s的,，在大概约]{0,3}$")
NEAR = 14
"""So many characters may lie between a day and the end of its hour."""


@dataclass(frozen=True)
class Clock:
    """A time of day where it stands; `hour` None when it cannot be one (25点)."""

    start: int
    end: int
    hour: int | None
    minute: int
    part: str
    is_bare: bool
    """3点 without anything that says which half of the day; 3:00 is no bare hour."""


def find(text: str, day_words: str = "") -> list[Clock]:
    """All times of a text; `day_words` may say the part of the day already (昨晚8点)."""
    found = (_clock(match, day_words) for match in _CLOCK.finditer(text) if not _a_little(match))
    return list(found)


def behind(text: str, position: int, day_words: str) -> Clock | None:
    """The time right behind a day."""
    match = _CLOCK.search(text, position, position + NEAR)
    joined = match is not None and _JOIN.match(text[position : match.start()])
    return _clock(match, day_words) if match and joined and not _a_little(match) else None


def until(text: str, clock: Clock) -> Clock:
    """The end of a span of hours (9点到11点), or the time itself."""
    joint = _UNTIL.match(text, clock.end)
    match = _CLOCK.match(text, joint.end()) if joint else None
    return _clock(match, clock.part) if match else clock


def part_behind(text: str, position: int) -> re.Match[str] | None:
    """The part of the day right behind a day."""
    return _PART.match(text, position)


def part_of(text: str) -> str:
    """The first part of a day that a text names."""
    found = _PART.search(text)
    return found.group(0) if found else ""


def _a_little(match: re.Match[str]) -> bool:
    """一点 without more is 一点都不好 as often as an hour."""
    return match.group(0) == "一点"


def _clock(match: re.Match[str], day_words: str) -> Clock:
    part = match.group("part") or next((one for one in PARTS if len(one) > 1 and one in day_words), "")
    hour, minute = _hour_minute(match, part)
    is_bare = not part and ":" not in match.group(0) and "：" not in match.group(0)
    return Clock(match.start(), match.end(), hour, minute, part, is_bare)


def _hour_minute(match: re.Match[str], part: str) -> tuple[int | None, int]:
    hour = _number(match.group("hour"))
    if PARTS.get(part, 0) and (hour < 12 if part != "中午" else hour < 11):
        hour += 12
    minute = _number(match.group("minute")) if match.group("minute") else 0
    minute = 30 if match.group("half") else {"一": 15, "三": 45}.get(match.group("quarter") or "", minute)
    return (hour % 24, minute) if hour <= 24 and minute < 60 else (None, 0)


def _number(words: str) -> int:
    """As far as it is a numeral; else a number that no clock shows (十十)."""
    try:
        return to_number(words)
    except ValueError:
        return 99
