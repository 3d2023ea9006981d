"""A message in its clauses: what stands between signs and blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

CLAUSE = re.compile(r"(?:[^,，。.;；!！?？\s]|(?<=[a-zA-Z0-9]) (?=[a-zA-Z0-9]))+[?？]?")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each clause of a message begins and ends."""
    return (match.span() for match in CLAUSE.finditer(text))
