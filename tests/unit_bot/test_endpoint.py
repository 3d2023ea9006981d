"""What goes to the service with a call of an action."""

from __future__ import annotations

import pytest

from bot.endpoint import _sentence
from zhtext import normalise_clauses, shared_encoder


@pytest.mark.parametrize("text, is_sent", [("退款多久到账", True), ("退款，多久到账", True), ("多久到账？", False)])
def test_the_vector_of_a_text_without_marks_around_it_is_handed_over(text: str, is_sent: bool) -> None:
    encoder = shared_encoder()
    assert encoder is not None
    encoder.encode(["退款多久到账", "退款,多久到账", "多久到账?"])
    sentence = _sentence({"tracker": {"latest_message": {"text": text}}})
    assert (sentence is not None and sentence["text"] == normalise_clauses(text)) is is_sent


def test_of_a_press_there_is_no_text() -> None:
    assert _sentence({"tracker": {"latest_message": {"text": None}}}) is None
    assert _sentence({"tracker": {"latest_message": None}}) is None
