"""Numbers we never want: identity and bank card numbers are masked before anything is done with them (PIPL)."""

from __future__ import annotations

import re

_LONG = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){14,18}[Xx]?(?![0-9A-Za-z])")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD_STARTS = ("62", "4", "51", "52", "53", "54", "55", "35", "36", "37")


def hide_secrets(text: str) -> str:
    """The text with such numbers starred, every character in its place."""
    return _LONG.sub(lambda found: _starred(found.group()) if is_secret(found.group()) else found.group(), text)


def is_secret(number: str) -> bool:
    """A valid identity number (GB 11643) or bank card number (Luhn); order numbers of other shops are neither."""
    bare = re.sub(r"[ -]", "", number).upper()
    return _is_identity(bare) or _is_card(bare)


def _starred(number: str) -> str:
    return number[:4] + re.sub(r"[0-9Xx]", "*", number[4:-2]) + "**"


def _is_identity(bare: str) -> bool:
    if not re.fullmatch(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX]", bare):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(bare, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == bare[-1]


def _is_card(bare: str) -> bool:
    if not re.fullmatch(r"\d{15,19}", bare) or not bare.startswith(_CARD_STARTS):
        return False
    digits = [int(d) for d in reversed(bare)]
    return sum(d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits)) % 10 == 0
