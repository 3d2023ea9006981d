"""Whatever is typed, values are found without an error and lie where they say."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit_bot.nlu.conftest import Find

PIECES = [
    *"零一二两三四五六七八九十百千万0123456789.,:/-年月日号周天点半块元毛角台件个上下前后去今昨明大约多来几",
    *[
        "星期",
        "礼拜",
        "春节",
        "国庆",
        "期间",
        "前后",
        "之前",
        "去年",
        "上个月",
        "退我",
        "赔偿",
        "我叫",
        "复姓",
        "欧阳",
        "立早章",
        "查",
    ],
    *[
        "单名",
        "女士",
        "ts2026",
        "@",
        " ",
        "，",
        "订单",
        "电话",
        "分钟",
        "小时",
        "送货",
        "约在",
        "13月",
        "闰",
        "两三百",
        "三十五号",
    ],
]
PASTED = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(PASTED, st.text(max_size=60)))
@example("零两三百台")
@example("两三百台")
@example("去年2月30号期间")
@example("九九九九年十三月三十五号二十五点")
@example("退我十十")
def test_values_are_found_in_any_text(find: Find, text: str) -> None:
    found = find(text)
    assert all(0 <= value.start < value.end <= len(text) and value.value for value in found)
    ends = [0, *(value.end for value in found)]
    assert all(value.start >= end for value, end in zip(found, ends, strict=False))


def test_values_written_without_a_space_are_three(find: Find) -> None:
    found = find("覃立群13900001122云南省昆明市盘龙区青云路8号6栋11楼")
    assert [(one.kind, one.value) for one in found] == [
        ("name", "覃立群"),
        ("phone", "13900001122"),
        ("place", "云南省昆明市盘龙区青云路8号6栋11楼"),
    ]
