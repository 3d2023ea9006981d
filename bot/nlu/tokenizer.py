"""Jieba with the trade's words, so that 电饭煲 and 立早章 stay whole.

The classifier does not use tokens; the values (names, products) do, and Rasa expects them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Text

import jieba
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.products import read_products, tokens_of
from bot.startup import JIEBA_CACHE
from zhtext import fold

# Beyond this a message is no longer read for values either: cost must not grow with length.
LONGEST_TEXT = 1000


def private_jieba(words: List[Text]) -> jieba.Tokenizer:
    """A tokenizer of our own with extra words; its cache lies in a folder that is ours alone, not in /tmp."""
    tokenizer = jieba.Tokenizer()
    JIEBA_CACHE.mkdir(mode=0o700, parents=True, exist_ok=True)
    tokenizer.tmp_dir = str(JIEBA_CACHE)
    jieba.setLogLevel("WARNING")
    tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word)
    return tokenizer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseTokenizer(Tokenizer):
    """Words of the folded text (half-width, Simplified); offsets hold in the customer's own text."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`lexicon`: the folder with products.yml and trade_words.txt, from the project root."""
        return {
            "lexicon": "company/lexicon",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    def __init__(self, config: Dict[Text, Any]) -> None:
        super().__init__(config)
        self._jieba = private_jieba(trade_words(Path(config["lexicon"])))

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChineseTokenizer:
        """As Rasa makes components."""
        return cls(config)

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Tokens of the first `LONGEST_TEXT` characters."""
        text = fold(message.get(attribute)[:LONGEST_TEXT])
        return [Token(word, start) for word, start, _ in self._jieba.tokenize(text) if word.strip()]


def trade_words(folder: Path) -> List[Text]:
    """Product names and the words of the trade, one a line in trade_words.txt."""
    listed = (folder / "trade_words.txt").read_text(encoding="utf-8").split()
    products = read_products(folder / "products.yml")
    return [*listed, *(token for word in products for token in tokens_of(word))]
