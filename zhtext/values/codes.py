"""Numbers that name a thing: tickets, orders, parcels, the 18-character credit code of a company."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhtext.values.found import Value
from zhtext.values.secrets import is_identity_number

_TICKET = re.compile(r"ts[\s\-—_]{0,2}(20\d{6})[\s\-—_]{0,2}(\d{4})(?!\d)")

# Our orders have 13 digits, other platforms' 12 to 19; groups may be set apart, but 「… 11月11号」 begins a date.
_ORDER = re.compile(r"(?<![\da-z.])\d(?:\d|[\s\-](?!\d{1,2}[月号日点])\d){11,18}(?![\da-z]|\.\d)")
_NO_ORDER_BEFORE = re.compile(r"(?:身份证|银行卡|卡号|账号|税号|信用代码|识别号|imei|序列号)[号码是为:\s]{0,4}$")
_WAYBILL = re.compile(r"(?<![0-9a-z])[a-z]{2}\d{8,15}(?![0-9a-z])")

_CODE_CHARACTER = "0-9a-hj-npqrtuwxy"
_CREDIT_CODE = re.compile(rf"(?<![0-9a-z])[{_CODE_CHARACTER}]{{2}}\d{{6}}[{_CODE_CHARACTER}]{{10}}(?![0-9a-z])")
_CODE_ANNOUNCED = re.compile(r"(?:税号|信用代码|纳税人识别号|识别号)[是为:\s]{0,3}$")

_NUMBER = re.compile(r"\d{6,}")
_LONG_NUMBER = re.compile(r"\d{5,}")
_LIKE_WAYBILL = re.compile(r"[a-z]{0,4}\d{8,20}")
_LIKE_CREDIT_CODE = re.compile(r"[0-9a-z]{10,24}")

_KEPT_TICKET = re.compile(r"TS\d{8}-\d{4,}")
_KEPT_ORDER = re.compile(r"\d{6,24}")
_KEPT_WAYBILL = re.compile(r"[A-Z]{0,4}\d{8,20}")
_KEPT_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def find_tickets(text: str) -> Iterator[Value]:
    """TS20261121-0001, also in lower case, without the dash or with spaces."""
    for match in _TICKET.finditer(text):
        yield Value("ticket", f"TS{match.group(1)}-{match.group(2)}", match.start(), match.end())


def find_orders(text: str) -> Iterator[Value]:
    """Order numbers as digits. Identity and bank card numbers are not orders and are never taken."""
    for match in _ORDER.finditer(text):
        digits = re.sub(r"\D", "", match.group(0))
        if _NO_ORDER_BEFORE.search(text[: match.start()]) or is_identity_number(digits):
            continue
        yield Value("order", digits, match.start(), match.end())


def find_waybills(text: str) -> Iterator[Value]:
    """A carrier's letters and digits, SF1420098877123, in upper case."""
    for match in _WAYBILL.finditer(text):
        yield Value("waybill", match.group(0).upper(), match.start(), match.end())


def find_credit_codes(text: str) -> Iterator[Value]:
    """Credit codes in upper case; eighteen digits alone count only after 税号 and its like."""
    for match in _CREDIT_CODE.finditer(text):
        code = match.group(0)
        announced = _CODE_ANNOUNCED.search(text[: match.start()])
        if announced or (not code.isdecimal() and not is_identity_number(code)):
            yield Value("company_credit_code", code.upper(), match.start(), match.end())


def numbers_in(text: str) -> list[str]:
    """Whatever is long enough to be some number of an order or a parcel, right or wrong."""
    return _NUMBER.findall(text)


def without_numbers(text: str) -> str:
    """The text without its long numbers."""
    return _LONG_NUMBER.sub("", text)


def waybill_in(text: str) -> str | None:
    """A parcel's number where one is asked for, with letters before it or without, in upper case."""
    found = _LIKE_WAYBILL.search(text)
    return found.group().upper() if found else None


def like_credit_code(text: str) -> str | None:
    """What was meant as a credit code where one is asked for, right or wrong."""
    found = _LIKE_CREDIT_CODE.search(text.replace(" ", ""))
    return found.group() if found else None


def is_ticket(text: str) -> bool:
    """Whether a text is a ticket's number as it is kept."""
    return _KEPT_TICKET.fullmatch(text) is not None


def is_order(text: str) -> bool:
    """Whether a text may be an order number, ours or another shop's."""
    return text.isascii() and _KEPT_ORDER.fullmatch(text) is not None


def is_waybill(text: str) -> bool:
    """Whether a text is a parcel's number as it is kept."""
    return text.isascii() and _KEPT_WAYBILL.fullmatch(text) is not None


def is_credit_code(text: str) -> bool:
    """Whether a text has the shape of a credit code (GB 32100)."""
    return text.isascii() and _KEPT_CREDIT_CODE.fullmatch(text) is not None


def last_digits_in(text: str) -> Iterator[re.Match[str]]:
    """Four digits of the folded text that stand alone and count nothing: the end of a number of ours (0002那个)."""
    return _LAST_DIGITS.finditer(text)


_LAST_DIGITS = re.compile(r"(?<![\da-z.:：-])\d{4}(?![\da-z.:：-]|\s*[年月日号天元块点分米升瓦])")
