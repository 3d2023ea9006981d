"""Telephone numbers as customers in China write them.

Mainland mobiles (13-19, eleven digits) with spaces, dashes, +86, an extension of a virtual
number (转1234) or spelled 幺三八; landlines with area code; Hong Kong, Macau and Taiwan with
their prefix. 400 and 95 numbers are companies', not customers': never a contact.
"""

from __future__ import annotations

import re
from typing import Iterator

import phonenumbers

from bot.nlu.values.base import Value

_DIGIT_WORDS = str.maketrans(dict(zip("零〇洞一幺二两三四五六七八九拐", "000112234567897", strict=True)))

_GAP = r"[\s\-.·]?"
_EXTENSION = r"(?:\s*(?:转|分机号?|ext\.?|#)\s*(?P<extension>\d{1,6}))?"
_MOBILE = re.compile(rf"(?<![\da-z])(?:(?:\+|00)?86{_GAP})?(?P<number>1[3-9](?:{_GAP}\d){{9}})(?!\d){_EXTENSION}")
_LANDLINE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)86{_GAP})?[(]?(?P<area>0(?:10|2\d|[3-9]\d\d))[)]?[\s\-]{{0,2}}(?P<number>[2-9]\d{{2,3}}{_GAP}\d{{4}})(?!\d){_EXTENSION}"
)
_ABROAD = re.compile(
    r"(?<![\da-z])(?:\+|00)?[(]?(?P<country>852|853|886)[)]?[\s\-](?P<number>\d(?:[\s\-]?\d){7,9})(?!\d)"
)
_ABROAD_PLUS = re.compile(r"(?:\+|00)(?P<country>852|853|886)[\s\-]?(?P<number>\d(?:[\s\-]?\d){7,9})(?!\d)")

# Spelled digits are read only in a run this long: 一三 in a sentence is no number.
_SPELLED_RUN = re.compile(r"[零〇洞一幺二两三四五六七八九拐\d][零〇洞一幺二两三四五六七八九拐\d\s\-+]{9,}")


def find(text: str) -> Iterator[Value]:
    """Phones of the folded text; value: digits, +852... abroad, 转1234 kept for an extension."""
    readable = _SPELLED_RUN.sub(lambda run: run.group(0).translate(_DIGIT_WORDS), text)
    yield from _mobiles(readable)
    yield from _landlines(readable)
    yield from _abroad(readable)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _extended(number: str, match: re.Match[str]) -> str:
    extension = match.group("extension")
    return f"{number}转{extension}" if extension else number


def _mobiles(text: str) -> Iterator[Value]:
    for match in _MOBILE.finditer(text):
        yield Value("phone", _extended(_digits(match.group("number")), match), match.start(), match.end())


def _landlines(text: str) -> Iterator[Value]:
    for match in _LANDLINE.finditer(text):
        number = match.group("area") + _digits(match.group("number"))
        if _valid(number, "CN"):
            yield Value("phone", _extended(number, match), match.start(), match.end())


def _abroad(text: str) -> Iterator[Value]:
    for pattern in (_ABROAD_PLUS, _ABROAD):
        for match in pattern.finditer(text):
            number = f"+{match.group('country')}{_digits(match.group('number')).lstrip('0')}"
            if _valid(number, None):
                yield Value("phone", number, match.start(), match.end())


def _valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
