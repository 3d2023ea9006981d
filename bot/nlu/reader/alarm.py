"""How likely a message tells of a danger, now or a moment ago.

A regression of its own, for a danger must not be missed and the network, which has every act to tell apart, misses
four in ten that a stranger tells in words of their own. It stands on the n-grams of the message, its sentence vector
and what the company's words say of it, and learns from data/dangers/ beside the turns of data/turns/.

+ 插座那里嗞嗞响，一闪一闪的
! 手给电了一下，现在还麻
- 这价格烫手啊
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import CharTfidf, centred
from bot.nlu.reader.turns import Turn, TurnFileError
from bot.nlu.regression import regress
from zhtext.danger import Dangers

Floats = NDArray[np.float32]

_MARKS = {"+ ": True, "! ": True, "- ": False}
_BESIDE = 8000
"""Turns without any danger that stand beside the lines."""
_SEED = 20261130


@dataclass(frozen=True)
class Line:
    """One message, and whether it tells of a danger."""

    said: str
    is_danger: bool


def read_dangers(folder: Path) -> list[Line]:
    """All lines of a folder, one file a writer, in the order of their names; raises TurnFileError."""
    return [line for path in sorted(folder.glob("*.txt")) for line in read_file(path)]


def read_file(path: Path) -> Iterator[Line]:
    """The lines of one writer; raises TurnFileError."""
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        if text[:2] not in _MARKS or not text[2:].strip():
            raise TurnFileError(f"{path}:{number}: a line is + or ! or -, a space, and what is said")
        yield Line(text[2:].strip(), _MARKS[text[:2]])


def lines_of(turns: Sequence[Turn]) -> list[Line]:
    """Of turns: all that tell of a danger or deny one, and some of the others; the same each time."""
    spoken = [turn for turn in turns if turn.said and {"danger", "injury"} & set(turn.acts)]
    others = [turn for turn in turns if turn.said and not {"danger", "injury"} & set(turn.acts)]
    some = random.Random(_SEED).sample(others, min(_BESIDE, len(others)))
    return [Line(turn.said, "+" in (turn.acts.get("danger"), turn.acts.get("injury"))) for turn in (*spoken, *some)]


def signs(plain: str, dangers: Dangers, spoken_of: Collection[str]) -> list[bool]:
    """What the company's words say of a normalised message that speaks of these dangers: one is told, a sign stands
    there that is none, one is denied."""
    is_told = bool(spoken_of)
    return [is_told, not is_told and dangers.has_sign(plain), dangers.is_denied(plain)]


def heard(plain: str, dangers: Dangers) -> tuple[list[bool], list[str]]:
    """The `signs` of a normalised message, and the names of the dangers that the company's words hear in it."""
    spoken_of = list(dangers.spoken_of(plain))
    return signs(plain, dangers, spoken_of), spoken_of


@dataclass(frozen=True)
class Alarm:
    """Shapes, with v n-grams, d dimensions: weights (v + d + 3), bias, mean (d,)."""

    tfidf: CharTfidf
    mean: Floats
    weights: Floats
    bias: float

    def __call__(self, text: str, vector: Floats, told: Sequence[bool]) -> float:
        """The probability for a prepared text, its sentence vector of shape (d,), and its `signs`."""
        columns, weights = self.tfidf.row(text)
        dense = np.concatenate([centred(vector[None, :], self.mean)[0], np.asarray(told, dtype=np.float32)])
        logit = weights @ self.weights[columns] + dense @ self.weights[len(self.tfidf.columns) :] + self.bias
        return float(1 / (1 + np.exp(-logit)))


def fit(texts: Sequence[str], vectors: Floats, told: Sequence[Sequence[bool]], meant: Sequence[bool]) -> Alarm:
    """From prepared texts, their sentence vectors (n, d), their `signs`, and whether each tells of a danger."""
    tfidf, mean = CharTfidf.fit(texts), vectors.mean(axis=0)
    dense = np.hstack([centred(vectors, mean), np.asarray(told, dtype=np.float32)]).astype(np.float32)
    weights, bias = regress(tfidf.matrix(texts), dense, np.asarray(meant, dtype=np.int64), 2)
    return Alarm(tfidf, mean, weights[1] - weights[0], float(bias[1] - bias[0]))


def save(model: Alarm, folder: Path) -> None:
    """Two files, alarm.json and alarm.npz: no pickle."""
    (folder / "alarm.json").write_text(json.dumps(list(model.tfidf.columns), ensure_ascii=False), encoding="utf-8")
    arrays = {"idf": model.tfidf.idf, "mean": model.mean, "weights": model.weights, "bias": np.array(model.bias)}
    np.savez(folder / "alarm.npz", **arrays)


def load(folder: Path) -> Alarm | None:
    """What `save` wrote; None where no danger was taught."""
    if not (folder / "alarm.json").is_file():
        return None
    grams = json.loads((folder / "alarm.json").read_text(encoding="utf-8"))
    with np.load(folder / "alarm.npz", allow_pickle=False) as arrays:
        tfidf = CharTfidf({gram: column for column, gram in enumerate(grams)}, arrays["idf"])
        return Alarm(tfidf, arrays["mean"], arrays["weights"], float(arrays["bias"]))
