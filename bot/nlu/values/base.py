"""What every extractor returns, and how overlaps are settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Sequence

HAN = "\u4e00-\u9fff"


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


def without_overlaps(found: Iterable[Value]) -> list[Value]:
    """The values in order of the text; of two on the same characters the one found first stays.

    So the order of the extractors is their precedence: a phone is never also an order number.
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
