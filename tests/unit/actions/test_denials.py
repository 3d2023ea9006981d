"""What is denied starts nothing, and what is no answer is not kept as one."""

from __future__ import annotations

from typing import Any

import pytest

from actions.clauses import affirmed
from actions.forms.step import is_no_answer
from actions.heard import Heard


def heard(text: str, **acts: float) -> Heard:
    """A message with what the reader makes of it; a negative confidence is a denial."""
    read = {act: {"polarity": "-" if sure < 0 else "+", "confidence": abs(sure)} for act, sure in acts.items()}
    message: dict[str, Any] = {"text": text, "intent": {"name": "inform", "confidence": 0.9}}
    return Heard.of({**message, "reading": {"acts": read, "values": {}}})


@pytest.mark.parametrize(
    "text,left",
    [
        ("换货就免了，我单问退回去的运费算谁的", "我单问退回去的运费算谁的"),
        ("不是要退，问下几天到账？", "问下几天到账?"),
        ("投诉就算了，告诉我附近哪有店", "告诉我附近哪有店"),
        ("退款多久到账", "退款多久到账"),
        ("不用了", "不用了"),
    ],
)
def test_a_clause_that_only_denies_is_left_out(text: str, left: str) -> None:
    assert affirmed(text).replace("？", "?") == left


def test_polarity_is_kept() -> None:
    said = heard("别给我转人工，几天退款", person=-0.8, ask=0.7)
    assert said.denies("person")
    assert not said.says("person")
    assert said.says("ask", "ask_own")


@pytest.mark.parametrize(
    "acts,is_none",
    [
        ({"grumble": 0.9}, True),
        ({"grumble": 0.9, "answer": 0.5}, False),
        ({"grumble": 0.4}, False),
        ({"answer": 0.9}, False),
        ({"thank": 0.8}, True),
        ({"refund": 0.7, "grumble": 0.8}, False),
        ({}, False),
    ],
)
def test_grumbling_is_no_answer_unless_it_also_answers(acts: dict[str, float], is_none: bool) -> None:
    assert is_no_answer(heard("没完没了的问", **acts)) is is_none
