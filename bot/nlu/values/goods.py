"""Products by spaCy's EntityRuler over jieba words: 电视 is a product, 电视剧 is not; mate 60 is one, of two words.

Every word of the dictionary is also a word of the tokenizer, so a product is one token, or several where its name has
spaces. That is all that spaCy does here; what money, times, names and places are is zhtext's, for the service reads
them too (docs/decisions/0012).
"""

from __future__ import annotations

from typing import Iterator, Mapping, Sequence

import spacy
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from bot.nlu.products import tokens_of
from zhtext.values import Value


class ProductFinder:
    """Finds the words of a product dictionary (word -> kind) among tokens."""

    def __init__(self, products: Mapping[str, str]) -> None:
        self._nlp: Language = spacy.blank("zh")
        self._ruler = EntityRuler(self._nlp)
        self._ruler.add_patterns(
            [{"label": "product", "pattern": _pattern(word), "id": kind} for word, kind in products.items()]
        )

    def find(self, tokens: Sequence[tuple[str, int]]) -> Iterator[Value]:
        """Products among (word, start) tokens; value: the kind."""
        if not tokens:
            return
        doc = Doc(self._nlp.vocab, words=[word for word, _ in tokens], spaces=[False] * len(tokens))
        for span in self._ruler(doc).ents:
            start = tokens[span.start][1]
            last_word, last_start = tokens[span.end - 1]
            yield Value("product", span.ent_id_, start, last_start + len(last_word))


def _pattern(word: str) -> list[dict[str, str]]:
    """The tokens of a product's name as the tokenizer cuts it."""
    return [{"ORTH": part} for part in tokens_of(word)]
