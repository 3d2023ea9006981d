"""Asks the second reader where the first is unsure. Whatever goes wrong, the first reading stands."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.errors import NotRead
from bot.nlu.masking import LONGEST_TEXT
from bot.nlu.reader.turns import Context
from bot.second.completions import ChatCompletions
from bot.second.joined import is_unsure, joined
from bot.second.masking import known_of, masked
from bot.second.port import Act, Reader
from bot.second.thrift import Answers, Budget, Patience
from bot.settings import SecondReaderSettings

Json = dict[str, Any]
logger = logging.getLogger(__name__)

LIMIT: Final = 1.5
"""Seconds for an answer; a customer waits for it, and a turn has eight."""
LONGEST_MASKED: Final = 400
"""Characters; the first 300 are sent, and a number at their end is masked whole."""


def second_reader(settings: SecondReaderSettings) -> SecondReader:
    """As it is set."""
    reader = ChatCompletions(settings.url, settings.model, settings.key)
    return SecondReader(reader, settings.below, Budget(settings.budget))


class SecondReader:
    """A Reader with its bound, its budget and its memory; one for a worker."""

    def __init__(
        self,
        reader: Reader,
        below: float,
        budget: Budget,
        limit: float = LIMIT,
        answers: Answers | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._reader = reader
        self._below = below
        self._budget = budget
        self._limit = limit
        self._answers = answers or Answers()
        self._patience = patience or Patience()
        self._counted: Counter[str] = Counter()

    @property
    def counts(self) -> dict[str, int]:
        """What came of the unsure messages since the start, by outcome."""
        return dict(self._counted)

    async def heard(self, parsed: Json, context: Mapping[str, Any], kept: Iterable[Mapping[str, Any]] = ()) -> Json:
        """The parse result of a customer's words with what the second reader hears.

        `context` is what the first reader was told; `kept` are slots and facts, whose personal words are masked.
        """
        place = Context.of(context)
        if not is_unsure(parsed, place.asked, self._below):
            return parsed
        said, place = _masked(parsed, place, kept)
        begun = time.perf_counter()
        outcome, acts = await self._acts(said, place)
        self._counted[outcome] += 1
        logger.info("second reader %s ms=%.0f", outcome, (time.perf_counter() - begun) * 1000)
        return joined(parsed, acts) if acts else parsed

    async def _acts(self, said: str, place: Context) -> tuple[str, tuple[Act, ...]]:
        """The outcome and the acts; none unless something was heard."""
        question = (said, place.asked, place.topic)
        answered = self._answers.get(question)
        if answered is not None:
            return "remembered", answered
        if self._patience.is_resting:
            return "resting", ()
        if not self._budget.take():
            return "over_budget", ()
        outcome, acts = await self._ask(said, place)
        self._patience.note(failed=acts is None)
        if acts is not None:
            self._answers.keep(question, acts)
        return outcome, acts or ()

    async def _ask(self, said: str, place: Context) -> tuple[str, tuple[Act, ...] | None]:
        try:
            acts = await asyncio.wait_for(self._reader.read(said, place), self._limit)
        except asyncio.TimeoutError:
            return "timeout", None
        except NotRead as failure:
            return failure.code, None
        return ("heard" if acts else "silent"), acts

    async def close(self) -> None:
        """Closes the reader."""
        await self._reader.close()


def _masked(parsed: Mapping[str, Any], place: Context, kept: Iterable[Mapping[str, Any]]) -> tuple[str, Context]:
    """The words and the context without what is personal."""
    text = str(parsed.get("text") or "")[:LONGEST_MASKED]
    values = (parsed.get("reading") or {}).get("values") or {}
    known = [one for names in (values, *kept) for one in known_of(names)]
    said = masked(text, parsed.get("entities") or (), known)[:LONGEST_TEXT]
    return said, Context(place.asked, place.topic, masked(place.bot, known=known))
