"""What single values mean, in the odd forms that customers write."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from zhtext import fold
from zhtext.values import codes, money, names, phones, places, times
from zhtext.values.days import Bias
from zhtext.values.festivals import of_the_moon
from zhtext.values.found import Visible, without_overlaps
from zhtext.values.money import About
from zhtext.values.numerals import to_decimal
from zhtext.values.surnames import SURNAMES

NOW = datetime(2026, 11, 29, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Sunday


@pytest.mark.parametrize(
    "text, number",
    [("1万2", "12000"), ("1.2万", "12000"), ("13万2", "132000"), ("3k", "3000"), ("3千5", "3500"), ("4千5", "4500"),
     ("1万2千", "12000"), ("1万零5", "10005"), ("伍佰", "500"), ("壹万贰仟", "12000"), ("一百二十三万五", "1235000")],
)  # fmt: skip
def test_figures_and_units_of_speech_go_together(text: str, number: str) -> None:
    assert to_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    "text, amount",
    [("1万2", "12000"), ("1.2万", "12000"), ("13万2", "132000"), ("3k", "3000"), ("3K", "3000"), ("3千5", "3500"),
     ("4千5", "4500"), ("五十", "50"), ("伍佰元整", "500"), ("三百零五块八毛", "305.8"), ("八块六毛五", "8.65"),
     ("100美元", "100 美元"), ("100美金吧", "100 美元"), ("大概三百来块", "300"), ("一共1,299.00元", "1299"), ("199", "199"),
     ("支架费120，对了装电视打孔不是该免费吗", "120"), ("一块五", "1.5"), ("三百五", "350")],
)  # fmt: skip
def test_an_amount_that_is_asked_for(text: str, amount: str) -> None:
    assert money.read(fold(text)) == amount


@pytest.mark.parametrize("text", ["两三百块吧", "大概两三百", "200-300块", "七八千"])
def test_between_two_numbers_is_asked(text: str) -> None:
    assert isinstance(money.read(fold(text)), About)


@pytest.mark.parametrize("text", ["装洗衣机的把地砖砸裂两块", "面板碎了三块", "搁板断两块"])
def test_pieces_of_what_broke_are_no_money(text: str) -> None:
    assert not list(money.find(fold(text)))


@pytest.mark.parametrize("text", ["忘了", "挺贵的", "两台", ""])
def test_no_amount_is_none(text: str) -> None:
    assert money.read(fold(text)) is None


@pytest.mark.parametrize(
    "text, kept",
    [("138 1234 5678", "13812345678"), ("+86 138-1234-5678", "13812345678"), ("幺三八零零幺三八零零零", "13800138000"),
     ("021-62345678", "02162345678"), ("（021）62345678", "02162345678"), ("13812345678（白天）", "13812345678（白天）"),
     ("13812345678转12", "13812345678转12"), ("+85291234567", "+85291234567"), ("138\u200b12345678", "13812345678")],
)  # fmt: skip
def test_a_number_is_kept_in_one_form(text: str, kept: str) -> None:
    assert phones.read(text) == kept
    assert phones.read(kept) == kept


@pytest.mark.parametrize("text", ["1381234567", "4008001234", "95188", "12345", "我的电话13812345678", "随便"])
def test_anything_else_is_no_phone(text: str) -> None:
    assert phones.read(text) is None


@pytest.mark.parametrize(
    "text, name",
    [("陈䶮华", "陈䶮华"), ("𠮷村薫", "𠮷村薫"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("阿依古丽•买买提", "阿依古丽·买买提"),
     ("我叫阿依古丽·买买提", "阿依古丽·买买提"), ("阿依古丽女士", "阿依古丽女士"), ("仉", "仉"), ("姓訾", "訾"), ("缪", "缪"), ("逄", "逄"),
     ("冼太", "冼太"), ("宓经理", "宓经理"), ("谌主任", "谌主任"), ("陈\u200b静", "陈静"), ("扎西卓玛", "扎西卓玛"), ("康师傅", "康师傅"),
     ("弓长张，张弛，松弛的弛", "张弛"), ("张弛，弓长张", "张弛"), ("肇敏，肇庆的肇", "肇敏"), ("缑婉莹", "缑婉莹"), ("Tom Lee", "Tom Lee"),
     ("叫我老魏就行", "老魏"), ("欧阳修", "欧阳修")],
)  # fmt: skip
def test_a_name_that_is_asked_for(text: str, name: str) -> None:
    found = names.read(text)
    assert found is not None
    assert (found.name, found.sure) == (name, True)


@pytest.mark.parametrize(
    "text", ["退货流程", "怎么还没到", "转人工", "为什么要问这个", "那位女士", "找经理", "查一下物流", "冰箱坏了"]
)
def test_other_words_are_no_sure_name(text: str) -> None:
    found = names.read(text)
    assert found is None or not found.sure


@pytest.mark.parametrize(
    "text,name",
    [
        ("我姓李李强电话", "李强"),
        ("我姓刘刘建国", "刘建国"),
        ("李强木子李坚强的强", "李强"),
        ("我叫李强就两个字", "李强"),
        ("写我名字刘建国保修过了", "刘建国"),
    ],
)
def test_a_name_ends_where_the_sentence_goes_on_without_a_mark(text: str, name: str) -> None:
    assert next(names.find(text)).value == name


@pytest.mark.parametrize("text", ["等下", "等一哈", "稍等", "慢着"])
def test_who_asks_for_a_moment_is_not_called_so(text: str) -> None:
    assert names.read(text) is None


def test_one_list_of_surnames_holds_both_former_ones() -> None:
    assert set("康茹习宦仉訾缪逄冼宓缑谌扎") - set("扎") <= SURNAMES


@pytest.mark.parametrize(
    "text, names_found",
    [("缑婉莹，\x00\x00", ["缑婉莹"]), ("\x00\x00，沈砚秋，\x00", ["沈砚秋"]), ("覃立群\x00\x00云南省", ["覃立群"]),
     ("莫得号 \x00\x00\x00 陈静", ["陈静"]), ("我叫扎西卓玛", ["扎西卓玛"]), ("我是阿依古丽女士", ["阿依古丽女士"]), ("弓长张，张弛，松弛的弛", ["张弛"]), ("都行，\x00", [])],
)  # fmt: skip
def test_names_among_other_values(text: str, names_found: list[str]) -> None:
    assert [value.value for value in without_overlaps(names.find(text))] == names_found


@pytest.mark.parametrize(
    "text, address",
    [("云南省昆明市盘龙区青云路8号6栋11楼", "云南省昆明市盘龙区青云路8号6栋11楼"),
     ("大后天上午都行，湖州市吴兴区红丰路55号2幢1103，沈砚秋", "湖州市吴兴区红丰路55号2幢1103"),
     ("地址是幸福小区3栋2单元501，谢谢", "幸福小区3栋2单元501"), ("昨天在中山路门店买的", None),
     ("沙坪坝区凤天路22号3-2-8", "沙坪坝区凤天路22号3-2-8"), ("住恒大名都5栋1-2003", "恒大名都5栋1-2003"),
     ("成都市锦江区东大街上东大街段36号9-1", "成都市锦江区东大街上东大街段36号9-1"), ("翠苑四区12-3-401", "翠苑四区12-3-401"),
     ("丰台区甲3号院6号楼2单元702", "丰台区甲3号院6号楼2单元702"), ("绿城玉园b座1602", "绿城玉园b座1602"),
     ("长沙市五一大道中段88号1602室", "长沙市五一大道中段88号1602室")],
)  # fmt: skip
def test_an_address_somebody_can_be_sent_to(text: str, address: str | None) -> None:
    assert places.read(text) == address


# ---------------------------------------------------------------- times


@pytest.mark.parametrize(
    "text, value",
    [("20261120", "2026-11-20"), ("农历十月初一", "2026-11-09"), ("阴历八月十五", "2026-09-25"), ("正月初五", "2026-02-21"),
     ("腊月二十三", "2026-02-10"), ("上礼拜二傍晚", "2026-11-17"), ("30号", "2026-10-30"), ("周五", "2026-11-27"), ("12月25日", "2026-12-25"),
     ("11.11", "2026-11-11"), ("2025年12月1日", "2025-12-01"), ("2月29号", "2024-02-29")],
)  # fmt: skip
def test_what_happened_is_read_backwards(text: str, value: str) -> None:
    assert [one.value for one in times.read(text, NOW, Bias.PAST, asked=True)] == [value]


@pytest.mark.parametrize(
    "text, value",
    [("周五", "2026-12-04"), ("下下周一", "2026-12-07"), ("3号", "2026-12-03"), ("12月1日", "2026-12-01"), ("1月3日", "2027-01-03"),
     ("节后第一天", "2027-01-02"), ("元旦前", "2026-12-31"), ("春节前", "2027-02-05"), ("月底前", "2026-11-21/2026-11-30"),
     ("今天下午5点前", "2026-11-29T17:00"), ("三天后", "2026-12-02"), ("周末", "2026-11-28/2026-11-29"), ("大后天", "2026-12-02"),
     ("农历腊月二十三", "2027-01-30")],
)  # fmt: skip
def test_what_is_wished_or_promised_is_read_forwards(text: str, value: str) -> None:
    assert [one.value for one in times.read(text, NOW, Bias.FUTURE)] == [value]


@pytest.mark.parametrize(
    "text", ["11月31号", "13月5号", "星期八", "礼拜九", "2026年2月30日", "20261301", "农历十三月初一", "2月30号"]
)
def test_there_is_no_such_day(text: str) -> None:
    found = times.read(text, NOW, Bias.PAST, asked=True)
    assert [one.wrong for one in found] == [True]


@pytest.mark.parametrize(
    "text, ahead", [("明天下午", True), ("12月1日", True), ("下个月5号", True), ("今天", False), ("11月1日", False)]
)
def test_what_lies_ahead_is_seen(text: str, ahead: bool) -> None:
    (found,) = times.read(text, NOW, Bias.PAST)
    assert found.days is not None
    assert (found.days.first > NOW.date()) is ahead


def test_the_moon_has_no_thirtieth_of_every_month() -> None:
    assert of_the_moon(2025, 12, 30) is None
    assert of_the_moon(2025, 6, 1, leap=True) is not None


@pytest.mark.parametrize("text", ["18:00前", "三个工作日内", "元旦前", "下下周一", "周三前", "半小时内", "节后第一天"])
def test_a_time_is_named(text: str) -> None:
    assert times.names_time(text)


@pytest.mark.parametrize("text", ["我会给您回电", "尽快为您解决", "我们将为您补发一个"])
def test_no_time_is_named(text: str) -> None:
    assert not times.names_time(text)


def test_invisible_signs_do_not_count_and_places_hold() -> None:
    shown = Visible.of("陈\u200b静，１３８")
    assert (shown.text, shown.places) == ("陈静,138", (0, 2, 3, 4, 5, 6))


@pytest.mark.parametrize(
    "text,numbers",
    [
        ("2026110800517 11月11号寄回去的", ["2026110800517"]),
        ("2026110800517 3点下的单", ["2026110800517"]),
        ("2026 1108 00517", ["2026110800517"]),
        ("2026-1108-00517", ["2026110800517"]),
        ("2026110800517 22号到的", ["2026110800517"]),
    ],
)
def test_a_date_behind_an_orders_number_is_no_part_of_it(text: str, numbers: list[str]) -> None:
    assert [one.value for one in codes.find_orders(text)] == numbers
