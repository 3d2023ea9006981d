"""Numbers that name a thing: tickets, orders, the 18-character credit code of a company."""

from __future__ import annotations

import re
from typing import Iterator

from bot.nlu.values.base import Value

_TICKET = re.compile(r"ts[\s\-—_]{0,2}(20\d{6})[\s\-—_]{0,2}(\d{4})(?!\d)")

# Our orders have 13 digits, other platforms' 12 to 19; groups may be set apart.
_ORDER = re.compile(r"(?<![\da-z.])\d(?:[\s\-]?\d){11,18}(?![\da-z]|\.\d)")
_NO_ORDER_BEFORE = re.compile(r"(?:身份证|银行卡|卡号|账号|税号|信用代码|识别号|imei|序列号)[号码是为:\s]{0,4}$")

_CODE_CHARACTER = "0-9a-hj-npqrtuwxy"
_CREDIT_CODE = re.compile(rf"(?<![0-9a-z])[{_CODE_CHARACTER}]{{2}}\d{{6}}[{_CODE_CHARACTER}]{{10}}(?![0-9a-z])")
_CODE_ANNOUNCED = re.compile(r"(?:税号|信用代码|纳税人识别号|识别号)[是为:\s]{0,3}$")

_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10x98765432"


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


def find_credit_codes(text: str) -> Iterator[Value]:
    """Credit codes in upper case; eighteen digits alone count only after 税号 and its like."""
    for match in _CREDIT_CODE.finditer(text):
        code = match.group(0)
        announced = _CODE_ANNOUNCED.search(text[: match.start()])
        if announced or (not code.isdecimal() and not is_identity_number(code)):
            yield Value("company_credit_code", code.upper(), match.start(), match.end())


def is_identity_number(code: str) -> bool:
    """Whether eighteen characters are a resident's identity number (GB 11643: weights, modulo 11)."""
    if not re.fullmatch(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}\d{3}[\dx]", code):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_IDENTITY_WEIGHTS, code, strict=False))
    return _IDENTITY_CHECKS[total % 11] == code[-1]
