"""Nothing personal is in what would be sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.second.masking import LABELS, known_of, masked


@pytest.mark.parametrize(
    "text,secret",
    [
        ("打13812345678找我", "13812345678"),
        ("打 138 1234 5678 找我", "5678"),
        ("打138-1234-5678找我", "1234"),
        ("打１３８１２３４５６７８找我", "３８"),
        ("幺三八零零幺三八零零零", "幺三八"),
        ("座机010-88886666转8001", "8888"),
        ("电话尾号是3320", "3320"),
        ("单子2026112105506到哪了", "2026112105506"),
        ("TS20261121-0001 咋样了", "0001"),
        ("ts20261121 0001", "0001"),
        ("SF1420098877123没动静", "1420098877123"),
        ("SN是AX12B9900QQ", "12B9900"),
        ("身份证11010519491231002X行不", "110105"),
        ("身份证1101************2X行不", "1101"),
        ("卡号6222 0212 3456 7890 128", "6222"),
        ("卡号 6222-0212-3456-7890-128", "7890"),
        ("发我wang.lei@example.com吧", "wang.lei"),
        ("发我 Wang.Lei@Example.COM 吧", "Wang"),
        ("微信wx_lao9yan", "lao9yan"),
        ("加我yang_a_lue", "yang_a_lue"),
        ("税号91110108MA01ABCD2X", "MA01ABCD"),
        ("看https://shop.example/o/ab?u=li", "u=li"),
        ("送到建国路88号院3栋2单元501", "建国路"),
        ("在幸福小区3栋", "幸福"),
        ("我叫李明，退了吧", "李明"),
        ("李女士让我问的", "李"),
        ("阿依古丽·买买提的单子", "阿依古丽"),
        ("收货人写欧阳晓岚", "欧阳晓岚"),
        ("138\u200b1234\u200b5678", "5678"),
    ],
)
def test_numbers_names_and_addresses_are_masked(text: str, secret: str) -> None:
    result = masked(text)
    assert secret not in result
    assert any(label in result for label in LABELS.values())


def test_a_mask_says_what_it_covers_and_the_rest_stays() -> None:
    assert (
        masked("我叫李明，13812345678，单号2026112105506，给我退了")
        == "我叫【姓名】，【电话】，单号【订单号】，给我退了"
    )


@pytest.mark.parametrize(
    "text", ["信不信我打12315", "冰箱两天不制冷了", "65寸的有没有", "退3台", "11月29号来", "东西坏了"]
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert masked(text, [{"entity": "place", "text": "东西", "start": 0, "end": 2}] * text.startswith("东西")) == text


def test_what_the_pipeline_found_is_masked_by_its_kind() -> None:
    entities = [
        {"entity": "name", "value": "党", "start": 0, "end": 2},
        {"entity": "product", "value": "tv", "start": 3, "end": 5},
        {"entity": "place", "value": "", "start": 5, "end": 7},
        {"entity": "faq_id", "value": "x"},
    ]
    assert masked("老党的电视鄠邑坏了", entities) == "【姓名】的电视【地址】坏了"


def test_what_the_conversation_knows_is_masked_however_it_is_written() -> None:
    known = list(known_of({"name": "皮普", "email": None, "phone": 1, "buyer": "王", "product": "电视"}))
    assert known == [("name", "皮普")]
    assert masked("皮普的電視，皮普修", known=known) == "【姓名】的電視，【姓名】修"


def test_overlapping_finds_leave_nothing_between_them() -> None:
    entities = [{"entity": "order", "start": 0, "end": 6}, {"entity": "phone", "start": 4, "end": 9}]
    assert masked("甲乙丙丁戊己庚辛壬癸", entities) == "【订单号】癸"


def test_what_was_found_behind_the_end_adds_nothing() -> None:
    assert masked("退了吧", [{"entity": "name", "start": 5, "end": 7}]) == "退了吧"


FILLED = {
    "number": "TS20261121-0001",
    "order": "2026112105506",
    "owner": "陈静",
    "name": "皮普",
    "call": "皮普，",
    "phone": "13812345678",
    "contact": "13812345678",
    "email": "pi@example.com",
    "place": "西安市莲湖区青年路5号院3栋",
    "noted": "皮普、13812345678、西安市莲湖区青年路5号院3栋",
    "listed": "TS20261121-0001、2026112105506",
}
PERSONAL = ("0001", "2026112105506", "陈静", "皮普", "5678", "pi@", "莲湖", "青年路")


def wordings() -> list[str]:
    """Every wording of ours that has a blank for something personal."""
    files = sorted(Path("data/responses").glob("*.yml"))
    responses = [yaml.safe_load(path.read_text("utf-8"))["responses"] for path in files]
    texts = [one.get("text") or "" for file in responses for variants in file.values() for one in variants]
    return sorted({text for text in texts if any("{" + blank + "}" in text for blank in FILLED)})


def test_in_our_own_words_nobody_is_named() -> None:
    assert len(wordings()) > 50
    leaking = {}
    for wording in wordings():
        said = re.sub(r"\{(\w+)\}", lambda blank: FILLED.get(blank.group(1), "三天"), wording)
        result = masked(said, known=known_of({"name": "皮普"}))
        if found := [secret for secret in PERSONAL if secret in result]:
            leaking[wording] = (found, result)
    assert leaking == {}
