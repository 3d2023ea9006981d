"""The odd forms customers write: read as values, and judged alike by the one validator of bot and desk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.company import load_company
from helpdesk.text.fields import Accepted, Refused, accept
from zhtext import fold
from zhtext.values import blanked, money, names, phones, places, times, without_overlaps
from zhtext.values.days import Bias
from zhtext.values.found import Visible
from zhtext.values.money import About
from zhtext.values.unsaid import says_unknown

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 29, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Sunday

# ---------------------------------------------------------------- money

AMOUNTS = [
    ("1万2", "12000"), ("1.2万", "12000"), ("１万２", "12000"), ("1.2w", "12000"), ("13万2", "132000"), ("3k", "3000"), ("3K吧", "3000"),
    ("3千5", "3500"), ("五十", "50"), ("伍佰元整", "500"), ("三百零五块八毛", "305.8"), ("100美元", "100 美元"),
]  # fmt: skip
VAGUE = ["两三百块吧", "三五百", "200到300", "十几块", "几百块", "20几块钱", "好几千", "上千"]


@pytest.mark.parametrize("said, amount", AMOUNTS)
def test_an_amount_is_the_same_number_for_bot_and_desk(said: str, amount: str) -> None:
    assert money.read(fold(said)) == amount
    assert accept(COMPANY, "amount", said, NOW) == Accepted(amount)
    assert accept(COMPANY, "amount", amount, NOW) == Accepted(amount)


@pytest.mark.parametrize("said", VAGUE)
def test_about_is_no_amount_and_is_asked_again(said: str) -> None:
    assert isinstance(money.read(fold(said)), About)
    assert accept(COMPANY, "amount", said, NOW) == Refused("about")


@pytest.mark.parametrize("said", ["多收了几十块钱", "收了我十几块", "要1500w的", "功率1500w"])
def test_nothing_exact_is_read_into_words_that_name_no_sum(said: str) -> None:
    assert list(money.find(fold(said))) == []


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    "said, day", [("20261120", "2026-11-20"), ("农历十月初一", "2026-11-09"), ("昨天下午", "2026-11-28")]
)
def test_a_day_on_which_something_happened(said: str, day: str) -> None:
    (found,) = times.read(said, NOW, Bias.PAST, asked=True)
    assert found.days is not None
    assert found.days.first.isoformat() == day
    assert accept(COMPANY, "occurred", said, NOW) == Accepted(said)


@pytest.mark.parametrize(
    "said, why",
    [("明天下午", "future"), ("12月1日", "future"), ("下周三", "future"), ("今天晚上8点", "future"), ("11月31号", "no_such_day"),
     ("13月5号", "no_such_day"), ("星期八", "no_such_day"), ("20261301", "no_such_day")],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused_with_its_reason(said: str, why: str) -> None:
    assert accept(COMPANY, "occurred", said, NOW) == Refused(why)


# ---------------------------------------------------------------- names

NAMES = [
    ("陈䶮华", "陈䶮华"), ("𠮷村薫", "𠮷村薫"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("阿依古丽女士", "阿依古丽女士"), ("仉", "仉"), ("訾", "訾"),
    ("缪", "缪"), ("逄", "逄"), ("冼太", "冼太"), ("宓经理", "宓经理"), ("陈\u200b静", "陈静"), ("\ufeff阿依古丽·\u200d买买提", "阿依古丽·买买提"),
]  # fmt: skip


@pytest.mark.parametrize("said, name", NAMES)
def test_a_rare_name_is_a_name_for_bot_and_desk(said: str, name: str) -> None:
    found = names.read(said)
    assert found is not None
    assert (found.name, found.sure) == (name, True)
    assert accept(COMPANY, "name", said, NOW) == accept(COMPANY, "name", name, NOW) == Accepted(name)


# ---------------------------------------------------------------- several at once


def test_three_values_written_without_a_space_are_three() -> None:
    said = "覃立群13900001122云南省昆明市盘龙区青云路8号6栋11楼"
    (phone,) = phones.find(said)
    rest = blanked(said, [phone])
    assert phone.value == "13900001122"
    assert [one.value for one in without_overlaps(names.find(rest))] == ["覃立群"]
    assert places.read(rest) == "云南省昆明市盘龙区青云路8号6栋11楼"


@pytest.mark.parametrize(
    "address",
    [
        "丽水市莲都区丽青路8号后门301",
        "武汉市洪山区珞瑜路88号东门进去3栋2单元",
        "成都市高新区天府三街199号南门旁边5栋1601",
        "天津市河西区友谊路四十一号,七号楼三门二零一",
        "长沙市岳麓区麓山南路12号301",
    ],
)
def test_an_address_goes_on_behind_a_gate_and_in_numerals(address: str) -> None:
    assert places.read(address) == address


def test_a_gate_alone_is_no_address() -> None:
    assert places.read("我家后门坏了,送到门口就行") is None


@pytest.mark.parametrize(
    "said",
    [
        "白天打13700137001，晚上打13700137002",
        "13700137001（白天），13700137002（晚上）",
        "白天13700137001晚上13700137002",
    ],
)
def test_two_numbers_keep_what_each_is_for(said: str) -> None:
    text = Visible.of(said).text
    first, second = phones.find(text)
    kept = [phones.with_purpose(text, first, 0, second.start), phones.with_purpose(text, second, first.end, len(text))]
    assert kept == ["13700137001（白天）", "13700137002（晚上）"]
    assert [accept(COMPANY, "phone", one, NOW) for one in kept] == [Accepted(one) for one in kept]


# ---------------------------------------------------------------- what the bot reads the desk takes

DIGIT = st.sampled_from("0123456789零一二两三四五六七八九")
MONEY = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "大概", "￥", "一共"]),
    st.one_of(st.text(DIGIT, min_size=1, max_size=4), st.integers(0, 99999).map(str), st.floats(0, 999).map("{:.2f}".format)),
    st.sampled_from(["", "十", "百", "千", "万", "k", "w"]),
    st.sampled_from(["", "2", "五", "零五", "几"]),
    st.sampled_from(["", "块", "元整", "块八毛", "美元", "左右"]),
)  # fmt: skip
PHONE = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+86 ", "0086"]),
    st.from_regex(r"1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|0(10|21|755)-?[2-9][0-9]{7}", fullmatch=True),
    st.sampled_from(["", "转12", "（晚上）"]),
)
NAME = st.text(
    st.sampled_from("王李仉訾陈静欧阳阿依古丽·先生女士总太经理我叫姓是\u200bTom \u4dae𠮷"), min_size=1, max_size=7
)


@given(st.one_of(MONEY, st.text(max_size=12)))
def test_the_desk_takes_every_amount_that_is_read(said: str) -> None:
    found = money.read(fold(said))
    if isinstance(found, str):
        assert accept(COMPANY, "amount", found, NOW) == Accepted(found)
        assert money.is_amount(found)


@given(st.one_of(PHONE, st.text("0123456789+-转（）晚上 ", max_size=20)))
def test_the_desk_takes_every_phone_that_is_read(said: str) -> None:
    found = phones.read(said)
    if found and not phones.is_company_number(found):
        assert accept(COMPANY, "phone", found, NOW) == Accepted(found)


UNSAID = st.sampled_from(["不愿提供", "不便提供", "客户不清楚", "保密", "不详", "暂时不知道"])


@given(st.one_of(NAME, UNSAID, st.text(max_size=8)))
def test_the_desk_takes_every_name_that_is_read(said: str) -> None:
    found = names.read(said)
    if found:
        assert accept(COMPANY, "name", found.name, NOW) == Accepted(found.name)


@pytest.mark.parametrize(
    "said, name",
    [
        ("就喊我王姐嘛", "王姐"),
        ("叫俺刘叔得了", "刘叔"),
        ("那你喊我七七好了", "七七"),
        ("叫我团子就成，电话13900001111", "团子"),
        ("喊我果果妈就行，别打电话", "果果妈"),
        ("管我叫赵工", "赵工"),
        ("您就叫我陈姨嘛", "陈姨"),
        ("喊我老蒋就是", "老蒋"),
        ("称呼我黄老师吧", "黄老师"),
    ],
)
def test_how_to_be_called_is_asked_for_in_ones_own_way(said: str, name: str) -> None:
    found = names.read(said)
    assert found is not None
    assert (found.name, found.sure) == (name, True)


@pytest.mark.parametrize(
    "said, name", [("打过来找鲁工", "鲁工"), ("联系许女士,问租赁", "许女士"), ("找师傅来修", ""), ("找不到单号", "")]
)
def test_who_is_called_back_may_name_whom_to_ask_for(said: str, name: str) -> None:
    assert names.asked_for(said) == name


@pytest.mark.parametrize("said", ["翻遍了都翻不到咯", "翻箱倒柜也没见着", "找了半天没找着", "早就删了", "查不着了"])
def test_what_was_looked_for_in_vain_cannot_be_told(said: str) -> None:
    assert says_unknown(said)
