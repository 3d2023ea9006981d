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


@pytest.mark.parametrize(
    "text, days",
    [
        ("用了两周了还能退吗", 14),
        ("签收五天了还能退不", 5),
        ("都用了二十来天", 20),
        ("买了半个月", 15),
        ("一个星期前收到的", 7),
        ("7天无理由怎么算", None),
        ("15天内能退吗", None),
        ("过了七天还能退吗", None),
        ("第八天退行不行", None),
        ("退款要几天到账", None),
    ],
)
def test_days_are_those_of_ones_own_thing_and_none_of_a_rule(text: str, days: int | None) -> None:
    assert ages.days(normalise(text)) == days
