"""What we never want: identity and bank card numbers and passwords are blanked before a message is stored (PIPL).

A number is one only if it passes its checksum; a parcel's or another shop's number stays as it was typed. A password or
a code that was sent to a phone is known by its name: 「密码是…」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhtext.values.digits import GAP, is_digit, plain, runs

SHORTEST, LONGEST = 15, 19
HEAD, TAIL = 4, 2
"""So many of its signs stay at both ends, by which the customer knows the number again."""
_ORDER_BEFORE = re.compile(r"(?:订单|运单|快递单?|物流单?|单)号?码?[是为:\s]{0,3}$")
_LETTERS_BEFORE = re.compile(r"[a-z]+$")
_CALLED_SO = re.compile(r"(?:card|bank|visa|no|id|kh|yhk)$")
_YEAR = rf"[1-9](?:{GAP}\d){{5}}{GAP}(?:1{GAP}9|2{GAP}0)"
_UNION = rf"6{GAP}2"
BEGINS = {
    19: _UNION,
    18: f"{_UNION}|{_YEAR}",
    17: _UNION,
    16: rf"{_UNION}|4|5{GAP}[1-5]|3{GAP}5",
    15: rf"3{GAP}[47]",
}
"""How such a number of each length begins: a quick look before its check digit is worked out."""
_BLANKED = re.compile(
    rf"(?<!\d)\d(?:{GAP}\d){{{HEAD - 1}}}(?:{GAP}\*){{{SHORTEST - HEAD - TAIL},}}(?:{GAP}[\dx*]){{{TAIL}}}(?![\dx*])"
)
_TOLD_PASSWORD = re.compile(
    r"(?:密码|密碼|口令|验证码|驗證碼|passwords?|passcode|pwd)(?:是|为|為|係|系|叫|[:：=\s]){1,3}(?P<secret>[!-~]{4,32})",
    re.I,
)
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# How the networks' numbers begin and how long they are: UnionPay, Visa, Mastercard, JCB, American Express.
_CARD = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|35\d{14}|3[47]\d{13}")


def blank_secrets(text: str) -> str:
    """The text as it may be stored: of such a number only the ends are left; every character keeps its place."""
    for start, end in list(_secrets(text)):
        text = text[:start] + _starred(text[start:end], keep=TAIL) + text[end:]
    return _TOLD_PASSWORD.sub(lambda told: told.group()[: -len(told["secret"])] + "*" * len(told["secret"]), text)


def hide_secrets(text: str) -> str:
    """The text as values are read from it: such numbers starred, and what is left of those blanked before.

    So it differs from `text` exactly where something was not kept.
    """
    text = blank_secrets(text)
    seen = plain(text)
    for found in _BLANKED.finditer(seen.text):
        start, end = seen.span(found.start(), found.end())
        text = text[:start] + _starred(text[start:end], keep=0) + text[end:]
    return text


def holds_hidden_password(text: str) -> bool:
    """Whether a password stood in the text before it was blanked."""
    return any(set(told["secret"]) == {"*"} for told in _TOLD_PASSWORD.finditer(text))


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
    """Where such numbers stand in a text, however their digits are written."""
    seen = plain(text)
    for length in range(LONGEST, SHORTEST - 1, -1):
        for start, end, digits in runs(seen.text, length, BEGINS[length]):
            if _is_secret(digits, seen.text[:start]):
                yield seen.span(start, end)


def _is_secret(digits: str, before: str) -> bool:
    """A card number by its look that is named as an order's or a parcel's number is that (订单号…, SF…)."""
    if is_identity_number(digits):
        return True
    letters = _LETTERS_BEFORE.search(before[-LONGEST:])
    is_code = letters is not None and _CALLED_SO.search(letters.group()) is None
    return is_bank_card(digits) and not is_code and not _ORDER_BEFORE.search(before[-LONGEST:])


def _starred(number: str, *, keep: int) -> str:
    """The number with all but its ends starred; what stands between its digits stays."""
    signs = [place for place, sign in enumerate(number) if is_digit(sign) or sign in "xX*ｘＸ"]
    hidden = set(signs[HEAD : len(signs) - keep])
    hidden |= {place for place in range(min(hidden), max(hidden)) if not number[place].isprintable()}
    return "".join("*" if place in hidden else sign for place, sign in enumerate(number))
