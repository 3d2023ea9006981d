"""Words for dangers read together, clause by clause, with what is denied and what only looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zhtext import normalise_apart
from zhtext.danger import Danger, Dangers, Together

SAFETY = Path(__file__).resolve().parents[3] / "company" / "safety.yml"
OURS = Dangers.of(yaml.safe_load(SAFETY.read_text(encoding="utf-8")))
WORDS = Dangers(
    {
        "fire": Danger(
            signs=["冒烟", "烧…洞"],
            together=[Together(["插头", "插座"], ["发黑", "烫得"])],
            unless=["嗓子冒烟"],
        ),
        "injury": Danger(signs=["流血"], is_injury=True),
    },
    denials=["没", "没有", "不", "会不会"],
    harmless=["烧个洞府"],
)


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("空调冒烟了", ["fire"]),
        ("垫子烧了个大洞", ["fire"]),
        ("插头用着用着，有点发黑", ["fire"]),
        ("插头在墙角，上周买的，发黑", []),
        ("没冒烟，手流血了", ["injury"]),
        ("没有人流血", []),
        ("会不会冒烟", []),
        ("嗓子冒烟了", []),
        ("玩游戏烧个洞府", []),
        ("洗衣机不转了", []),
    ],
)
def test_a_danger_is_a_sign_or_a_thing_in_a_state(text: str, kinds: list[str]) -> None:
    assert list(WORDS.spoken_of(text)) == kinds


def test_a_sign_that_is_denied_or_harmless_is_a_sign_all_the_same() -> None:
    assert [WORDS.has_sign(text) for text in ("没冒烟", "嗓子冒烟了", "洗衣机不转了")] == [True, True, False]


def test_without_words_nothing_is_dangerous() -> None:
    assert list(Dangers({}).spoken_of("冒烟了")) == []
    assert list(Dangers({"fire": Danger()}).spoken_of("冒烟了")) == []


@pytest.mark.parametrize(
    "said",
    ["热水器打不着火", "地板鼓包了，洗衣机漏的水", "我要去医院复查", "热线都被打爆了", "火大", "气炸了", "爆款还有吗", "漏电保护器多少钱", "等得嗓子冒烟", "没冒烟没漏电 就是不转"],
)  # fmt: skip
def test_what_only_looks_like_a_danger_is_none(said: str) -> None:
    assert list(OURS.spoken_of(normalise_apart(said))) == []


@pytest.mark.parametrize(
    "said, kind",
    [
        ("插头烫得拿不住", "hot"),
        ("水龙头一摸麻我一下", "shock"),
        ("充电宝鼓得像馒头", "battery"),
        ("灶上关了火还有嘶嘶声", "gas"),
        ("洗衣机漏水 流到插座里了", "wet"),
        ("孙女胳膊烫红一片", "injury"),
        ("條電線著火喇", "fire"),
    ],
)
def test_things_in_a_dangerous_state_are_heard(said: str, kind: str) -> None:
    assert kind in list(OURS.spoken_of(normalise_apart(said)))


@pytest.mark.parametrize(
    "said",
    [
        "吊柜往下掉，就剩一颗螺丝了",
        "儿童车的刹车失灵了",
        "从装上就漏气",
        "那边又打火了",
        "浴室玻璃门半夜全碎了",
        "屋里味道很冲，呛人",
        "充着充着电池胖了一圈",
    ],
)
def test_what_falls_leaks_sparks_or_fails_is_a_danger(said: str) -> None:
    assert list(OURS.spoken_of(normalise_apart(said)))


@pytest.mark.parametrize(
    "said",
    ["床垫鼓包睡着不舒服", "画质炸裂", "打火灶的电池装哪儿", "一个杯子能漏什么电", "漏电那毛病修好了", "有没有灭火毯", "受伤的是我的心", "轮胎漏气了"],
)  # fmt: skip
def test_figures_of_speech_products_and_what_is_over_are_none(said: str) -> None:
    assert list(OURS.spoken_of(normalise_apart(said))) == []
