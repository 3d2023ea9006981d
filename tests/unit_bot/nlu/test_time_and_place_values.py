"""Times, places and products, seen from Saturday 2026-11-21, ten in the morning."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.nlu.values import only_values
from tests.unit_bot.nlu.conftest import Find

Values = Callable[[str, str], list[str]]

TIMES = [
    ("昨天下午三点多", "2026-11-20T15:00"),
    ("昨晚8点半", "2026-11-20T20:30"),
    ("今天上午10:30", "2026-11-21T10:30"),
    ("前天", "2026-11-19"),
    ("前儿晚上", "2026-11-19"),
    ("尋日", "2026-11-20"),
    ("大前天中午", "2026-11-18"),
    ("上周五", "2026-11-13"),
    ("上上周二", "2026-11-03"),
    ("这周一", "2026-11-16"),
    ("周三", "2026-11-18"),
    ("上周末", "2026-11-14/2026-11-15"),
    ("10月3号", "2026-10-03"),
    ("十月三号", "2026-10-03"),
    ("12月25日", "2025-12-25"),
    ("去年12月", "2025-12-01/2025-12-31"),
    ("十月底", "2026-10-21/2026-10-31"),
    ("上个月15号", "2026-10-15"),
    ("3号", "2026-11-03"),
    ("30号", "2026-10-30"),
    ("11.11", "2026-11-11"),
    ("2026/11/5", "2026-11-05"),
    ("2026年11月5日", "2026-11-05"),
    ("11月8号下午2点", "2026-11-08T14:00"),
    ("双十一那天", "2026-11-11"),
    ("大概半个月前", "2026-11-06"),
    ("三天前", "2026-11-18"),
    ("两个月前", "2026-09-22"),
    ("刚刚", "2026-11-21"),
    ("前几天", "前几天"),
    ("中秋节前后", "中秋节前后"),
    ("下午三点", "下午三点"),
    ("去年双十一", "2025-11-11"),
    ("国庆期间", "2026-10-01/2026-10-07"),
    ("春节假期", "2026-02-15/2026-02-23"),
    ("春节那天", "2026-02-17"),
    ("除夕晚上", "2026-02-16"),
    ("元宵节", "2026-03-03"),
    ("端午当天", "2026-06-19"),
    ("中秋節", "2026-09-25"),
    ("去年中秋", "2025-10-06"),
    ("春节前", "春节前"),
    ("国庆以后", "国庆以后"),
    ("去年冬天", "去年冬天"),
    ("年初", "年初"),
    ("两三天前", "两三天前"),
    ("下周一", "2026-11-23"),
    ("明天上午十点", "2026-11-22T10:00"),
    ("今早七点", "2026-11-21T07:00"),
    ("礼拜天晚上八点收到的", "2026-11-15T20:00"),
    ("周六上门行吗", "2026-11-21"),
    ("周五方便，约周五吧", "2026-11-27"),
    ("礼拜三来装", "2026-11-25"),
    ("周三来装的", "2026-11-18"),
    ("说好周三上门没来", "2026-11-18"),
    ("28号给我送货", "2026-11-28"),
    ("约在30号", "2026-11-30"),
    ("改到3号", "2026-12-03"),
    ("12月1号上门", "2026-12-01"),
]


@pytest.mark.parametrize("text,moment", TIMES)
def test_times(values: Values, text: str, moment: str) -> None:
    assert values(text, "time")[:1] == [moment]


@pytest.mark.parametrize("text", ["3号楼", "12.5元", "建国路88号", "三个人", "一点都不好", "13.45"])
def test_what_is_no_time(values: Values, text: str) -> None:
    assert values(text, "time") == []


@pytest.mark.parametrize(
    "text,place",
    [
        ("我在北京市朝阳区建国路88号", "北京市朝阳区建国路88号"),
        ("幸福小区3栋2单元501", "幸福小区3栋2单元501"),
        ("我家住在阳光花园5号楼", "阳光花园5号楼"),
        ("上海浦东", "上海浦东"),
        ("石家庄", "石家庄"),
        ("昨天在中山路门店买的", "中山路"),
    ],
)
def test_places(values: Values, text: str, place: str) -> None:
    assert values(text, "place") == [place]


@pytest.mark.parametrize("text", ["附近小区能送吗", "线路坏了", "冰箱坏了去哪个地方修", "半路上", "上门维修", "中国"])
def test_what_is_no_place(values: Values, text: str) -> None:
    assert values(text, "place") == []


@pytest.mark.parametrize(
    "text,kinds",
    [("冰箱不制冷", ["冰箱"]), ("雪櫃壞咗", ["冰箱"]), ("电饭锅和彩电", ["电饭煲", "电视"]), ("这部电视剧真好看", [])],
)
def test_products(values: Values, text: str, kinds: list[str]) -> None:
    assert values(text, "product") == kinds


def test_offsets_hold_in_the_customers_own_words(find: Find) -> None:
    text = "電話１３８－００１３－８０００，訂單２０２６１１０１０００１２"
    assert [text[value.start : value.end] for value in find(text)] == [
        "１３８－００１３－８０００",
        "２０２６１１０１０００１２",
    ]


@pytest.mark.parametrize(
    "text,bare",
    [
        ("13800138000", True),
        ("我的手机号是13800138000。", True),
        ("李明 13912345678", True),
        ("订单号：2026110100012", True),
        ("昨天下午三点多", True),
        ("上海浦东", True),
        ("帮我查2026110100012", False),
        ("2026110100012到哪了", False),
        ("昨天买的坏了", False),
        ("冰箱", False),
        ("", False),
    ],
)
def test_a_message_of_values_only(find: Find, text: str, bare: bool) -> None:
    entities = [{"entity": value.kind, "start": value.start, "end": value.end} for value in find(text)]
    assert only_values(text, entities) is bare


def test_a_long_message_without_values_has_none(find: Find) -> None:
    assert find("我在" * 500 + "1" * 500) == []
