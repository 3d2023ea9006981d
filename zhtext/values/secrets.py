"""Numbers we never want: identity and bank card numbers are masked before anything is done with them (PIPL)."""

from __future__ import annotations

import re

_LONG = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){14,18}[Xx]?(?![0-9A-Za-z])")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CARD_STARTS = ("62", "4", "51", "52", "53", "54", "55", "35", "36", "37")


def hide_secrets(text: str) -> str:
    """The text with such numbers starred, every character in its place."""
    return _LONG.sub(lambda found: _starred(found.group()) if is_secret(found.group()) else found.group(), text)


def is_secret(number: str) -> bool:
    """An identity or bank card number; order numbers of other shops are neither."""
    bare = re.sub(r"[ -]", "", number)
    return is_identity_number(bare) or is_bank_card(bare)


def is_identity_number(code: str) -> bool:
    """Whether eighteen characters are a resident's identity number (GB 11643: weights, modulo 11)."""
    code = code.upper()
    if not _IDENTITY.fullmatch(code):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=False))
    return _CHECKS[total % 11] == code[-1]


def is_bank_card(number: str) -> bool:
    """Whether the digits are a bank card's: a known beginning and the check digit of Luhn."""
    if not re.fullmatch(r"\d{15,19}", number) or not number.startswith(_CARD_STARTS):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits)) % 10 == 0


def _starred(number: str) -> str:
    return number[:4] + re.sub(r"[0-9Xx]", "*", number[4:-2]) + "**"
