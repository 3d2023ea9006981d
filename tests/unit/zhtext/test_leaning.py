"""Words that lean on what was said before, and shifts of a delivery."""

from __future__ import annotations

import pytest

from zhtext.leaning import is_over, same_of, tells_how
from zhtext.values.shifts import shift_in


@pytest.mark.parametrize(
    "said,thing",
    [
        ("洗碗机也一样吗", "洗碗机"),
        ("冰箱也是这样吗", "冰箱"),
        ("那电视呢", "电视"),
        ("净化器也不行吗", "净化器"),
        ("洗衣机多少钱", ""),
        ("洗衣机坏了，换一台一样的要等多久才能到货啊", ""),
    ],
)
def test_the_same_is_asked_of_another_thing(said: str, thing: str) -> None:
    assert same_of(said) == thing


@pytest.mark.parametrize("said", ["用的微信付的", "我是支付宝付的", "刷的信用卡", "我用花呗买的", "当时微信扫的码"])
def test_how_ones_own_was_done_is_told(said: str) -> None:
    assert tells_how(said)


@pytest.mark.parametrize("said", ["运费", "发票怎么开", "退款几天到"])
def test_another_matter_tells_nothing_of_how(said: str) -> None:
    assert not tells_how(said)


@pytest.mark.parametrize(
    "said,over",
    [
        ("上回报修的那个早弄好啦", True),
        ("之前投诉的事了结了", True),
        ("原先约的安装早装完了", True),
        ("上次修好了又坏了", False),
        ("上次还没修好", False),
        ("空调不制冷", False),
    ],
)
def test_an_earlier_matter_is_over(said: str, over: bool) -> None:
    assert is_over(said) is over


@pytest.mark.parametrize("said", ["能不能晚两天送", "推后三天送", "往后挪挪", "早点送", "过几天再送", "提前一天送来"])
def test_a_delivery_is_shifted_by_no_day(said: str) -> None:
    assert shift_in(said)


@pytest.mark.parametrize("said", ["什么时候送", "晚了两天还没到", "明天送到吗", "早上送"])
def test_a_day_or_a_delay_is_no_shift(said: str) -> None:
    assert not shift_in(said)
