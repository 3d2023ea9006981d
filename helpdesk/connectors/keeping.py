"""Answers kept for a while: as good as new at first, then told with their age when no other comes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from helpdesk.clock import Clock
from helpdesk.company.connectors import Keeping
from helpdesk.errors import NotAnswering
from helpdesk.model.shop import Told

T = TypeVar("T")


class Kept:
    """At most `most` answers, those used last."""

    def __init__(self, rule: Keeping, clock: Clock) -> None:
        self._rule = rule
        self._clock = clock
        self._answers: OrderedDict[Hashable, Told[Any]] = OrderedDict()

    async def told(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> Told[T]:
        """What was said of late, else what is said now, else what was said last.

        Raises:
            NotAnswering: nothing is said now, and nothing was that is not too old.
        """
        if (fresh := self._not_older(key, self._rule.fresh_s)) is not None:
            return fresh
        try:
            answer = Told(await ask(), self._clock.now())
        except NotAnswering:
            if (last := self._not_older(key, self._rule.kept_s)) is None:
                raise
            return replace(last, is_old=True)
        self._keep(key, answer)
        return answer

    def _not_older(self, key: Hashable, seconds: float) -> Told[Any] | None:
        found = self._answers.get(key)
        is_good = found is not None and self._clock.now() - found.at < timedelta(seconds=seconds)
        return found if is_good else None

    def _keep(self, key: Hashable, answer: Told[Any]) -> None:
        self._answers[key] = answer
        self._answers.move_to_end(key)
        if len(self._answers) > self._rule.most:
            self._answers.popitem(last=False)
