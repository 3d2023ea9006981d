"""How often a second reader is asked: the same question once, so many a day, and not while it fails."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.second.port import Act

Question = tuple[str, str, str]
"""The masked words, what was asked, what is spoken of."""

REMEMBERED: Final = 2000
"""Answers kept; at about 500 bytes each one megabyte."""
FAILURES: Final = 3
"""So many in a row, and it is left alone: each may have cost a customer the whole limit."""
REST: Final = 60.0
"""Seconds for which it is left alone then."""
ZONE: Final = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The day that a budget is for."""
    return datetime.now(ZONE).date()


class Answers:
    """What was answered, the latest used kept."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._kept: OrderedDict[Question, tuple[Act, ...]] = OrderedDict()

    def get(self, question: Question) -> tuple[Act, ...] | None:
        """The answer, or None where the question is new."""
        if question in self._kept:
            self._kept.move_to_end(question)
        return self._kept.get(question)

    def keep(self, question: Question, acts: tuple[Act, ...]) -> None:
        """Keeps an answer, and drops the one longest unused when there are too many."""
        self._kept[question] = acts
        self._kept.move_to_end(question)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


@dataclass
class Budget:
    """Requests a day, counted in this process: a worker that starts again begins again."""

    most: int
    day: Callable[[], date] = today
    spent: int = 0
    _of: date | None = None

    def take(self) -> bool:
        """Whether one more may be sent; then it is counted."""
        if self._of != self.day():
            self._of, self.spent = self.day(), 0
        if self.spent >= self.most:
            return False
        self.spent += 1
        return True


@dataclass
class Patience:
    """Leaves a reader alone for a while after it failed several times in a row."""

    clock: Callable[[], float] = time.monotonic
    _failed: int = 0
    _until: float = field(default=float("-inf"))

    @property
    def is_resting(self) -> bool:
        """Whether it is left alone now."""
        return self.clock() < self._until

    def note(self, *, failed: bool) -> None:
        """What came of a request."""
        self._failed = self._failed + 1 if failed else 0
        if self._failed >= FAILURES:
            self._failed, self._until = 0, self.clock() + REST
