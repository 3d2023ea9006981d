"""Which of a list is meant: 「第二个」, 「2」, 「后面那个」."""

from __future__ import annotations

import re

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = r"(\d{1,2}|[一二两三四五六七八九十])"
_COUNTED = "(?:个|项|条|种|款|件|单|台|样|类|份|张)"
_NTH = re.compile(
    rf"^(?:我?(?:选|要|就|是|那|嗯|应该是|选择|就选)*)第?{_NUMBER}(?:{_COUNTED}|号)?(?:吧|的|呢|啊|哈|,|。|\.|、|那个|那项)*$|"
    rf"(?<!倒数)第{_NUMBER}{_COUNTED}"
)
_FIRST = re.compile(rf"(?:前面|上面|(?:打|起|开)?头(?!两)|前(?!两)|最(?:前|上)(?:面|头)?)(?:的)?(?:那|一)?{_COUNTED}")
_LAST = re.compile(rf"(?:后面|下面|末尾|最后|后头|后|末|最末|倒数第一|最下面?)(?:的)?(?:那|一)?{_COUNTED}")


def ordinal(plain: str, count: int) -> int | None:
    """The number, from 1, of the choice that normalised words pick out of `count`; None when they pick none."""
    if not count:
        return None
    if found := _NTH.search(plain.strip()):
        said = next(group for group in found.groups() if group)
        number = int(said) if said.isdigit() else _DIGITS[said]
        return number if 1 <= number <= count else None
    if _LAST.search(plain):
        return count
    return 1 if _FIRST.search(plain) else None
