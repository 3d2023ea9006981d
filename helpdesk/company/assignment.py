"""How customers who wait for a person get to one, and by which words they ask for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pydantic import Field

from helpdesk.company.shape import Shape
from helpdesk.model.assignment import Mode, Rules

__all__ = ["Assignment"]

SHORTEST = 2
"""A name of one sign is in every second sentence."""
JUST_BEFORE = 6
"""So many signs before a name say whose it is: 「我叫陈静」."""


class Assignment(Shape):
    """`accept`, `overflow` and `answer` are seconds; words are as customers write them, in one form of letters."""

    mode: Mode
    accept_seconds: int = Field(ge=5, le=300)
    overflow_seconds: int = Field(ge=0)
    answer_seconds: int = Field(ge=5)
    same_person: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()

    @property
    def rules(self) -> Rules:
        """The same for who assigns."""
        return Rules(self.mode, timedelta(seconds=self.overflow_seconds))

    def wishes_same(self, text: str) -> bool:
        """Whether a message asks for whoever served last."""
        return self._is_kind(text) and any(self._is_wished(text, word) for word in self.same_person)

    def wishes(self, text: str, name: str) -> bool:
        """Whether a message that names somebody asks for them, and is not about them nor about a namesake."""
        return self._is_kind(text) and self._is_wished(text, name)

    def _is_kind(self, text: str) -> bool:
        return not any(word in text for word in self.not_with)

    def _is_wished(self, text: str, name: str) -> bool:
        before = [text[max(0, at - JUST_BEFORE) : at] for at in _places(text, name)]
        return any(not any(word in one for word in self.not_before) for one in before)


def _places(text: str, name: str) -> Iterator[int]:
    """Where a name stands; a 工号 only as a whole, for S100 is not S1001."""
    at = text.find(name) if len(name) >= SHORTEST else -1
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(name) : at + len(name) + 1]
        if not (name.isascii() and any(sign.isascii() and sign.isalnum() for sign in around)):
            yield at
        at = text.find(name, at + 1)
