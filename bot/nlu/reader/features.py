"""What the reader sees of a turn: its n-grams alone, with the question asked and under a negation; marks of its shape.

Everything here works on the prepared text (normalised, long numbers named by their kind), in training as in use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.features import grams
from bot.nlu.reader.turns import Context

# A feature that fewer turns have teaches nothing: 2 measured like 3 and made the model twice as large.
FEWEST = 3
CROSSED_LENGTH = 2
_CLAUSES = re.compile(r"[,，。.!！?？;；~、\s]+")
NEGATION = re.compile(r"不|没|别|甭|莫|未|无|非|勿|谁要|谁说|免了|取消|哪里|哪儿|何必|休想|拒绝")
_DIGITS = re.compile(r"[\d零一二三四五六七八九十百千万两幺半]")
_MARKS = (
    "?", "!", "手机号码", "订单编号", "工单编号", "@", "吗", "呢", "吧", "啊", "什么", "怎么", "为什么", "哪", "谁", "多少", "几",
)  # fmt: skip
_LENGTHS = (2, 4, 7, 12, 20, 40)

Floats = NDArray[np.float32]
Named = Counter[str]


def clauses(text: str) -> list[str]:
    """The pieces between marks and spaces."""
    return [piece for piece in _CLAUSES.split(text) if piece]


def negated(text: str) -> list[str]:
    """The clauses that hold a word of denial."""
    return [clause for clause in clauses(text) if NEGATION.search(clause)]


def named(text: str, context: Context) -> tuple[Named, Named, Named]:
    """Three blocks of named features: the words, the words with the question asked, the words denied."""
    words = grams(text)
    return words, _asked(words, context), _denied(text)


def _asked(words: Named, context: Context) -> Named:
    short = [(gram, count) for gram, count in words.items() if len(gram) <= CROSSED_LENGTH]
    crossed = Counter({f"{context.kind}|{gram}": count for gram, count in short})
    if context.subject:
        crossed.update({f"{context.asked}|{gram}": count for gram, count in short})
    return crossed


def _denied(text: str) -> Named:
    found: Named = Counter()
    for clause in negated(text):
        found.update(grams(clause))
    return found


def shape(text: str, context: Context) -> Iterator[float]:
    """Marks of form: how long, how many digits, which signs, how much of it are the bot's own words."""
    digits = len(_DIGITS.findall(text))
    yield from (float(len(text) > length) for length in _LENGTHS)
    yield digits / (len(text) + 1)
    yield float(digits >= 4)
    yield float(text.isascii())
    yield from (float(mark in text) for mark in _MARKS)
    yield float(bool(NEGATION.search(text)))
    yield len(negated(text)) / (len(clauses(text)) + 1)
    yield _echo(text, context.bot)


def _echo(text: str, bot: str) -> float:
    """The share of the message's pairs of characters that stand in the bot's words: a choice of what it listed."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return sum(pair in bot for pair in pairs) / (len(pairs) + 1)


@dataclass(frozen=True)
class Vocabulary:
    """Known features by the hashes of their names, sorted, with the inverse document frequency of each.

    Hashes take a twentieth of the memory of names; one unknown feature in 100,000 is taken for a known one.
    """

    hashes: NDArray[np.uint32]
    idf: Floats

    def __len__(self) -> int:
        return len(self.hashes)

    @classmethod
    def fit(cls, rows: Sequence[Named]) -> Vocabulary:
        """Features that at least `FEWEST` rows have; smoothed idf, ln((1 + n) / (1 + df)) + 1."""
        frequency: Counter[int] = Counter()
        for row in rows:
            frequency.update({crc32(name.encode()) for name in row})
        known = sorted(one for one, count in frequency.items() if count >= FEWEST)
        counts = np.array([frequency[one] for one in known], dtype=np.float32)
        return cls(np.array(known, dtype=np.uint32), np.log((1 + len(rows)) / (1 + counts)) + 1)

    def row(self, features: Named) -> tuple[NDArray[np.int64], Floats]:
        """Columns of the known features and their weights, at unit length."""
        if not features or not len(self):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        wanted = np.array([crc32(name.encode()) for name in features], dtype=np.uint32)
        columns = np.minimum(np.searchsorted(self.hashes, wanted), len(self) - 1)
        known = self.hashes[columns] == wanted
        columns = columns[known]
        counts = np.array(list(features.values()), dtype=np.float32)[known]
        weights = np.sqrt(counts) * self.idf[columns]
        return columns, np.asarray(weights / max(float(np.linalg.norm(weights)), 1e-9), dtype=np.float32)

    def matrix(self, rows: Sequence[Named]) -> csr_matrix:
        """Sparse, of shape (rows, columns)."""
        found = [self.row(row) for row in rows]
        ends = np.cumsum([0] + [len(columns) for columns, _ in found])
        columns = np.concatenate([columns for columns, _ in found])
        weights = np.concatenate([weights for _, weights in found])
        return csr_matrix((weights, columns, ends), shape=(len(rows), len(self)))
