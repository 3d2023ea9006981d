"""Amounts of money: 299块, 1,299.00元, ￥50, 一千二, 1万2, 3k, 三百零五块八毛, 伍佰元整, 100美元.

In yuan as a plain decimal string ("12000"); of another currency with its name ("100 美元").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhtext.values.found import HAN, Value
from zhtext.values.numerals import ARABIC, NUMERAL, SCALED, is_vague, plain, to_decimal

_YUAN = r"(?:元钱?|块钱?|圆|rmb|cny|人民币|大洋)"
CURRENCIES = {
    "美元": "美元|美金|美刀|刀乐|usd|us\\$|dollars?", "港币": "港币|港元|港纸|hkd|hk\\$", "欧元": "欧元|eur|€", "英镑": "英镑|gbp|£",
    "日元": "日元|日币|円|jpy", "新台币": "新?台币|twd|nt\\$", "澳门元": "澳门元|澳门币|mop", "韩元": "韩元|韩币|krw",
    "澳元": "澳元|澳币|aud", "加元": "加元|加币|cad", "新加坡元": "新加坡元|新币|sgd",
}  # fmt: skip
_FOREIGN = "|".join(CURRENCIES.values())
_UNIT = rf"(?:(?P<foreign>{_FOREIGN})|{_YUAN})"
_PAID = r"(?:赔偿?|退|收|花|付|差|补|扣|要|价格?|金额|一共|总共|共|便宜|降|降价|贵|费)(?:了|是|我|款|到|给我|:)*\s*"
# 五块五, 三百零五块八毛, 八块六毛五.
_TENTHS = r"(?:(?P<tenths>[\d一二两三四五六七八九])(?:[毛角](?:(?P<cents>[\d一二三四五六七八九])分?)?|(?![\d毛角])))?"
_NONE = r"(?P<foreign>(?!))?(?P<tenths>(?!))?(?P<cents>(?!))?"

_WITH_UNIT = re.compile(rf"[¥￥$]?\s*(?P<number>{SCALED})\s*[多来余]?\s*{_UNIT}{_TENTHS}整?")
_WITH_SIGN = re.compile(rf"[¥￥]\s*(?P<number>{SCALED}){_NONE}")
_AFTER_VERB = re.compile(
    rf"{_PAID}(?P<amount>(?P<number>{SCALED})){_NONE}(?![\d\-/:%a-z]|[.,]\d|\s*[年月日天号个台件次份分点小时周元块折星])"
)
_NOT_BEHIND = r"年月日天号个台件次份分点周折星级升寸度瓦口楼层栋"
_CHINESE = re.compile(
    rf"(?<![第几{NUMERAL}\d])(?P<number>[{NUMERAL}]+)[多来余]?(?:(?P<unit>{_UNIT}){_TENTHS}整?)?(?![{NUMERAL}{_NOT_BEHIND}])"
)
_CHINESE_AFTER_VERB = re.compile(
    rf"(?:赔偿?|退|补|扣|花|付|差)(?:了|我|给我)?(?P<number>[二三四五六七八九]?十[一二三四五六七八九]?)(?=$|[^{HAN}]|吧|就|可以)"
)
# 1.2w is money only where money is asked for: 1500w is what a kettle needs.
_ANSWER = re.compile(
    rf"[¥￥$]?\s*(?P<number>{SCALED}|{ARABIC}w\d?|[{NUMERAL}]+)\s*[多来余]?\s*(?:{_UNIT}{_TENTHS})?整?"
)
_AT_END = re.compile(rf"(?<![\d.]){_ANSWER.pattern}$")
_SOME = rf"(?:{ARABIC}|[{NUMERAL}]*[十百千万])几|[上几][十百千万]+|几(?={_YUAN})"
_ABOUT = re.compile(
    rf"(?:[{NUMERAL}]*[一二两三四五六七八九]{{2}}[十百千万]*[{NUMERAL}]*|{SCALED}\s*(?:-|~|到|至|、)\s*{SCALED}|{_SOME})[多来]?\s*{_UNIT}?"
)
_AROUND = re.compile(
    r"^(?:我?(?:一共|总共|共|大概|大约|差不多|应该|好像|是|就|花了?|付了?|收了?|要了?|金额|多收了?|被收了?|[:\s])*)|(?:左右|上下|的样子|吧|了|啊|呢|这样|整|[。.!！,，~\s])*$"
)
_NUMBER = re.compile(r"\d+(?:\.\d{1,2})?")
LONGEST = 9
MOST = Decimal(10) ** 9
_AMOUNT = re.compile(rf"\d{{1,9}}(?:\.\d{{1,2}})?(?: (?:{'|'.join(CURRENCIES)}))?")


@dataclass(frozen=True)
class About:
    """「两三百块吧」, 「十几块」: somewhere between two numbers, to be asked."""

    words: str


def is_amount(text: str) -> bool:
    """Whether a text is an amount as it is kept: "12000", "305.8", "100 美元"."""
    return _AMOUNT.fullmatch(text) is not None


def read(text: str) -> str | About | None:
    """The amount that answers "how much" (folded): also 五十 and 3k, which alone would be no amount."""
    bare = plain(_AROUND.sub("", text.strip()))
    if is_amount(bare):
        return _plain(Decimal(bare)) if bare.replace(".", "").isdecimal() else bare
    if match := _ANSWER.fullmatch(bare):
        return About(bare) if is_vague(match.group("number")) else _amount(match)
    if about := _ABOUT.search(bare):
        return About(about.group(0))
    if (last := _AT_END.search(bare)) and not is_vague(last.group("number")):
        return _amount(last)
    return next((value.value for value in find(text)), None)


def number_in(text: str) -> str | None:
    """The first number, where an amount is asked for and nothing names one; None when it is too long for that."""
    found = _NUMBER.search(text.replace(",", ""))
    return found.group() if found and len(found.group()) <= LONGEST else None


def find(text: str) -> Iterator[Value]:
    """Amounts of the folded text."""
    text = plain(text)
    for pattern in (_WITH_UNIT, _WITH_SIGN, _AFTER_VERB):
        for match in pattern.finditer(text):
            yield from _value(match)
    for match in _CHINESE_AFTER_VERB.finditer(text):
        yield Value("amount", _plain(to_decimal(match.group("number"))), match.start("number"), match.end("number"))
    yield from _chinese(text)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _amount(match: re.Match[str]) -> str | None:
    """The amount in its currency; None when it is beyond all money or no numeral at all."""
    try:
        amount = to_decimal(match.group("number"))
    except ValueError:
        return None
    amount += _part(match, "tenths") / 10 + _part(match, "cents") / 100
    if amount >= MOST:
        return None
    foreign = match.group("foreign")
    return f"{_plain(amount)} {_currency(foreign)}" if foreign else _plain(amount)


def _part(match: re.Match[str], name: str) -> Decimal:
    return to_decimal(match.group(name)) if match.group(name) else Decimal(0)


def _currency(word: str) -> str:
    return next(name for name, words in CURRENCIES.items() if re.fullmatch(words, word))


def _value(match: re.Match[str]) -> Iterator[Value]:
    amount = _amount(match)
    start = match.start("amount") if "amount" in match.re.groupindex else match.start()
    if amount is not None:
        yield Value("amount", amount, start + _leading_spaces(match, start), match.end())


def _leading_spaces(match: re.Match[str], start: int) -> int:
    found = match.string[start : match.end()]
    return len(found) - len(found.lstrip())


_BROKEN = tuple("裂碎断破掉缺坏")
"""What is counted in pieces behind one of these is no money."""


def _chinese(text: str) -> Iterator[Value]:
    """Without 块 or 元 only hundreds and more: 十五 alone may be anything; 一块 is also "together"."""
    for match in _CHINESE.finditer(text):
        number, unit = match.group("number"), match.group("unit")
        together = number == "一" and unit == "块" and not match.group("tenths")
        pieces = unit == "块" and text[: match.start()].rstrip(" 了").endswith(_BROKEN)  # 「地砖砸裂两块」
        if number[0] in "百千万" or together or pieces or is_vague(number):
            continue
        large = len(number) > 1 and any(character in number for character in "百千万")
        if unit or (large and _stands_alone(text, match)):
            yield from _value(match)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """No noun right behind that would make it a count of something else."""
    return not re.match(rf"(?![钱了吧呢啊给就的左右上下以以不是])[{HAN}]", text[match.end() :])
