"""A thing called by its name, and what is said that it is or shall be."""

from __future__ import annotations

import pytest

from zhtext.labels import leaves_out_the_rest, replaces, stands, statements

NAMES = ("情况说明", "情况", "说明", "称呼", "电话", "地址", "税号", "上门时间", "时间", "产品")
CODES = ("税号", "电话")


def told(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.words) for one in statements(text, NAMES, CODES)]


@pytest.mark.parametrize(
    "text,found",
    [
        ("情况说明改成：灯一直闪，开关没用", [("情况说明", "灯一直闪，开关没用")]),
        ("说明改为门关不严，称呼写罗女士", [("说明", "门关不严"), ("称呼", "罗女士")]),
        ("那个说明太乱了重新写灯一直闪开关也没用", [("说明", "灯一直闪开关也没用")]),
        ("情况怎么写得这么长 就写门关不严", [("情况", "门关不严")]),
        ("不是 说明：门关不严", [("说明", "门关不严")]),
        ("說明改成門關不嚴", [("说明", "門關不嚴")]),
        ("把产品补上：净水器", [("产品", "净水器")]),
        ("税号91330106MA2KX83T5L", [("税号", "91330106MA2KX83T5L")]),
        ("电话是13800001111，地址写错了", [("电话", "13800001111，地址写错了")]),
        ("情况就写上层不热下层太热", [("情况", "上层不热下层太热")]),
        ("另外上门时间改到周六", [("上门时间", "周六")]),
    ],
)
def test_what_stands_behind_a_name_belongs_to_it_up_to_the_next_name(text: str, found: list[tuple[str, str]]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "说明是啥",
        "地址写错了",
        "电话是不是记错了",
        "我跟你说明一下情况 冰箱是坏的",
        "说明这台冰箱质量不行",
        "时间是几点",
        "产品改一下",
        "称呼改了没",
    ],
)
def test_a_name_that_is_asked_about_or_only_called_wrong_tells_nothing(text: str) -> None:
    assert told(text) == []


def test_without_a_sign_a_name_counts_only_where_the_words_behind_it_leave_no_doubt() -> None:
    assert told("东西坏了说明改成门关不严") == [("说明", "门关不严")]
    assert told("他留的电话是空号") == []


@pytest.mark.parametrize("plain,is_so", [("抬头没问题", True), ("地址不变", True), ("抬头写错了", False)])
def test_what_is_named_and_right_is_told_from_what_is_wrong(plain: str, is_so: bool) -> None:
    assert stands(plain) is is_so


@pytest.mark.parametrize("plain,is_so", [("别的都去掉", True), ("其余不要写", True), ("别的店也卖", False)])
def test_the_rest_is_left_out_by_words_that_say_so(plain: str, is_so: bool) -> None:
    assert leaves_out_the_rest(plain) is is_so


@pytest.mark.parametrize(
    "said,told",
    [
        ("“希望”一栏没有改，仍写着退款；请改为：换货，并上门取件", "换货，并上门取件"),
        ("「称呼」改成戚女士", "戚女士"),
        ("「希望」应为：赔礼；退差价", "赔礼；退差价"),
        ("称呼还写着周先生，改成“邹先生”", "邹先生"),
    ],
)
def test_a_name_may_stand_in_quotation_marks_and_what_stands_there_still_be_told(said: str, told: str) -> None:
    assert [one.words for one in statements(said, ["希望", "称呼", "情况说明"])] == [told]


@pytest.mark.parametrize(
    "said,does",
    [
        ("情况说明改成门关不严", True),
        ("说明更正为脱水时响", True),
        ("备注换成周末再来", True),
        ("说明里再写上家里有老人", False),
        ("加上一句上个月修过", False),
    ],
)
def test_what_takes_the_place_of_what_stood_there_is_told_from_what_is_added(said: str, does: bool) -> None:
    assert replaces(said) is does
