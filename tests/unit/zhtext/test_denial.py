"""What is denied where it stands, and what only stands beside a no."""

from __future__ import annotations

import re

import pytest

from zhtext.denial import names_undenied

WAYS = re.compile("登记|回电")


@pytest.mark.parametrize(
    "clause", ["不用回电", "莫慌登记", "唔使登记", "先不登记", "别给我登记", "我没让你登记", "不需要回电"]
)
def test_a_word_after_a_no_is_denied(clause: str) -> None:
    assert not names_undenied(WAYS, clause)


@pytest.mark.parametrize(
    "clause", ["登记吧", "要不登记一下", "不如回电给我", "不急登记好了", "登不登记都行", "没人工就登记"]
)
def test_a_word_beside_a_no_is_not(clause: str) -> None:
    assert names_undenied(WAYS, clause)
