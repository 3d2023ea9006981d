"""How long ago something was bought or came: 「用了两年半」, 「前年买的」, 「签收九天」; and how long a sheet guarantees."""

from __future__ import annotations

import re

from zhtext.values.numerals import NUMERAL, is_vague, to_number

_NUMBER = rf"(?:\d{{1,3}}|[{NUMERAL}]{{1,3}}|半)"
_YEARS = re.compile(
    rf"(?P<years>{_NUMBER})年(?P<half>半)?(?P<more>多|出头)?(?!级|前的?新|代|款)(?:[零又]?(?P<months>{_NUMBER})个月)?"
)
_MONTHS = re.compile(rf"(?P<months>{_NUMBER})个(?:多)?月")
_NAMED = {"大前年": 36, "前年": 24}
"""Years by name, in months as far as can be told."""
_OF_A_SPAN = re.compile(r"保修|质保|三包|保固|延保|包修|保(?:了)?$|第$|[过再下每]$")
_SPANS = re.compile(rf"(?P<number>{_NUMBER})[来多]?个?多?(?P<unit>天|日|周|星期|礼拜|月)(?!子|期天|末)")
_DAYS_OF = {"天": 1, "日": 1, "周": 7, "期": 7, "拜": 7, "月": 30}
_OF_OWN = re.compile(r"用|使|签收|收到|收货|到货|到手|拿到|拿回|买|装|了|到家")
_IS_A_RULE = re.compile(r"(?:无理由|之内|以内|内|包|保|退|价保|免|的?期)")
_LIMIT = re.compile(r"(?:过|过了|第|满|不到|以后|头)$")
OWN_REACH = 6
_GUARANTEED = re.compile(r"(?P<part>整机|主要部件)\s*(?P<years>\d+)\s*年")


def months(plain: str) -> int | None:
    """How many months old a thing is told to be in a normalised text; None where nothing or only a rule is told."""
    for found in _YEARS.finditer(plain):
        if not _OF_A_SPAN.search(plain[: found.start()][-3:]) and (years := _number(found["years"])) is not None:
            more = 6 if found["half"] else 1 if found["more"] else 0
            return int(years * 12) + more + int(_number(found["months"] or "零") or 0)
    for found in _MONTHS.finditer(plain):
        if (number := _number(found["months"])) is not None and not plain[found.end() :].startswith(("内", "后")):
            return int(number) or 1
    return next((length for name, length in _NAMED.items() if name in plain), None)


def days(plain: str) -> int | None:
    """How many days ago something of one's own is told to have come or been in use: no 「7天无理由」, no 「几天内」."""
    for found in _SPANS.finditer(plain):
        around = plain[max(0, found.start() - OWN_REACH) : found.start()] + plain[found.end() :][:OWN_REACH]
        is_limit = _LIMIT.search(plain[: found.start()]) or _IS_A_RULE.match(plain[found.end() :])
        if _OF_OWN.search(around) and not is_limit:
            number = _number(found["number"])
            return None if number is None else int(number * _DAYS_OF[found["unit"][-1]])
    return None


def guaranteed(sheet: str) -> dict[str, int]:
    """Years by part, of a sheet's words: 「整机 1 年，主要部件 3 年」."""
    return {found["part"]: int(found["years"]) for found in _GUARANTEED.finditer(sheet)}


def _number(words: str) -> float | None:
    if words == "半":
        return 0.5
    return None if is_vague(words) else float(to_number(words) or 0)
