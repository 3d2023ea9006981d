"""What a message says beside what it denies."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.reader.guard import beside_denial
from bot.nlu.turn_reader import _beside_denial


@pytest.mark.parametrize(
    "text,rest",
    [
        ("我沒有要發票 也不用保固卡 就是來謝謝師傅", ["就是來謝謝師傅"]),
        ("赔偿我不图，我要修", ["我要修"]),
        ("查查到哪了，别给我退", ["查查到哪了"]),
        ("别给我退货", []),
        ("不用了，好", []),
        ("几时能到，有货没", []),
    ],
)
def test_the_clauses_that_deny_are_left_out(text: str, rest: list[str]) -> None:
    assert beside_denial(text) == rest


THANKS = "没有要发票，就是来谢谢师傅"


@pytest.mark.parametrize(
    "act,polarity,context,parts",
    [
        ("invoice", "-", {}, ["就是来谢谢师傅"]),
        ("invoice", "+", {}, []),
        ("person", "-", {"asked": "queue"}, []),
        ("withdraw", "-", {"topic": "ticket"}, []),
        ("invoice", "-", {"topic": "ticket"}, []),
        ("invoice", "-", {"asked": "field:name"}, []),
    ],
)
def test_only_a_matter_that_is_denied_where_nothing_waits_is_passed_over(
    act: str, polarity: str, context: dict[str, str], parts: list[str]
) -> None:
    message = Message({"text": THANKS, "metadata": {"context": context}})
    assert _beside_denial(message, {"acts": {act: {"polarity": polarity}}}) == parts
