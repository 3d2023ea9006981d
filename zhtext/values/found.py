"""What every finder returns, and how overlaps are settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from zhtext.normalise import INVISIBLE, fold

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Han characters, the rare ones of names too: 䶮 and 𠮷 lie outside the common block."""
DOT = "·"
"""Between the parts of a name: 阿依古丽·买买提."""
_DOTS = frozenset("·•・‧∙⋅")
_INVISIBLE = re.compile(INVISIBLE)


@dataclass(frozen=True)
class Value:
    """One value: its kind (the entity's name), normalised, and where it stands in the text."""

    kind: str
    value: str
    start: int
    end: int

    def overlaps(self, other: Value) -> bool:
        """Whether both stand on a common character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Visible:
    """A text as values are found in it: folded, without invisible characters, and where each sign stood."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, said: str) -> Visible:
        """Read what was typed."""
        folded = fold(said)
        kept = [(DOT if sign in _DOTS else folded[place], place) for place, sign in enumerate(said) if _shows(sign)]
        return cls("".join(sign for sign, _ in kept), tuple(place for _, place in kept))

    def in_original(self, value: Value) -> Value:
        """The value where it stands in what was typed."""
        return replace(value, start=self.places[value.start], end=self.places[value.end - 1] + 1)


def _shows(sign: str) -> bool:
    return _INVISIBLE.match(sign) is None


def visible(said: str) -> str:
    """The text without zero-width and control characters, which apps paste in and nobody means."""
    return _INVISIBLE.sub("", said)


def without_overlaps(found: Iterable[Value]) -> list[Value]:
    """The values in order of the text; of two on the same characters the one found first stays.

    So the order of the finders is their precedence: a phone is never also an order number.
    """
    kept: list[Value] = []
    for value in found:
        if not any(value.overlaps(other) for other in kept):
            kept.append(value)
    return sorted(kept, key=lambda value: value.start)


def blanked(text: str, values: Sequence[Value]) -> str:
    """The text with the values' characters replaced by a mark that nothing matches; same length."""
    for value in values:
        text = text[: value.start] + "\x00" * (value.end - value.start) + text[value.end :]
    return text
