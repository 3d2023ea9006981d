"""Digits however they are written: 138 1234 5678, １３８…, 一三八…, ①③⑧…, 138.1234.5678, over two lines, with invisible signs.

Whoever hides a number (from a filter, or from a colleague's eye) and whoever pastes one from elsewhere writes it so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from zhtext.normalise import fold

_WORDS = {sign: digit for digit, signs in enumerate(
    ("〇零洞", "一壹幺", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖勾")
) for sign in signs}  # fmt: skip
_GAPS = frozenset("-‐‑‒–—−_.·•・‧∙⋅。、,，/\\|~～()（）[]【】'’`")
"""What people write between the digits of one number, beside any space."""
WIDEST = 3
GAP = f" {{0,{WIDEST}}}"
"""A gap in a pattern: whatever the signs, it is as many spaces in the plain text."""


@dataclass(frozen=True)
class Plain:
    """A text in which every digit is 0-9 and every sign between digits a space; `places`: where each sign stood."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same piece in what was typed."""
        return self.places[start], self.places[end - 1] + 1


def plain(said: str) -> Plain:
    """Read what was typed; invisible and combining signs are left out."""
    folded = fold(said)
    kept = [(sign, place) for place, typed in enumerate(said) if (sign := _read(typed, folded[place]))]
    return Plain("".join(sign for sign, _ in kept), tuple(place for _, place in kept))


def is_digit(sign: str) -> bool:
    """Whether one sign stands for a digit."""
    return _read(sign, sign).isdigit()


@lru_cache(maxsize=16384)
def _read(typed: str, folded: str) -> str:
    """One sign of the plain text, or nothing."""
    digit = _WORDS.get(typed, unicodedata.digit(typed, None))
    if digit is not None:
        return str(digit)
    if typed.isspace() or folded in _GAPS or typed in _GAPS:
        return " "
    return "" if unicodedata.category(typed) in {"Cf", "Cc", "Mn", "Me"} else folded.lower()[:1]


def runs(text: str, length: int, begins: str = "") -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of every run of so many digits in a plain text that begins and ends with a group of them.

    The last may be the X of an identity number. `begins`: a pattern for the first sign, which spares time. Runs may overlap: two numbers side by side are read as each and as one.
    """
    for found in _pattern(length, begins).finditer(text):
        start, end = found.span(1)
        yield start, end, found.group(1).replace(" ", "")


@lru_cache
def _pattern(length: int, begins: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d)(?={begins})(?=(\d(?:{GAP}\d){{{length - 2}}}{GAP}[\dx])(?!\d))")
