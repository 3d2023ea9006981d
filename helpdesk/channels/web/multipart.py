"""multipart/form-data (RFC 7578) of a few small parts that are in memory already."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk.errors import InvalidInput

BOUNDARY = re.compile(r'^multipart/form-data\s*;.*?\bboundary="?([^";,]{1,70})"?', re.IGNORECASE)
NAME = re.compile(rb'\bname="([^"\r\n]*)"')
LINE = b"\r\n"
PARTS = 8  # at most; a form with a picture and a session id has two


@dataclass(frozen=True)
class Part:
    """One field of a form; a view on the body, nothing is copied."""

    name: str
    content: memoryview


def parts(content_type: str, body: bytes) -> dict[str, Part]:
    """The fields of a form by name; of two with one name the last.

    Raises:
        InvalidInput: the body is no such form.
    """
    found = BOUNDARY.match(content_type)
    if found is None:
        raise InvalidInput("the body must be multipart/form-data")
    mark = b"--" + found.group(1).encode("latin-1", "replace")
    spans = _spans(body, mark)
    return {part.name: part for part in (_part(body, start, end) for start, end in spans)}


def _spans(body: bytes, mark: bytes) -> list[tuple[int, int]]:
    """Where each part begins and ends: between two delimiters, without the line breaks that belong to these."""
    at = 0 if body.startswith(mark) else body.find(LINE + mark)
    start = _after_line(body, at, mark) if at >= 0 else None
    spans: list[tuple[int, int]] = []
    while start is not None:
        end = body.find(LINE + mark, start - len(LINE))
        if end < 0 or len(spans) == PARTS:
            raise InvalidInput("the form is cut off or has too many fields")
        spans.append((start, end))
        start = _after_line(body, end + len(LINE), mark)
    return spans


def _after_line(body: bytes, at: int, mark: bytes) -> int | None:
    """The first byte after a delimiter's line; None after the last delimiter."""
    after = body.find(mark, at) + len(mark)
    if body[after : after + 2] == b"--":
        return None
    end = body.find(LINE, after)
    if end < 0:
        raise InvalidInput("the form is cut off")
    return end + len(LINE)


def _part(body: bytes, start: int, end: int) -> Part:
    head_end = body.find(LINE + LINE, start, end)
    name = NAME.search(body, start, max(head_end, start))
    if head_end < 0 or name is None:
        raise InvalidInput("a field of the form has no name")
    return Part(name.group(1).decode("utf-8", "replace"), memoryview(body)[head_end + 2 * len(LINE) : end])
