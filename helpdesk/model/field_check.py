"""Whether a value written into a form is one of its field: what the dialogue asks for and staff types is the same.

Pure; a field is described by what it needs of company/fields (kind, choices, lengths). The rules are those of
everyday Chinese data: GB/T phone numbers, 18-character credit codes (GB 32100), amounts in yuan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from helpdesk.model.matter import UNKNOWN

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,6})?")
ABROAD = re.compile(r"\+\d{7,15}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
WECHAT = re.compile(r"[A-Za-z][-_A-Za-z0-9]{5,19}")
AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?")
CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
WAYBILL = re.compile(r"[A-Za-z]{0,4}\d{8,20}")
TICKET = re.compile(r"TS\d{8}-\d{4,}", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s（）()]")


def normalised(kind: str, value: Any) -> Any:
    """A typed value without what people put in for reading: blanks in numbers, signs of currency."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind == "phone":
        bare = SEPARATORS.sub("", text)
        return re.sub(r"^(\+?86)(?=1[3-9]\d{9}$)", "", bare.replace("-", "") if bare[:1] in "1+" else bare)
    if kind == "amount":
        return re.sub(r"[¥￥,，\s]|元$", "", text)
    if kind in {"order", "waybill", "ticket", "credit_code"}:
        return SEPARATORS.sub("", text).upper()
    return text


def fits(kind: str, value: str, choices: Collection[str] = ()) -> bool:
    """Whether a normalised value is one of its kind; free text always is."""
    if kind in {"choice", "category"}:
        return value in choices
    rule = RULES.get(kind)
    return rule is None or rule(value)


def _matches(*patterns: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: any(pattern.fullmatch(value) for pattern in patterns)


RULES: dict[str, Callable[[str], bool]] = {
    "phone": _matches(MOBILE, LANDLINE, ABROAD),
    "email": _matches(MAIL),
    "wechat": _matches(WECHAT, MOBILE),
    "amount": _matches(AMOUNT),
    "credit_code": _matches(CREDIT_CODE),
    "waybill": _matches(WAYBILL),
    "ticket": _matches(TICKET),
    "order": lambda value: value.isdigit() and 6 <= len(value) <= 24,
    "yes_no": lambda value: value in {"yes", "no"},
}


def is_unknown(value: str) -> bool:
    """「记不清」, 「找不到」 and the like: an answer where the field allows it."""
    return value.lower() in UNKNOWN
