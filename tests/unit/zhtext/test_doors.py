"""An address put right in part keeps the rest; what is no part of one is left alone."""

from __future__ import annotations

import pytest

from zhtext.values.doors import mended

HOME = "杭州市西湖区文三路21号3单元402室"
LONG = "武汉市江岸区球场路68号二单元602"


@pytest.mark.parametrize(
    "known,told,right",
    [
        (LONG, "86号不是68号", "武汉市江岸区球场路86号二单元602"),
        (LONG, "球场路86号", "武汉市江岸区球场路86号二单元602"),
        (LONG, "住址是86号", "武汉市江岸区球场路86号二单元602"),
        (HOME, "5单元601", "杭州市西湖区文三路21号5单元601"),
        (HOME, "502", "杭州市西湖区文三路21号3单元502"),
        (HOME, "应该是文二路", "杭州市西湖区文二路21号3单元402室"),
        (HOME, "拱墅区", "杭州市拱墅区文三路21号3单元402室"),
        (HOME, "青年路12号", "杭州市西湖区青年路12号"),
        ("幸福小区3栋501", "2单元", "幸福小区3栋2单元501"),
        ("老机械厂家属院7号楼1单元101", "7号楼2单元", "老机械厂家属院7号楼2单元101"),
        ("东升街道棠湖东路88号3栋2单元1502", "房间号是1503", "东升街道棠湖东路88号3栋2单元1503"),
        ("金沙花园6幢301", "8幢", "金沙花园8幢301"),
        ("重庆渝北区红锦大道88号 3栋2-5", "是3栋5-2", "重庆渝北区红锦大道88号 3栋5-2"),
        ("成都锦江区静居寺路18号3栋2-301", "2-302", "成都锦江区静居寺路18号3栋2-302"),
    ],
)
def test_what_was_told_anew_takes_the_place_of_its_kind(known: str, told: str, right: str) -> None:
    assert mended(known, told) == right


@pytest.mark.parametrize("told", ["明天", "13898765432", "写错了", "重新填一下", "双流那边"])
def test_what_is_no_part_of_an_address_changes_none(told: str) -> None:
    assert mended(HOME, told) is None
