"""A message in its clauses: what stands between signs and blanks; the point of 1.5 ends none."""

from __future__ import annotations

import re
from collections.abc import Iterator

CLAUSE = re.compile(r"(?:[^,，。.;；!！?？\s]|(?<=[a-zA-Z0-9]) (?=[a-zA-Z0-9])|(?<=\d)\.(?=\d))+[?？]?")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each clause of a message begins and ends."""
    return (match.span() for match in CLAUSE.finditer(text))


GOES_ON = re.compile(r"(?<=.{3})(?:还有就是|还有|然后|另外|顺便|以及|再就是)(?=.{2})")
"""Between two things that are said in one breath and without a sign: 「噪音大不大还有多少钱」."""


def in_one_breath(clause: str) -> list[str]:
    """What is said one thing after the other in a clause."""
    return GOES_ON.split(clause)
