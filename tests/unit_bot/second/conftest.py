"""A second reader with a language model of its own on the loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from bot.second.completions import ChatCompletions
from bot.second.second import SecondReader
from bot.second.thrift import Budget
from tests.unit_bot.second import language_model
from tests.unit_bot.second.language_model import LanguageModel

MakeReader = Callable[..., SecondReader]


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    yield from language_model.running()


@pytest.fixture
async def make_reader(model: LanguageModel) -> AsyncIterator[MakeReader]:
    """Makes second readers that ask the stand-in."""
    made: list[SecondReader] = []

    def make(below: float = 0.6, budget: Budget | None = None, **more: Any) -> SecondReader:
        made.append(SecondReader(ChatCompletions(model.url, "small", "key-1"), below, budget or Budget(100), **more))
        return made[-1]

    yield make
    for reader in made:
        await reader.close()
