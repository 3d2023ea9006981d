"""Chinese numerals as numbers: 一千二 1200, 三百五 350, 两万三千零五 23005, 十五 15."""

from __future__ import annotations

import re

DIGITS = {character: digit for digit, character in enumerate("零一二三四五六七八九")}
DIGITS.update({"〇": 0, "两": 2, "俩": 2, "幺": 1, "洞": 0, "拐": 7})
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}

_VAGUE = re.compile("[一二两三四五六七八九]{2}")

NUMERAL = "零〇一二两三四五六七八九十百千万"


def is_vague(text: str) -> bool:
    """三四, 两三百: two numbers, and which of them is not ours to choose."""
    return bool(_VAGUE.search(text))


def to_number(text: str) -> int:
    """The value of a Chinese or Arabic numeral; ValueError for anything else.

    A last digit after 百, 千 or 万 without its unit counts as the next lower unit (一千二 is 1200).
    """
    if text.isdecimal() and text.isascii():
        return int(text)
    if not text or any(character not in DIGITS and character not in UNITS for character in text):
        raise ValueError(f"not a numeral: {text!r}")
    if not any(character in UNITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    return _with_units(text)


def _with_units(text: str) -> int:
    total = section = digit = 0
    unit = 1
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
            unit = 1 if character in "零〇" else unit
        elif character == "万":
            total, section, digit, unit = (total + section + digit) * 10000, 0, 0, 10000
        else:
            unit = UNITS[character]
            section, digit = section + (digit or 1) * unit, 0
    return total + section + digit * _implied_unit(text, unit)


def _implied_unit(text: str, unit: int) -> int:
    """一千二: the 2 stands for hundreds; 一千零二 and 十二 mean what they say."""
    short = len(text) > 1 and text[-2] in "百千万" and text[-1] in DIGITS
    return unit // 10 if short and unit > 10 else 1
