"""How near a text is to the nearest training example, without reading all of them for every message.

Each example also stands as a shadow on a few directions. With q and e at unit length, q·e is the product of the shadows
plus that of the two rests, which is at most |rest of q| * |rest of e| (Cauchy-Schwarz). So a few likely examples give a
lower bound, and only those that could still be nearer have to be compared: the result is exact.
Measured on 600 held-out turns: on 128 directions the lower bound takes 0.21 ms and is the nearest itself for 98 of 100;
to be certain takes another 0.2 ms, 170 of 11,697 examples compared. On 64 directions 0.17 and 1.6 ms; reading all 5.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

DIRECTIONS = 128
LIKELY = 16  # examples compared for the lower bound
# Above what rounding to single precision does to a product of 512 terms.
_SLACK = 1e-5
_MANY = 64  # vectors from which one large product is cheaper


class Nearness(Protocol):
    """The largest cosine to an example, 0 to 1."""

    @property
    def at_least(self) -> float: ...

    @property
    def exact(self) -> float: ...


@dataclass(frozen=True)
class Known:
    """Where it has been computed, or is given."""

    exact: float

    @property
    def at_least(self) -> float:
        """No bound is better."""
        return self.exact


@dataclass(frozen=True)
class Neighbours:
    """Shapes, with n examples of d dimensions, at unit length or zero: examples (n, d), directions (d, k), shadows
    (n, k), rests (n,)."""

    examples: Halves
    directions: Floats
    shadows: Floats
    rests: Floats

    @classmethod
    def of(cls, examples: Floats | Halves) -> Neighbours:
        """The directions in which the examples vary most."""
        exact = examples.astype(np.float32)
        _, directions = np.linalg.eigh(exact.T @ exact)
        return cls.along(examples, np.ascontiguousarray(directions[:, ::-1][:, :DIRECTIONS], dtype=np.float32))

    @classmethod
    def along(cls, examples: Floats | Halves, directions: Floats) -> Neighbours:
        """With directions found before, orthonormal."""
        halves = examples.astype(np.float16)
        exact = halves.astype(np.float32)
        shadows = exact @ directions
        return cls(halves, directions, shadows, _rest(exact, shadows))

    def near(self, vectors: Floats) -> Sequence[Nearness]:
        """For each row of (m, d) how near the nearest example is."""
        if len(vectors) < _MANY:
            return [_Sought(self, vector) for vector in vectors]
        return [Known(_clip(one)) for one in (vectors @ self.examples.astype(np.float32).T).max(axis=1)]

    def cosines(self, vector: Floats, rows: NDArray[np.int64]) -> Floats:
        """To the examples of these rows."""
        return np.asarray(self.examples[rows].astype(np.float32) @ vector, dtype=np.float32)


@dataclass(frozen=True)
class _Sought:
    neighbours: Neighbours
    vector: Floats

    @cached_property
    def at_least(self) -> float:
        """A lower bound, from the likeliest examples."""
        likely = min(LIKELY, len(self._shadowed))
        rows = np.argpartition(-self._shadowed, likely - 1)[:likely]
        return _clip(self.neighbours.cosines(self.vector, rows).max())

    @cached_property
    def exact(self) -> float:
        """Itself: every example that could be nearer than the lower bound is compared."""
        rest = float(_rest(self.vector[None], self._shadow[None])[0])
        rows = np.flatnonzero(self._shadowed + rest * self.neighbours.rests >= self.at_least - _SLACK)
        return max(self.at_least, _clip(self.neighbours.cosines(self.vector, rows).max(initial=0)))

    @cached_property
    def _shadow(self) -> Floats:
        return np.asarray(self.vector @ self.neighbours.directions, dtype=np.float32)

    @cached_property
    def _shadowed(self) -> Floats:
        return np.asarray(self.neighbours.shadows @ self._shadow, dtype=np.float32)


def _rest(vectors: Floats, shadows: Floats) -> Floats:
    """Lengths of what the shadows leave out."""
    squares = np.square(vectors).sum(axis=1) - np.square(shadows).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(squares, 0)), dtype=np.float32)


def _clip(cosine: float) -> float:
    return min(max(float(cosine), 0.0), 1.0)
