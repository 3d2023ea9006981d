"""The nearest example is found exactly, although most examples are not looked at."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.nlu.neighbours import DIRECTIONS, Known, Neighbours

Floats = NDArray[np.float32]
MANY, WIDTH = 3000, 128


def unit(vectors: NDArray[np.float64]) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def chance() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture(scope="module")
def neighbours(chance: np.random.Generator) -> Neighbours:
    """Examples in bundles, as sentences of one meaning are, each direction less used than the one before."""
    middles = chance.normal(size=(40, WIDTH)) / np.sqrt(np.arange(1, WIDTH + 1))
    return Neighbours.of(unit(middles[chance.integers(0, 40, MANY)] + 0.05 * chance.normal(size=(MANY, WIDTH))))


def fully(neighbours: Neighbours, vectors: Floats) -> Floats:
    return np.clip((vectors @ neighbours.examples.astype(np.float32).T).max(axis=1), 0, 1)


@pytest.mark.parametrize("kind", ["like an example", "like nothing", "away from all"])
def test_it_is_what_comparing_with_all_examples_gives(
    neighbours: Neighbours, chance: np.random.Generator, kind: str
) -> None:
    examples = neighbours.examples[chance.integers(0, MANY, 50)].astype(np.float64)
    vectors = {
        "like an example": examples + 0.05 * chance.normal(size=examples.shape),
        "like nothing": chance.normal(size=examples.shape),
        "away from all": -examples,
    }[kind]
    near = neighbours.near(unit(vectors))
    assert [one.exact for one in near] == pytest.approx(fully(neighbours, unit(vectors)), abs=1e-5)
    assert all(one.at_least <= one.exact for one in near)


def test_most_examples_are_not_compared(neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    cosines = Neighbours.cosines
    monkeypatch.setattr(
        Neighbours, "cosines", lambda self, vector, rows: compared.append(len(rows)) or cosines(self, vector, rows)
    )
    [near] = neighbours.near(neighbours.examples[:1].astype(np.float32))
    assert near.exact == pytest.approx(1, abs=1e-3)
    assert sum(compared) < MANY / 3


def test_many_are_compared_at_once_with_the_same_result(neighbours: Neighbours, chance: np.random.Generator) -> None:
    vectors = unit(chance.normal(size=(100, WIDTH)))
    together, one_by_one = neighbours.near(vectors), [neighbours.near(vectors[at : at + 1])[0] for at in range(100)]
    assert isinstance(together[0], Known)
    assert [one.exact for one in together] == pytest.approx([one.exact for one in one_by_one], abs=1e-5)


def test_fewer_examples_than_directions_do_no_harm(chance: np.random.Generator) -> None:
    vectors = unit(chance.normal(size=(3, DIRECTIONS // 2)))
    [near] = Neighbours.of(vectors).near(vectors[:1])
    assert near.exact == pytest.approx(1, abs=1e-3)
