"""Products of a company's own dictionary, in the words a tokenizer cuts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.products import read_products
from bot.nlu.tokenizer import private_jieba, trade_words
from bot.nlu.values.goods import ProductFinder
from zhtext import fold

DICTIONARY = "游戏机: [Switch 2, 掌机]\n手机: [Mate 60 Pro, iPhone]\n电视: [Wi-Fi 智能屏]\n"


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("我的switch 2坏了", ["游戏机"]),
        ("Ｓｗｉｔｃｈ　2没声音", ["游戏机"]),
        ("mate 60 pro和掌机", ["手机", "游戏机"]),
        ("IPHONE黑屏", ["手机"]),
        ("那个wi-fi 智能屏", ["电视"]),
        ("mate 60", []),
        ("买了2件", []),
    ],
)
def test_a_name_of_several_words_is_one_product(tmp_path: Path, text: str, kinds: list[str]) -> None:
    (tmp_path / "products.yml").write_text(DICTIONARY, "utf-8")
    (tmp_path / "trade_words.txt").write_text("", "utf-8")
    words = private_jieba(trade_words(tmp_path))
    tokens = [(word, start) for word, start, _ in words.tokenize(fold(text)) if word.strip()]
    found = list(ProductFinder(read_products(tmp_path / "products.yml")).find(tokens))
    assert [one.value for one in found] == kinds
    assert all(fold(text)[one.start : one.end].strip() for one in found)
