"""What the reader sees of a turn: its n-grams alone, with the question asked and under a negation; marks of its shape.

Everything here works on the prepared text (normalised, long numbers named by their kind), in training as in use.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.features import grams
from bot.nlu.reader.turns import Context

# A feature seen in fewer turns teaches nothing.
FEWEST = 2
CROSSED_LENGTH = 2
_CLAUSES = re.compile(r"[,，。.!！?？;；~、\s]+")
NEGATION = re.compile(r"不|没|别|甭|莫|未|无|非|勿|谁要|谁说|免了|取消|哪里|哪儿|何必|休想|拒绝")
_DIGITS = re.compile(r"[\d零一二三四五六七八九十百千万两幺半]")
_MARKS = ("?", "!", "手机号码", "订单编号", "工单编号", "@", "吗", "呢", "吧", "啊", "什么", "怎么", "为什么", "哪", "谁", "多少", "几")
_LENGTHS = (2, 4, 7, 12, 20, 40)

Floats = NDArray[np.float32]
Weighted = Counter[str]


def clauses(text: str) -> list[str]:
    """The pieces between marks and spaces."""
    return [piece for piece in _CLAUSES.split(text) if piece]


def negated(text: str) -> list[str]:
    """The clauses that hold a word of denial."""
    return [clause for clause in clauses(text) if NEGATION.search(clause)]


def named(text: str, context: Context) -> list[Weighted]:
    """Blocks of named features of a turn: words, words with the question, words denied; each its own vocabulary."""
    words = grams(text)
    short = {gram: count for gram, count in words.items() if len(gram) <= CROSSED_LENGTH}
    asked = Counter({f"{context.kind}|{gram}": count for gram, count in short.items()})
    if context.subject:
        asked.update({f"{context.asked}|{gram}": count for gram, count in short.items()})
    denied: Weighted = Counter()
    for clause in negated(text):
        denied.update(grams(clause))
    return [words, asked, denied]


def shape(text: str, context: Context) -> Iterator[float]:
    """Marks of form: how long, how many digits, which signs, how much repeats the bot."""
    digits = len(_DIGITS.findall(text))
    yield from (float(len(text) > length) for length in _LENGTHS)
    yield digits / (len(text) + 1)
    yield float(digits >= 4)
    yield float(text.isascii())
    yield from (float(mark in text) for mark in _MARKS)
    yield float(bool(NEGATION.search(text)))
    yield len(negated(text)) / (len(clauses(text)) + 1)
    yield from _echo(text, context.bot)


def _echo(text: str, bot: str) -> Iterator[float]:
    """How much of the message stands in the bot's words, by pairs of characters."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    yield sum(pair in bot for pair in pairs) / (len(pairs) + 1)


@dataclass(frozen=True)
class Vocabulary:
    """Feature -> column with the inverse document frequency of each."""

    columns: dict[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def fit(cls, rows: Sequence[Weighted]) -> Vocabulary:
        """Features that at least `FEWEST` rows have."""
        frequency: Counter[str] = Counter()
        for row in rows:
            frequency.update(row.keys())
        terms = sorted(term for term, count in frequency.items() if count >= FEWEST)
        idf = [math.log((1 + len(rows)) / (1 + frequency[term])) + 1 for term in terms]
        return cls({term: column for column, term in enumerate(terms)}, np.array(idf, dtype=np.float32))

    def row(self, features: Weighted) -> tuple[NDArray[np.int64], Floats]:
        """Columns and weights at unit length."""
        known = [(self.columns[term], count) for term, count in features.items() if term in self.columns]
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        columns = np.array([column for column, _ in known], dtype=np.int64)
        weights = np.sqrt(np.array([count for _, count in known], dtype=np.float32)) * self.idf[columns]
        return columns, np.asarray(weights / np.linalg.norm(weights), dtype=np.float32)

    def matrix(self, rows: Sequence[Weighted]) -> csr_matrix:
        """Sparse, of shape (rows, columns)."""
        found = [self.row(row) for row in rows]
        ends = np.cumsum([0] + [len(columns) for columns, _ in found])
        columns = np.concatenate([columns for columns, _ in found])
        weights = np.concatenate([weights for _, weights in found])
        return csr_matrix((weights, columns, ends), shape=(len(rows), len(self.columns)))
