"""Which danger is told where no sign names it: learnt from those that bear one, sure or silent, the same from disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bot.nlu.reader import kinds

TOLD = ["灶台漏气", "灶上煤气味", "插座冒烟", "插头冒烟着火"]
NAMED = ["gas", "gas", "fire", "fire"]
VECTORS = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
GAS, FIRE = VECTORS[0], VECTORS[2]


def test_what_is_told_in_other_words_is_the_kind_it_is_most_like() -> None:
    model = kinds.fit(TOLD, VECTORS, NAMED)
    assert model("灶边有股怪味", GAS) == "gas"
    assert model("插排那里不对劲", FIRE) == "fire"


def test_between_many_kinds_none_is_named() -> None:
    model = kinds.fit(["冒烟", "漏气", "手麻"], np.eye(3, dtype=np.float32), ["fire", "gas", "shock"])
    assert model("嗯", np.full(3, 1 / 3, dtype=np.float32)) is None


def test_it_reads_the_same_from_disk(tmp_path: Path) -> None:
    model = kinds.fit(TOLD, VECTORS, NAMED)
    kinds.save(model, tmp_path)
    again = kinds.load(tmp_path)
    assert again is not None
    assert again("灶边有股怪味", GAS) == "gas"
    assert kinds.load(tmp_path / "nothing") is None
