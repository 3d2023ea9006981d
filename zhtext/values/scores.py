"""Ratings from 1 to 5: 5分, 四星, 非常满意."""

from __future__ import annotations

import re

from zhtext.values.numerals import to_number

_OF_FIVE = r"([1-5一二三四五])"
_COUNTED = re.compile(rf"{_OF_FIVE}\s*(?:分|星|颗星?)")
_ALONE = re.compile(rf"\D{{0,3}}{_OF_FIVE}\D{{0,3}}")
_WORDS = {
    "非常满意": 5, "很满意": 5, "满分": 5, "五星": 5, "好评": 5, "不满意": 2, "很不满意": 1, "差评": 1, "一星": 1, "满意": 4, "一般": 3,
}  # fmt: skip


def read(plain: str) -> int | None:
    """The score that a normalised text gives, the last it names (「5分就算了，给3分」); None when it gives none."""
    digit = max(_COUNTED.finditer(plain), key=lambda one: one.start(), default=None) or _ALONE.fullmatch(plain)
    if digit:
        return to_number(digit.group(1))
    return next((score for words, score in sorted(_WORDS.items(), key=lambda s: -len(s[0])) if words in plain), None)
