"""Which of a list is meant."""

from __future__ import annotations

import pytest

from zhtext import ordinal


@pytest.mark.parametrize(
    "text,number",
    [
        ("第二个吧", 2),
        ("2", 2),
        ("选3", 3),
        ("一", 1),
        ("我要第三个", 3),
        ("后面那个", 3),
        ("后头那个", 3),
        ("你说的头一种", 1),
        ("打头那样", 1),
        ("第三样", 3),
        ("倒数第一个", 3),
        ("前面那个", 1),
        ("最后一项", 3),
        ("5", None),
        ("第二天就坏了", None),
        ("二手的", None),
        ("没有", None),
        ("13800138000", None),
    ],
)
def test_an_ordinal_picks_one_of_three(text: str, number: int | None) -> None:
    assert ordinal(text, 3) == number


def test_nothing_is_picked_out_of_nothing() -> None:
    assert ordinal("第一个", 0) is None
