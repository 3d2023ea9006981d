"""What a text says of a value: whose it is, how long, how many, what is wished, whether it asks."""

from __future__ import annotations

import pytest

from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import codes, money, names, phones, quantities, relations, scores, unsaid, wishes


def test_the_end_of_a_phone_is_four_digits_that_are_called_so_or_stand_alone() -> None:
    assert [phones.last_four(text) for text in ("尾号是5678", "5678", "13812345678", "20261108")] == [
        "5678",
        "5678",
        None,
        None,
    ]


def test_the_only_number_of_a_text_is_taken_where_four_digits_are_asked_for() -> None:
    told = ("可能是我媳妇的 7702", "换成7702试试", "7702还是4471", "138 0000", "没留过")
    assert [phones.only_four(text) for text in told] == ["7702", "7702", None, None, None]


def test_the_longest_run_of_digits_is_meant_as_the_number() -> None:
    assert [phones.longest_run(text) for text in ("400-800-3300", "我的12，是138 1234", "没有")] == [
        "4008003300",
        "1381234",
        "",
    ]


def test_long_numbers_are_found_and_taken_out() -> None:
    assert codes.numbers_in("单号20261108，还有12") == ["20261108"]
    assert codes.without_numbers("单号20261108，还有12") == "单号，还有12"


def test_what_is_asked_for_is_read_more_freely() -> None:
    assert codes.waybill_in("单号是12345678") == "12345678"
    assert codes.waybill_in("yt123456789") == "YT123456789"
    assert codes.waybill_in("1234") is None
    assert codes.like_credit_code("9131 0000 ma1k") == "91310000ma1k"
    assert codes.like_credit_code("不知道") is None
    assert [money.number_in(text) for text in ("1,299", "付了35.50吧", "1234567890", "不多")] == [
        "1299",
        "35.50",
        None,
        None,
    ]


def test_sizes_and_parts_are_read() -> None:
    assert quantities.sizes_in("55寸和75英寸的电视") == ["55寸", "75英寸"]
    assert [quantities.instalments_in(text) for text in ("分12期", "十二期", "不分期")] == [12, 12, None]


@pytest.mark.parametrize(
    "before, is_second, owner",
    [
        ("打不通就打我老婆的", True, "老婆"),
        ("我妈的电话", False, "妈"),
        ("再留一个", True, None),
        ("我的是", False, None),
    ],
)
def test_the_words_before_a_number_tell_whose_it_is(before: str, is_second: bool, owner: str | None) -> None:
    assert relations.announces_second(before) == is_second
    assert relations.whose(before) == owner


def test_a_full_name_is_called_so() -> None:
    assert names.whole_in("全名叫王小芳") == "王小芳"
    assert names.whole_in("王小芳") is None


def test_that_there_is_no_evidence_is_said() -> None:
    assert unsaid.lacks_evidence("当时没拍照")
    assert not unsaid.lacks_evidence("有照片")


@pytest.mark.parametrize(
    "text, wish",
    [
        ("要求退款", "退款"),
        ("希望你们尽快上门检修，谢谢", "尽快上门检修"),
        ("昨天退货了", None),
        ("让他赔 800", "赔 800"),
        ("我就想他来把砖赔了,钱退我", "把砖赔了"),
        ("让你们主管给我个说法", "给我个说法"),
        ("喊那个师傅来给我修好", "修好"),
        ("喊他来把砖补起,再陪个礼", "把砖补起"),
        ("店员让退我没退", None),
        ("他叫我换一台", None),
    ],
)
def test_a_wish_is_read_in_its_words(text: str, wish: str | None) -> None:
    assert wishes.wish_in(text) == wish


def test_a_wish_may_be_all_that_is_said() -> None:
    assert wishes.is_wish("换新吧")
    assert wishes.is_wish("补偿呗")
    assert wishes.is_wish("那就给点补偿嘛")
    assert not wishes.is_wish("你到底是机器还是人")
    assert not wishes.is_wish("换新的那台又坏了")
    assert wishes.without_wishes("门关不上,要求换货") == "门关不上,"


@pytest.mark.parametrize(
    "text, score", [("5分", 5), ("四星", 4), ("非常满意", 5), ("很不满意", 1), ("3", 3), ("55寸", None)]
)
def test_a_rating_is_read(text: str, score: int | None) -> None:
    assert scores.read(text) == score


@pytest.mark.parametrize("text, score", [("⭐⭐⭐⭐⭐", 5), ("🌟🌟🌟", 3), ("⭐️", 1), ("好评⭐", 5), ("👌", None)])
def test_stars_alone_are_a_rating(text: str, score: int | None) -> None:
    assert scores.read(normalise(text)) == score


@pytest.mark.parametrize(
    "text", ["几天到账", "能不能便宜点", "有货没有", "好不好用", "赔钱不赔钱", "绵阳好久送到", "你是机器还是人"]
)
def test_what_asks_is_a_question(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", ["我知道我买了什么", "怎么都打不开", "好的", "等了好久才到"])
def test_what_tells_is_none(text: str) -> None:
    assert not is_question(text)
