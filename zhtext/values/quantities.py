"""Counts of goods, sizes, months to pay in: 两台, 3个, 55寸, 分12期."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhtext.values.found import Value
from zhtext.values.numerals import NUMERAL, is_vague, to_number

_COUNT = re.compile(
    rf"(?<![第{NUMERAL}\d.,几多好])(?P<number>\d{{1,4}}|[{NUMERAL}]{{1,4}}|俩)(?P<unit>台|件|个|部|套|只|箱|张|条|单|把|盒|包)"
    r"(?!月|元|位|半|小时|钟头|星期|礼拜|周|人|电话|问题|事|号|子|次|样|工作日|多月|原来|字|名)"
)
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:英寸|寸|升|公斤|匹|l|kg)")
_POINTED = re.compile(r"(?<![\d.])(\d{2,3})(?=的|那)")
_INSTALMENTS = re.compile(r"分?(\d{1,2}|[三六九十二]{1,2})期")


def sizes_in(text: str) -> list[str]:
    """How large something is said to be, in its words: 55寸, 10公斤."""
    return _SIZE.findall(text)


def pointed_sizes_in(text: str) -> list[str]:
    """Sizes by which one of several is pointed at, without their unit: 「75的多宽」."""
    return _POINTED.findall(text)


def instalments_in(text: str) -> int | None:
    """In how many parts is paid: 「分12期」."""
    found = _INSTALMENTS.search(text)
    return to_number(found.group(1)) if found else None


def find(text: str) -> Iterator[Value]:
    """Counts of the folded text; value: the number in digits."""
    for match in _COUNT.finditer(text):
        number = match.group("number")
        if number == "一" and match.group("unit") not in "台件部套":
            continue  # 一个 is hardly ever a count
        if not is_vague(number):
            yield Value("quantity", "2" if number == "俩" else str(to_number(number)), match.start(), match.end())
