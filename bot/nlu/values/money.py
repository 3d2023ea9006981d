"""Amounts of money in yuan: 299块, 1,299.00元, ￥50, 一千二, 三百五, 两百多, 1.2万."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from bot.nlu.values.base import HAN, Value
from bot.nlu.values.numbers import NUMERAL, is_vague, to_number

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
_UNIT = r"(?:元钱?|块钱?|圆|rmb|人民币|大洋)"
_PAID = r"(?:赔偿?|退|收|花|付|差|补|扣|要|价格?|金额|一共|总共|共|便宜|降|降价|贵|费)(?:了|是|我|款|到|给我|:)*\s*"

_WITH_UNIT = re.compile(
    rf"[¥￥$]?\s*(?P<number>{_ARABIC})\s*(?P<scale>[万千百]?)[多来余几]?\s*{_UNIT}(?P<tenths>\d(?!\d))?"
)
_WITH_SIGN = re.compile(rf"[¥￥]\s*(?P<number>{_ARABIC})(?P<scale>[万千百]?)(?P<tenths>(?!))?")
_AFTER_VERB = re.compile(
    rf"{_PAID}(?P<amount>(?P<number>{_ARABIC})(?P<scale>[万千百]?))(?P<tenths>(?!))?(?![\d.,\-/:%]|\s*[年月日天号个台件次份分点小时周元块折星])"
)
_CHINESE = re.compile(
    rf"(?<![第{NUMERAL}\d])(?P<number>[{NUMERAL}]+)[多来余几]?(?P<unit>{_UNIT})?(?![{NUMERAL}年月日天号个台件次份分点周折星级升寸度瓦口楼层栋])"
)
# 五块五, 三百五十块六; 退我五十.
_WITH_TENTHS = re.compile(
    rf"(?<![第{NUMERAL}\d])(?P<number>[{NUMERAL}]+)块(?P<tenths>[一二两三四五六七八九])(?![{NUMERAL}{HAN}]|[个台件])"
)
_CHINESE_AFTER_VERB = re.compile(
    rf"(?:赔偿?|退|补|扣|花|付|差)(?:了|我|给我)?(?P<number>[二三四五六七八九]?十[一二三四五六七八九]?)(?=$|[^{HAN}]|吧|就|可以)"
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10000}


def find(text: str) -> Iterator[Value]:
    """Amounts; value: yuan as a decimal string without useless zeros."""
    for pattern in (_WITH_UNIT, _WITH_SIGN, _AFTER_VERB):
        for match in pattern.finditer(text):
            yield _arabic(match)
    for match in _WITH_TENTHS.finditer(text):
        yield from _numeral(match.group("number"), match, f".{to_number(match.group('tenths'))}")
    for match in _CHINESE_AFTER_VERB.finditer(text):
        yield Value("amount", str(to_number(match.group("number"))), match.start("number"), match.end("number"))
    yield from _chinese(text)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _arabic(match: re.Match[str]) -> Value:
    amount = Decimal(match.group("number").replace(",", "")) * _SCALES[match.group("scale")]
    if match.group("tenths"):
        amount += Decimal(match.group("tenths")) / 10
    start = match.start("amount") if "amount" in match.re.groupindex else match.start()
    return Value("amount", _plain(amount), start + _leading_spaces(match, start), match.end())


def _leading_spaces(match: re.Match[str], start: int) -> int:
    found = match.string[start : match.end()]
    return len(found) - len(found.lstrip())


def _chinese(text: str) -> Iterator[Value]:
    """Without 块 or 元 only hundreds and more: 十五 alone may be anything; 一块 is also "together"."""
    for match in _CHINESE.finditer(text):
        number, unit = match.group("number"), match.group("unit")
        large = len(number) > 1 and any(character in number for character in "百千万") and number[0] not in "百千万"
        together = number == "一" and unit == "块"
        if (unit and not together and number[0] not in "百千万") or (large and _stands_alone(text, match)):
            yield from _numeral(number, match)


def _numeral(number: str, match: re.Match[str], tenths: str = "") -> Iterator[Value]:
    """Nothing for 两三百."""
    if not is_vague(number):
        yield Value("amount", str(to_number(number)) + tenths, match.start(), match.end())


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """No noun right behind that would make it a count of something else."""
    return not re.match(rf"(?![钱了吧呢啊给就的左右上下以以不是])[{HAN}]", text[match.end() :])
