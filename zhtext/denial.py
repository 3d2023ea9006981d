"""Whether a word is denied where it stands: 「不用回电」, 「莫慌登记」, 「唔使登记」."""

from __future__ import annotations

import re

REACH = 4
"""Signs before a word in which a no denies it."""
_NO = re.compile(r"[不没别甭莫勿冇唔咪毋免](?!如|然|过|好意思|急|着急|方便|转)")


def is_denied(clause: str, start: int) -> bool:
    """Whether what begins at `start` of a normalised clause is denied by the words before it.

    「要不登记吧」 suggests, 「没人就登记」 concludes, and 「登不登记」 leaves open.
    """
    before = re.split("就|那", clause[max(0, start - REACH) : start])[-1]
    leaves_open = len(before) > 1 and before[-1] in "不没" and clause[start : start + 1] == before[-2]
    return bool(_NO.search(before)) and not before.endswith("要不") and not leaves_open


def names_undenied(words: re.Pattern[str], clause: str) -> bool:
    """Whether one of the words stands in a normalised clause without being denied there."""
    return any(not is_denied(clause, found.start()) for found in words.finditer(clause))
