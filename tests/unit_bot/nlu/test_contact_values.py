"""Phones, e-mail addresses, WeChat ids and names: what is typed, what is understood."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Values = Callable[[str, str], list[str]]

PHONES = [
    ("13800138000", ["13800138000"]),
    ("138 0013 8000", ["13800138000"]),
    ("138-0013-8000", ["13800138000"]),
    ("１３８００１３８０００", ["13800138000"]),
    ("+86 13800138000", ["13800138000"]),
    ("008613800138000", ["13800138000"]),
    ("8613800138000", ["13800138000"]),
    ("幺三八零零幺三八零零零", ["13800138000"]),
    ("一三九 一二三四 五六七八", ["13912345678"]),
    ("電話係13800138000呀", ["13800138000"]),
    ("13800138000转1234", ["13800138000转1234"]),
    ("我的电话13800138000，我老婆的13912345678", ["13800138000", "13912345678"]),
    ("010-88886666", ["01088886666"]),
    ("(010)88886666", ["01088886666"]),
    ("0755 82345678", ["075582345678"]),
    ("010-88886666转101", ["01088886666转101"]),
    ("+852 9123 4567", ["+85291234567"]),
    ("852 91234567", ["+85291234567"]),
    ("+853 66123456", ["+85366123456"]),
    ("+886 912345678", ["+886912345678"]),
    ("4008001234", []),
    ("95588", []),
    ("12345", []),
    ("12345678901", []),
    ("138001380001", []),
    ("2026110100012", []),
    ("SF1380013800012", []),
    ("买了一三五个", []),
]


@pytest.mark.parametrize("text,phones", PHONES)
def test_phones(values: Values, text: str, phones: list[str]) -> None:
    assert values(text, "phone") == phones


@pytest.mark.parametrize("text", ["8613800138000", "138 0013 8000", "010-88886666", "13800138000转1234"])
def test_a_phone_is_never_also_an_order_number(values: Values, text: str) -> None:
    assert values(text, "order") == []


@pytest.mark.parametrize(
    "text,emails",
    [
        ("邮箱Li.Ming@QQ.com", ["li.ming@qq.com"]),
        ("发到abc_1@mail.example.com.cn谢谢", ["abc_1@mail.example.com.cn"]),
        ("@小王", []),
        ("a@b", []),
    ],
)
def test_emails(values: Values, text: str, emails: list[str]) -> None:
    assert values(text, "email") == emails


@pytest.mark.parametrize(
    "text,ids",
    [
        ("我微信是WX_lihua88", ["wx_lihua88"]),
        ("微信号：abc-12345", ["abc-12345"]),
        ("vx zhangsan01", ["zhangsan01"]),
        ("微信同号", []),
        ("用微信支付", []),
        ("微信abc", []),
    ],
)
def test_wechat_ids(values: Values, text: str, ids: list[str]) -> None:
    assert values(text, "wechat") == ids


NAMES = [
    ("我叫李明", ["李明"]),
    ("我叫李明电话13800138000", ["李明"]),
    ("我叫王小红要投诉", ["王小红"]),
    ("我叫歐陽娜娜", ["欧阳娜娜"]),
    ("免贵姓王", ["王"]),
    ("我姓欧阳", ["欧阳"]),
    ("王女士", ["王女士"]),
    ("张先生", ["张先生"]),
    ("叫我小李就行", ["小李"]),
    ("姓名：陈静", ["陈静"]),
    ("名字改成王丽", ["王丽"]),
    ("立早章", ["章"]),
    ("弓长张", ["张"]),
    ("李明", ["李明"]),
    ("刘洋 13800138000", ["刘洋"]),
    ("方便", []),
    ("高兴", []),
    ("马上", []),
    ("金额", []),
    ("成都", []),
    ("白色", []),
    ("和解", []),
    ("何时发货", []),
    ("我是说冰箱", []),
    ("我是在京东买的", []),
    ("常见问题", []),
]


@pytest.mark.parametrize("text,names", NAMES)
def test_names(values: Values, text: str, names: list[str]) -> None:
    assert values(text, "name") == names
