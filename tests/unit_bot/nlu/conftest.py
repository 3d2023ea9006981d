"""The values of a message as the pipeline finds them, without Rasa around."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.nlu.products import read_products
from bot.nlu.tokenizer import private_jieba, trade_words
from bot.nlu.values import Value, find_values
from bot.nlu.values.goods import ProductFinder
from zhtext import fold

LEXICON = Path("company/lexicon")
# A Saturday.
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

Find = Callable[[str], list[Value]]


@pytest.fixture(scope="session")
def find() -> Find:
    """All values of a text, in its order."""
    words = private_jieba(trade_words(LEXICON))
    products = ProductFinder(read_products(LEXICON / "products.yml"))

    def find_in(text: str) -> list[Value]:
        tokens = [(word, start) for word, start, _ in words.tokenize(fold(text))]
        return find_values(text, NOW, products, tokens)

    return find_in


@pytest.fixture(scope="session")
def values(find: Find) -> Callable[[str, str], list[str]]:
    """The values of one kind in a text."""
    return lambda text, kind: [value.value for value in find(text) if value.kind == kind]
