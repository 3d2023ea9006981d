"""A message in its parts: what is only denied is no question and no wish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from zhtext import normalise
from zhtext.clauses import spans as every_span

_DENIES = re.compile(
    r"不是|没有?催|(?<!要.)(?<!要..)(?<!要...)不要|不用|不想|不退|不换|不修|不投诉|(?<![你您们])(?<![你您们][还都也又])没有?(?:要|想|说|问)|不是(?:在)?问|(?<![特区差性级类个分])别(?![的人处名称号])(?:给|再|帮)?|(?:谁|哪个|边个)(?:要|说|讲|话|问)|(?:几时|什么时候|啥时候)(?:要|说|讲|话)过|[莫不甭]写|莫要|免了|算了|先不|暂时|就不|用不着|唔(?:係|使|要)"
)
MOST = 60
"""Clauses that a message is divided into; what follows is one. A thousand full stops are no thousand thoughts."""
SHORTEST = 3
KEPT = 256
"""Last texts whose clauses are remembered: one message is divided some thirty times."""


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each clause of a message begins and ends."""
    found = list(every_span(text))
    if len(found) > MOST:
        found[MOST - 1 :] = [(found[MOST - 1][0], found[-1][1])]
    return iter(found)


def pieces(text: str) -> list[str]:
    """The clauses of a message."""
    return list(_pieces(text))


@lru_cache(maxsize=KEPT)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(piece for start, end in spans(text) if (piece := text[start:end].strip()))


def affirmed(text: str) -> str:
    """The message without the clauses that only deny something; all of it when nothing else is left."""
    kept = [piece for piece in pieces(text) if not _DENIES.search(normalise(piece))]
    return "，".join(kept) if kept else text


def denies(plain: str) -> bool:
    """Whether a normalised clause only denies something."""
    return _DENIES.search(plain) is not None


def parts(text: str) -> Iterator[str]:
    """What may be a question by itself: the whole, then its clauses from the last."""
    whole = affirmed(text)
    yield whole
    clauses = [piece for piece in pieces(whole) if len(piece) >= SHORTEST]
    if len(clauses) > 1:
        yield from reversed(clauses)
