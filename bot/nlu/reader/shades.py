"""What a message means more narrowly than its acts say: it asks what was written down, calls a visit off, and so on.

A shade is a yes or a no about one message in its context. Each is learnt from lines that have it and lines that only
look like it (data/shades/), beside turns of data/turns/ that have nothing to do with it; one regression a shade stands
on what the reader's network takes in and what it makes of that.

# shade: calls_off
# asked: none
# topic: ticket
# bot: 已为您登记维修。
+ 师傅不用来了，自己好了
- 师傅还没来
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.reader.labels import SHADES
from bot.nlu.reader.turns import Context, check_complete, checked_context, lines_below

Floats = NDArray[np.float32]

_CONTEXT = ("shade", "asked", "topic", "bot")
BOUND = 0.3
"""From which probability a message has a shade; fitted on writers left out one by one (docs/understanding.md)."""
BESIDE = 4000
"""Turns of data/turns that stand beside the lines of every shade as having none of it."""
_BESIDE_WEIGHT, _MEANT_WEIGHT = 0.2, 1.5
_STRENGTH, _ITERATIONS = 0.1, 200
_SEED = 20261130
_NONE: frozenset[str] = frozenset()
_ALIKE = {
    "asks_where": frozenset({"status", "ask_own", "hurry", "complain"}),
    "moves_date": frozenset({"change_order", "correct"}),
    "own_data": frozenset({"ask_own"}),
}
"""Acts of turns that may well have a shade, though nobody said so: they stand beside its lines as nothing."""


@dataclass(frozen=True)
class Line:
    """One message in its context, and whether it has the shade."""

    shade: str
    context: Context
    said: str
    is_meant: bool
    writer: str


def read_shades(folder: Path) -> list[Line]:
    """All lines of a folder, one file a writer, in the order of their names; raises TurnFileError."""
    return [line for path in sorted(folder.glob("*.txt")) for line in read_file(path)]


def read_file(path: Path) -> Iterator[Line]:
    """The lines of one writer; raises TurnFileError."""
    return lines_below(path, _CONTEXT, lambda above, text: _line(above, text, path.stem), anew="shade")


def _line(above: Mapping[str, str], text: str, writer: str) -> Line:
    check_complete(above, _CONTEXT)
    if above["shade"] not in SHADES:
        raise ValueError(f"unknown shade {above['shade']!r}")
    if text[:2] not in ("+ ", "- ") or not text[2:].strip():
        raise ValueError("a line is + or -, a space, and what is said")
    context = checked_context(Context(above["asked"], above["topic"], above["bot"]))
    return Line(above["shade"], context, text[2:].strip(), text[0] == "+", writer)


@dataclass(frozen=True)
class ShadeModel:
    """`names` in the order of the rows of `weights` (shades, features) and of `bias` (shades,)."""

    names: Sequence[str]
    weights: Floats
    bias: Floats

    def __call__(self, features: Floats) -> dict[str, float]:
        """The probability of each shade, from the features of one turn, shape (features,)."""
        logits = self.weights @ features + self.bias
        return dict(zip(self.names, map(float, 1 / (1 + np.exp(-logits))), strict=True))


def fit(
    lines: Sequence[Line], features: Floats, beside: Floats, acts: Sequence[Collection[str]] | None = None
) -> ShadeModel:
    """From lines with their features, and the features (and acts) of turns that have none of these shades."""
    names = sorted({line.shade for line in lines})
    fitted = []
    for name in names:
        others = beside if acts is None else beside[[_ALIKE.get(name, _NONE).isdisjoint(of) for of in acts]]
        fitted.append(_fit_one(*_examples(name, lines, features, others), len(others)))
    return ShadeModel(names, np.stack([weights for weights, _ in fitted]), np.array([b for _, b in fitted], np.float32))


def _examples(name: str, lines: Sequence[Line], features: Floats, beside: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Its lines first, then the turns beside them."""
    own = [at for at, line in enumerate(lines) if line.shade == name]
    meant = np.array([lines[at].is_meant for at in own] + [False] * len(beside))
    return np.vstack([features[own], beside]), meant


def _fit_one(features: Floats, meant: NDArray[np.bool_], beside: int) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    weights = np.where(meant, _MEANT_WEIGHT, 1.0)
    weights[len(weights) - beside :] = _BESIDE_WEIGHT
    found = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS).fit(features, meant, sample_weight=weights)
    return found.coef_[0].astype(np.float32), float(found.intercept_[0])


def some_beside(count: int) -> list[int]:
    """Which of so many turns stand beside the lines; the same each time."""
    return sorted(random.Random(_SEED).sample(range(count), min(BESIDE, count)))


def save(model: ShadeModel, folder: Path) -> None:
    """Two files, shades.json and shades.npz: no pickle."""
    (folder / "shades.json").write_text(json.dumps(list(model.names)), encoding="utf-8")
    np.savez(folder / "shades.npz", weights=model.weights, bias=model.bias)


def load(folder: Path) -> ShadeModel | None:
    """What `save` wrote; None where no shade was taught."""
    if not (folder / "shades.json").is_file():
        return None
    names = json.loads((folder / "shades.json").read_text(encoding="utf-8"))
    with np.load(folder / "shades.npz", allow_pickle=False) as arrays:
        return ShadeModel(names, arrays["weights"], arrays["bias"])
