"""Numerals as numbers: 一千二 1200, 1万2 12000, 1.2w 12000, 3千5 3500, 3k 3000, 伍佰 500, 两万三千零五 23005, 十五 15."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {character: digit for digit, character in enumerate("零一二三四五六七八九")}
DIGITS.update({"〇": 0, "两": 2, "俩": 2, "幺": 1, "洞": 0, "拐": 7})
UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
LARGE = 10_000
"""From this unit on everything said before is multiplied."""

_WRITTEN_OUT = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零〇一二两俩三四五六七八九幺洞拐]|[十百千k万w亿]")
_VAGUE = re.compile("[一二两三四五六七八九]{2}")

NUMERAL = "零〇一二两三四五六七八九十百千万"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
SCALED = rf"(?:{ARABIC}(?:[百千万]\d{{0,4}}|k\d?(?![a-z]))*)"
"""An amount in figures, with the units of speech: 1.2万, 13万2, 3千5, 3k."""


def plain(text: str) -> str:
    """The numerals of cheques (伍佰) as the everyday ones; every character stays in its place."""
    return text.translate(_WRITTEN_OUT)


def is_vague(text: str) -> bool:
    """三四, 两三百: two numbers, and which of them is not ours to choose."""
    return bool(_VAGUE.search(plain(text)))


def to_number(text: str) -> int:
    """The value of a whole number; ValueError for anything else.

    A last digit after 百, 千 or 万 without its unit counts as the next lower unit (一千二 is 1200).
    """
    found = to_decimal(text)
    if "." in text or found != found.to_integral_value():
        raise ValueError(f"not a whole number: {text!r}")
    return int(found)


def to_decimal(text: str) -> Decimal:
    """The value of a numeral in figures, in characters or in both; ValueError for anything else."""
    bare = plain(text.replace(",", "")).lower()
    tokens = _TOKEN.findall(bare)
    if not tokens or "".join(tokens) != bare:
        raise ValueError(f"not a numeral: {text!r}")
    if not any(token in UNITS for token in tokens):
        return Decimal(bare) if len(tokens) == 1 and bare.isascii() else _spelled(tokens)
    return _with_units(tokens)


def _spelled(tokens: list[str]) -> Decimal:
    """二〇二六: digit after digit."""
    return Decimal("".join(str(DIGITS.get(token, token)) for token in tokens))


def _with_units(tokens: list[str]) -> Decimal:
    total = section = digit = Decimal(0)
    for token in tokens:
        unit = UNITS.get(token)
        if unit is None:
            digit = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token)
        elif unit >= LARGE:
            total, section, digit = ((total + section + digit) or Decimal(1)) * unit, Decimal(0), Decimal(0)
        else:
            section, digit = section + (digit or Decimal(1)) * unit, Decimal(0)
    return total + section + digit * _implied_unit(tokens)


def _implied_unit(tokens: list[str]) -> int:
    """一千二 and 1万2: the 2 stands for the next lower unit; 一千零二 and 十二 mean what they say."""
    last, before = tokens[-1], UNITS.get(tokens[-2], 0) if len(tokens) > 1 else 0
    short = before > UNITS["十"] and (last in DIGITS or (last.isdecimal() and len(last) == 1))
    return before // 10 if short else 1
