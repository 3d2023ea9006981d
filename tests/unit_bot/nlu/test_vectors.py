"""Sentence vectors for training: nothing is encoded twice, and a damaged file only costs time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.vectors import known_vectors


class Letters:
    """Stands in for the sentence encoder, and counts."""

    def __init__(self, name: str = "letters 1") -> None:
        self.name = name
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return np.array([[len(text), ord(text[0]) % 64] for text in texts], dtype=np.float32)


def test_a_text_is_encoded_once_for_all_that_train(tmp_path: Path) -> None:
    encoder = Letters()
    first = known_vectors(encoder, ["甲", "乙乙", "甲"], "intents", tmp_path, fewest=1)
    assert encoder.encoded == 2
    assert first.encode(["乙乙", "甲"])[:, 0].tolist() == [2, 1]
    known_vectors(encoder, ["甲", "丙"], "turns", tmp_path, fewest=1)
    assert encoder.encoded == 3


def test_a_damaged_file_is_encoded_anew(tmp_path: Path) -> None:
    (tmp_path / "turns.npz").write_bytes(b"no archive")
    encoder = Letters()
    assert known_vectors(encoder, ["甲"], "turns", tmp_path, fewest=1).encode(["甲"]).shape == (1, 2)
    assert encoder.encoded == 1


def test_vectors_of_another_encoder_are_not_taken(tmp_path: Path) -> None:
    known_vectors(Letters(), ["甲"], "turns", tmp_path, fewest=1)
    later = Letters("letters 2")
    known_vectors(later, ["甲"], "turns", tmp_path, fewest=1)
    assert later.encoded == 1


def test_a_small_set_does_not_displace_what_is_kept(tmp_path: Path) -> None:
    known_vectors(Letters(), ["甲", "乙"], "turns", tmp_path, fewest=2)
    known_vectors(Letters(), ["丙"], "turns", tmp_path, fewest=2)
    encoder = Letters()
    known_vectors(encoder, ["甲", "乙"], "turns", tmp_path, fewest=2)
    assert encoder.encoded == 0
