"""What may be typed into a field."""

from __future__ import annotations

import pytest

from helpdesk.model.field_check import fits, is_unknown, normalised


@pytest.mark.parametrize(
    "kind, typed, kept",
    [
        ("phone", " 138 1234 5678 ", "13812345678"),
        ("phone", "138-1234-5678", "13812345678"),
        ("phone", "+86 13812345678", "13812345678"),
        ("phone", "021-62345678", "021-62345678"),
        ("phone", "（021）62345678", "02162345678"),
        ("amount", "￥1,288.00元", "1288.00"),
        ("order", "2026 1108 12345", "2026110812345"),
        ("credit_code", "91310000ma1k35xx1y", "91310000MA1K35XX1Y"),
        ("text", "  冰箱不制冷 ", "冰箱不制冷"),
    ],
)
def test_signs_for_reading_are_left_out(kind: str, typed: str, kept: str) -> None:
    assert normalised(kind, typed) == kept


@pytest.mark.parametrize(
    "kind, value",
    [
        ("phone", "13812345678"),
        ("phone", "021-62345678"),
        ("phone", "0571-8765432"),
        ("phone", "+85261234567"),
        ("email", "wang@example.com"),
        ("wechat", "wang_2026"),
        ("amount", "88"),
        ("amount", "1288.50"),
        ("credit_code", "91310000MA1K35XX1Y"),
        ("order", "2026110812345"),
        ("ticket", "TS20261121-0001"),
        ("yes_no", "no"),
        ("text", "随便什么"),
        ("when", "昨天下午"),
    ],
)
def test_everyday_values_fit(kind: str, value: str) -> None:
    assert fits(kind, value)


@pytest.mark.parametrize(
    "kind, value",
    [
        ("phone", "1381234567"),
        ("phone", "4008001234"),
        ("phone", "95188"),
        ("email", "wang@"),
        ("email", "wang@example"),
        ("wechat", "王"),
        ("amount", "很多"),
        ("amount", "-5"),
        ("amount", "1.234"),
        ("credit_code", "91310000MA1K35"),
        ("order", "12"),
        ("order", "二〇二六"),
        ("ticket", "20261121"),
        ("yes_no", "也许"),
    ],
)
def test_values_of_another_shape_do_not(kind: str, value: str) -> None:
    assert not fits(kind, value)


def test_a_choice_is_one_of_those_offered() -> None:
    assert fits("choice", "damaged", ["damaged", "lost"])
    assert not fits("choice", "broken", ["damaged", "lost"])
    assert not fits("category", "quality")


def test_not_knowing_is_told_apart() -> None:
    assert is_unknown("记不清")
    assert not is_unknown("昨天")
