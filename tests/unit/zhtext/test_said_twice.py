"""Names and places as strangers typed them, which were read wrong."""

from __future__ import annotations

import pytest

from zhtext.values import names, places


@pytest.mark.parametrize(
    "said,name",
    [
        ("姓周,周女士", "周女士"),
        ("我姓赵,赵先森", "赵先森"),
        ("是周女士,不是周周女士", "周女士"),
        ("俺叫刘大壮", "刘大壮"),
        ("欧阳,欧阳锋", "欧阳锋"),
        ("弓长张，张弛，松弛的弛", "张弛"),
    ],
)
def test_a_surname_said_before_the_name_is_said_once(said: str, name: str) -> None:
    found = names.read(said)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("said", ["成都市武侯区科华北路88号3栋2单元501", "改成成都市武侯区科华北路88号3栋2单元501"])
def test_chengdu_keeps_its_first_character(said: str) -> None:
    assert [value.value for value in places.find(said, [])] == ["成都市武侯区科华北路88号3栋2单元501"]
