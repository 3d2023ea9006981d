"""What a second reader is to the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.nlu.reader.turns import Context


@dataclass(frozen=True)
class Act:
    """One act that was read: `polarity` is "+" or "-", `confidence` between 0 and 1."""

    name: str
    polarity: str
    confidence: float


class Reader(Protocol):
    """Reads a message in its context. What it is given holds nothing personal."""

    async def read(self, said: str, context: Context) -> tuple[Act, ...]:
        """The acts, the most important first; none where nothing is heard. Raises NotRead."""
        ...

    async def close(self) -> None:
        """Gives back what it holds."""
        ...
