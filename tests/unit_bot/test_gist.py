"""The wish in a message that is mostly particulars."""

from __future__ import annotations

import pytest

from bot.nlu.gist import gist


def entity(kind: str, text: str, words: str) -> dict[str, object]:
    start = text.index(words)
    return {"entity": kind, "start": start, "end": start + len(words)}


def test_particulars_are_left_out() -> None:
    text = "我叫周杰，13300008888，投诉电视有坏点，订单2026110812345，要求换货"
    found = [entity("name", text, "周杰"), entity("phone", text, "13300008888"), entity("order", text, "2026110812345")]
    assert gist(text, found) == "投诉电视有坏点，要求换货"


def test_a_wish_in_the_same_breath_as_a_number_stays() -> None:
    text = "订单2026110812345的冰箱不制冷"
    assert "冰箱不制冷" in gist(text, [entity("order", text, "2026110812345")])


@pytest.mark.parametrize("text", ["我叫周杰", "电话13300008888", "你好"])
def test_there_may_be_no_wish(text: str) -> None:
    kinds = {"周杰": "name", "13300008888": "phone"}
    assert gist(text, [entity(kind, text, words) for words, kind in kinds.items() if words in text]) == ""
