"""Numbers we never want: identity and bank card numbers are blanked before a message is stored (PIPL).

Only what passes its checksum is one; a parcel's or another shop's number stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhtext.normalise import fold
from zhtext.values.found import Visible

SHORTEST, LONGEST = 15, 19
HEAD, TAIL = 4, 2
"""So many of its signs stay at both ends, by which the customer knows the number again."""
_NUMBERS = tuple(
    re.compile(rf"(?<![0-9a-z])\d(?:[ \-]{{0,2}}\d){{{length - 2}}}[ \-]{{0,2}}[\dx](?![0-9a-z])")
    for length in range(LONGEST, SHORTEST - 1, -1)
)
_BETWEEN = frozenset(" -－\u3000")
_ORDER_BEFORE = re.compile(r"(?:订单|运单|快递单?|物流单?|单)号?码?[是为:\s]{0,3}$")
_BLANKED = re.compile(
    rf"(?<!\d)\d{{{HEAD}}}(?:[ \-]{{0,2}}\*){{{SHORTEST - HEAD - TAIL},}}(?:[ \-]{{0,2}}[\dx*]){{{TAIL}}}(?![\dx*])"
)
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# How the networks' numbers begin and how long they are: UnionPay, Visa, Mastercard, JCB, American Express.
_CARD = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|35\d{14}|3[47]\d{13}")


def blank_secrets(text: str) -> str:
    """The text as it may be stored: of such a number only the ends are left; every character keeps its place."""
    for start, end in _secrets(text):
        text = text[:start] + _starred(text[start:end], keep=TAIL) + text[end:]
    return text


def hide_secrets(text: str) -> str:
    """The text as values are read from it: such numbers starred, and what is left of those blanked before.

    So it differs from `text` exactly where something was not kept.
    """
    text = blank_secrets(text)
    for found in _BLANKED.finditer(fold(text)):
        text = text[: found.start()] + _starred(text[found.start() : found.end()], keep=0) + text[found.end() :]
    return text


def is_identity_number(code: str) -> bool:
    """Whether eighteen characters are a resident's identity number (GB 11643: weights, modulo 11)."""
    code = code.upper()
    if not _IDENTITY.fullmatch(code):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=False))
    return _CHECKS[total % 11] == code[-1]


def is_bank_card(number: str) -> bool:
    """Whether the digits are a bank card's: a network's beginning and length, and the check digit of Luhn."""
    if not _CARD.fullmatch(number):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits)) % 10 == 0


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    """Where such numbers stand in a text, be they full-width, in groups or with invisible signs within."""
    seen = Visible.of(text)
    for pattern in _NUMBERS:
        for found in pattern.finditer(seen.text):
            if _is_secret(seen.text, found):
                yield seen.places[found.start()], seen.places[found.end() - 1] + 1


def _is_secret(text: str, found: re.Match[str]) -> bool:
    """A card number by its look that is named as an order's or a parcel's number is that."""
    bare = re.sub(r"[ \-]", "", found.group())
    return is_identity_number(bare) or (is_bank_card(bare) and not _ORDER_BEFORE.search(text[: found.start()]))


def _starred(number: str, *, keep: int) -> str:
    """The number with all but its ends starred; spaces and dashes stay."""
    signs = [place for place, sign in enumerate(number) if sign.isalnum() or sign == "*"]
    first, behind = signs[HEAD], signs[-keep] if keep else len(number)
    inner = "".join(sign if sign in _BETWEEN else "*" for sign in number[first:behind])
    return number[:first] + inner + number[behind:]
