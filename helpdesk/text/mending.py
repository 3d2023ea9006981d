"""A reply as it is judged, and as it would read once a finding is adopted: one sentence written anew, the rest kept."""

from __future__ import annotations

import re

from zhtext.values.found import HAN, Visible

Span = tuple[int, int]

_HIDING = re.compile(rf"(?<=[{HAN}])[ \t\u3000·.*_\-]{{1,2}}(?=[{HAN}])")
"""What is put between the characters of a word so that nobody finds it: 不 归 我 管."""
_SENTENCE_ENDS = "。！？!?；;\n"
_CLAUSE_ENDS = _SENTENCE_ENDS + "，,"


def judged(text: str) -> Visible:
    """The text in Simplified half-width characters without what nobody sees; its places lead back to what was typed."""
    seen = Visible.of(text)
    hidden = {at for match in _HIDING.finditer(seen.text) for at in range(*match.span())}
    kept = [
        (sign, place) for at, (sign, place) in enumerate(zip(seen.text, seen.places, strict=True)) if at not in hidden
    ]
    return Visible("".join(sign for sign, _ in kept), tuple(place for _, place in kept))


def as_typed(seen: Visible, span: Span) -> Span:
    """Where a span of the judged text stands in what was typed."""
    start, end = span
    return (seen.places[start], seen.places[end - 1] + 1) if end > start else (0, 0)


def with_sentence(text: str, span: Span, instead: str) -> str:
    """From the clause at fault to the end of its sentence, `instead` stands; what was said before it stays.

    A sentence that is there already is not said twice.
    """
    start = max((text.rfind(sign, 0, span[0]) for sign in _CLAUSE_ENDS), default=-1) + 1
    end = min((at for sign in _SENTENCE_ENDS if (at := text.find(sign, max(span[1] - 1, 0))) >= 0), default=len(text))
    before, behind = text[:start], text[end + 1 :]
    mended = "" if instead in before or instead in behind else instead
    return f"{before}{mended}{behind}".strip()


def with_words(text: str, span: Span, word: str) -> str:
    """Only the words at fault are others."""
    return text[: span[0]] + word + text[span[1] :]
