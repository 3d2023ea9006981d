"""What word pieces give to the encoder's windows: the same for each text they stand in, so of those said lately it is
kept.

Of one text it is two fifths of the work, and what it takes is less to compute than to read: 4 MB of weights, which in a
service that does other things are in no cache any more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

ROOM = 1024
"""Pieces that are kept, of 15 KB each."""
FEW = 128
"""Different pieces of one call up to which they are looked up: whoever encodes thousands of texts has all at once."""


@dataclass(frozen=True)
class Pieces:
    """What depends on a piece alone, with p pieces: embedded (p, 512), projected (p, 768), and for each window what the
    piece gives to each of its places, (p + 1, size, 256); the last row, of no piece, is zero."""

    embedded: Floats
    projected: Floats
    given: Sequence[Floats]


class KeptPieces:
    """Pieces by their number, those said last; one call at a time."""

    def __init__(self, compute: Callable[[Places], Pieces], room: int = ROOM) -> None:
        self._compute = compute
        self._room = room
        self._rows: OrderedDict[int, int] = OrderedDict()
        self._all: Pieces | None = None

    def of(self, numbers: Places) -> tuple[Pieces, Places]:
        """All that are kept, and in which rows of them these stand; there must be room for them."""
        known = {number for number in numbers.tolist() if number in self._rows}
        for number in known:
            self._rows.move_to_end(number)
        missing = [number for number in numbers.tolist() if number not in known]
        if missing or self._all is None:
            self._keep(missing, self._compute(np.array(missing, dtype=np.int64)))
        assert self._all is not None
        return self._all, np.array([self._rows[number] for number in numbers.tolist()], dtype=np.int64)

    def _keep(self, numbers: Sequence[int], found: Pieces) -> None:
        self._all = kept = self._all or _empty(found, self._room)
        rows = [self._row_for(number) for number in numbers]
        kept.embedded[rows], kept.projected[rows] = found.embedded, found.projected
        for all_given, given in zip(kept.given, found.given, strict=True):
            all_given[rows] = given[:-1]

    def _row_for(self, number: int) -> int:
        """A free row, or that of the piece that was said longest ago."""
        is_full = len(self._rows) == self._room
        self._rows[number] = self._rows.popitem(last=False)[1] if is_full else len(self._rows)
        return self._rows[number]


def _empty(like: Pieces, room: int) -> Pieces:
    """So many rows, and behind them that of no piece."""

    def rows(array: Floats, count: int) -> Floats:
        return np.zeros((count, *array.shape[1:]), dtype=np.float32)

    given = [rows(one, room + 1) for one in like.given]
    return Pieces(rows(like.embedded, room), rows(like.projected, room), given)
