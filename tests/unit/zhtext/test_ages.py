"""How old a thing is told to be, and how long its sheet guarantees it."""

from __future__ import annotations

import pytest

from zhtext import normalise
from zhtext.values import ages


@pytest.mark.parametrize(
    "text, months",
    [("用了两年半", 30), ("买了14个月", 14), ("才八个月", 8), ("前年买的", 24), ("用了三年多", 37), ("1年零2个月", 14), ("半年", 6), ("保修一年吗", None), ("昨天买的", None), ("3个月内", None)],
)  # fmt: skip
def test_an_age_is_told_in_months_and_a_guarantee_is_none(text: str, months: int | None) -> None:
    assert ages.months(normalise(text)) == months


def test_a_sheet_guarantees_years_by_part() -> None:
    assert ages.guaranteed("整机 1 年，主要部件 3 年") == {"整机": 1, "主要部件": 3}
