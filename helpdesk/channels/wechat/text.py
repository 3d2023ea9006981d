"""Bubbles into what WeChat carries: merged for a passive reply, split at sentence ends for the API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from wcwidth import iter_graphemes

LIMIT = 2048  # bytes of UTF-8 in one text message; more is refused
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])")


def with_choices(text: str, titles: Sequence[str], hint: str, first: int = 1) -> str:
    """Choices as a list numbered from `first`, since a passive text has no buttons; `hint` says how to choose."""
    if not titles:
        return text
    numbered = [f"{number}. {title}" for number, title in enumerate(titles, start=first)]
    return "\n".join([text, "", *numbered, hint]).strip()


def merge(bubbles: Iterable[str]) -> str:
    """Several bubbles as one text."""
    return "\n\n".join(bubble for bubble in bubbles if bubble)


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode())


def split(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of at most `limit` bytes, cut at sentence ends where there are any."""
    parts: list[str] = []
    current = ""
    for sentence in _SENTENCE_END.split(text):
        for piece in _hard_split(sentence, limit):
            if current and size(current + piece) > limit:
                parts.append(current.strip())
                current = ""
            current += piece
    return [part for part in [*parts, current.strip()] if part]


def _hard_split(sentence: str, limit: int) -> Iterable[str]:
    """Cut between what people see as characters; only a character that is larger than a message is cut itself."""
    piece = ""
    used = 0
    for character in iter_graphemes(sentence):
        for part in (character,) if size(character) <= limit else character:
            if used + size(part) > limit:
                yield piece
                piece, used = "", 0
            piece += part
            used += size(part)
    yield piece
