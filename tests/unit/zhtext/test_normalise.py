"""Chinese text as typed, and as the classifier sees it. Runs on both Pythons (tests/unit_bot/nlu/test_zhtext.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhtext import fold, normalise, to_simplified

NORMALISED = [
    ("我要退貨", "我要退货"),
    ("ＴＳ２０２６１１２１－０００１", "ts20261121-0001"),
    ("哈哈哈哈哈", "哈哈"),
    ("怎麼辦？？？！", "怎么办?"),
    ("转 人 工", "转人工"),
    ("好的👌🏻", "好的好的"),
    ("👍👍👍", "赞"),
    ("[强]", "赞"),
    ("［OK］", "好的"),
    ("🎉恭喜", "恭喜"),
    ("13800138000", "13800138000"),
    ("200000元", "200000元"),
    ("我\u200b要\ufeff退款\x00", "我要退款"),
    ("在吗。。。", "在吗。"),
    ("iPhone 手机", "iphone 手机"),
    ("咋開發票", "怎么开发票"),
    ("冰厢坏了", "冰箱坏了"),
    ("", ""),
]


@pytest.mark.parametrize("typed,seen", NORMALISED)
def test_one_spelling_for_many(typed: str, seen: str) -> None:
    assert normalise(typed) == seen


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more_than_once(text: str) -> None:
    once = normalise(text)
    assert normalise(normalise(once)) == normalise(once)


@given(st.text(max_size=80))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_folding_changes_width_case_and_script() -> None:
    assert fold("電話：１３８－ABC") == "电话:138-abc"


def test_traditional_becomes_simplified() -> None:
    assert to_simplified("訂單編號與發票抬頭") == "订单编号与发票抬头"


@pytest.mark.parametrize(
    "written, mandarin",
    [
        ("要點樣保修", "要怎么保修"),
        ("而家仲有冇人工", "现在还有没有人工"),
        ("唔係呢個", "不是这个"),
        ("到貨爛咗點算", "到货烂了怎么办"),
        ("嗰單投訴", "那单投诉"),
        ("啥子时候发货嘛", "什么时候发货嘛"),
        ("莫得问题", "没有问题"),
        ("咋整", "怎么办"),
        ("zhuan rengong", "zhuan 人工"),
        ("唔該幫我查下", "麻烦帮我查下"),
        ("唔該", "谢谢"),
        ("阿拉勿要退脱", "我们不要退掉"),
        ("货走拢没得，屋头没人", "货走到没得,家里没人"),
    ],
)
def test_dialect_is_read_as_mandarin(written: str, mandarin: str) -> None:
    assert normalise(written) == mandarin


@pytest.mark.parametrize("text", ["三点开门", "申请仲裁", "联系客服", "几点算迟到", "rengongzhineng"])
def test_mandarin_stays_as_it_is(text: str) -> None:
    assert normalise(text) == text
