"""What a message says beside what it denies."""

from __future__ import annotations

import pytest

from bot.nlu.reader.guard import beside_denial


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
