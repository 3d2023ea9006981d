"""What a thing cost and costs: the price that was paid, the lower one that was seen, and the difference.

「买的时候3299，现在官网2899」, 「便宜了四百」: a number means what the word nearest before it says, else the one right
behind it. Only numbers are read whose use is told; models, sizes, dates and long numbers are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from zhtext.values.numerals import NUMERAL, SCALED, is_vague, plain, to_decimal

PAID, SEEN, GAP = "price_paid", "price_seen", "price_gap"
NAMES = (PAID, SEEN, GAP)
ALL = frozenset(NAMES)
_CUES = {
    PAID: "从|买的时候|买的|买时|买入|买来|购买|买|当时|当初|原来|原价|之前|下单|付了|付的|付款|花了|花的|花|拍的|入手|成交|到手",
    SEEN: "降到|降成|降至|降价到|跌到|变成|变|现在|现价|今天|如今|目前|这会儿|只要|只卖|才卖|才要|卖|标价|标的|标着|显示|官网|页面|直播间|直播|门店|店里|特价|活动价|看到",
    GAP: "便宜了|平了|平咗|便宜|少了|降了|降|跌了|跌|差价|差额|差了|差|贵了|多花了|多花|优惠了|退我|补我",
}
_CUE = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _CUES.items()))
_NUMBER = re.compile(
    rf"(?<![\d.a-z第双{NUMERAL}])(?P<number>{SCALED}|[{NUMERAL}]{{2,}})(?![\d.\-/:：%a-z{NUMERAL}多几来]|\s*[年月日天号个台件次份分点小时周折星级升寸匹楼瓦斤度])"
)
_CLAUSES = re.compile(r"[^,，。;；!！?？\s]+")
_DROPPED = re.compile(
    r"(?<![\d.])(?P<paid>\d{2,6})(?:块钱?|元)?(?:变成?|降到|降成|降至|跌到|跌成|掉到|一下)(?:了)?(?P<seen>\d{2,6})(?![\d.年月日号])"
)
"""「399变319了」."""
_BEHIND = 3
"""Characters behind a number in which a word may tell its use: 3299买的."""
_LEAST, _MOST = 10, 10**6


def told(text: str) -> Mapping[str, str]:
    """`price_paid`, `price_seen` and `price_gap` as far as the folded text tells them, in yuan ("2899").

    Of the two prices and the difference the third is worked out.
    """
    found: dict[str, str] = {}
    if dropped := _DROPPED.search(plain(text)):
        return with_third({PAID: dropped["paid"], SEEN: dropped["seen"]})
    before: str | None = None
    for clause in _CLAUSES.finditer(plain(text)):
        found.update(_in_clause(clause.group(), before))
        before = None if _NUMBER.search(clause.group()) else _last_cue(clause.group())
    return with_third(found)


def with_third(found: Mapping[str, str]) -> Mapping[str, str]:
    """Of the two prices and the difference the one that is not known, worked out from the others."""
    known = {name: to_decimal(found[name]) for name in NAMES if str(found.get(name, "")).replace(".", "", 1).isdigit()}
    if {PAID, GAP} <= known.keys() and SEEN not in known and known[PAID] > known[GAP]:
        known[SEEN] = known[PAID] - known[GAP]
    elif {SEEN, GAP} <= known.keys() and PAID not in known:
        known[PAID] = known[SEEN] + known[GAP]
    elif {PAID, SEEN} <= known.keys() and known[PAID] > known[SEEN]:
        known[GAP] = known[PAID] - known[SEEN]
    return {name: f"{value.normalize():f}" for name, value in known.items()}


_BUDGET = re.compile(
    rf"(?:预算|不超过|最多|顶多)(?:是|就|大概|大约|在|不到)?(?P<first>{SCALED}|[{NUMERAL}]{{2,}})|(?P<number>{SCALED}|[{NUMERAL}]{{2,}})(?:块钱?|元)?(?:以内|以下|之内|内的|左右的?预算|的预算)"
)


def budget_in(text: str) -> str | None:
    """The most that may be spent, in yuan, as the folded text says it: 「1000以内的」, 「预算三千」."""
    found = _BUDGET.search(plain(text))
    number = (found["first"] or found["number"]) if found else None
    return f"{to_decimal(number).normalize():f}" if number and not is_vague(number) else None


def _last_cue(clause: str) -> str | None:
    """What the next clause may be about: 「是直播间看到的，价格259」."""
    return next((found.lastgroup for found in reversed([*_CUE.finditer(clause)])), None)


def _in_clause(clause: str, before: str | None) -> Iterator[tuple[str, str]]:
    """`before`: whose word stands last in the clause before, where that has no number of its own."""
    begin = 0
    for number in _NUMBER.finditer(clause):
        cue = _cue(clause, begin, number.start(), number.end()) or before
        value = None if is_vague(number["number"]) else to_decimal(number["number"])
        if cue and value is not None and _LEAST <= value < _MOST:
            yield cue, f"{value.normalize():f}"
        begin = number.end()


def _cue(clause: str, begin: int, start: int, end: int) -> str | None:
    """Whose word stands nearest before the number, after the number before it; else right behind it."""
    before = [found.lastgroup for found in _CUE.finditer(clause, begin, start)]
    if before:
        return before[-1]
    behind = _CUE.search(clause, end, end + _BEHIND + 1)
    return behind.lastgroup if behind else None
