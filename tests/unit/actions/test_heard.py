"""What was said, read once: whose number it is, what counts as a value, what is masked, what is only denied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.clauses import affirmed, parts, pieces
from actions.contacts import with_second_contact
from actions.heard import Heard, Json
from helpdesk.company import load_company
from zhtext import normalise
from zhtext.values.relations import on_behalf_of
from zhtext.values.secrets import hide_secrets

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")


# ---------------------------------------------------------------- clauses


@pytest.mark.parametrize(
    "text,left",
    [
        ("换货就免了，我单问退回去的运费算谁的", "我单问退回去的运费算谁的"),
        ("不是要退，问下几天到账？", "问下几天到账?"),
        ("投诉就算了，告诉我附近哪有店", "告诉我附近哪有店"),
        ("退款多久到账", "退款多久到账"),
        ("不用了", "不用了"),
        ("师傅人特别好，别打电话了", "师傅人特别好"),
        ("这两款有什么区别", "这两款有什么区别"),
    ],
)
def test_a_clause_that_only_denies_is_left_out(text: str, left: str) -> None:
    assert affirmed(text).replace("？", "?") == left


def test_the_point_of_a_figure_ends_no_clause() -> None:
    assert pieces("1.5匹够不够嘛.要看看") == ["1.5匹够不够嘛", "要看看"]


def test_a_message_is_asked_about_whole_and_then_by_its_clauses_from_the_last() -> None:
    assert list(parts("电视到了，遥控器在哪个箱子，没看见")) == [
        "电视到了，遥控器在哪个箱子，没看见",
        "没看见",
        "遥控器在哪个箱子",
        "电视到了",
    ]
    assert list(parts("退款多久到账")) == ["退款多久到账"]
    assert list(parts("在吗，运费谁出")) == ["在吗，运费谁出"]


def test_a_point_ends_a_clause_and_a_question_keeps_its_mark() -> None:
    assert pieces("在吗？我要退货。订单找不到") == ["在吗？", "我要退货", "订单找不到"]


# ---------------------------------------------------------------- whose it is


@pytest.mark.parametrize(
    "text, phone, second",
    [
        ("13650505050，打不通就打我老婆的 13650505051", "13650505050", "13650505051（老婆）"),
        ("再留一个备用电话13750505052", None, "13750505052"),
        ("这是我老婆的电话13750505053", "13750505053", None),
        ("我妈的电话13611110001，我的是13611110002", "13611110002", "13611110001（妈）"),
    ],
)
def test_a_second_number_is_not_the_customers_own(text: str, phone: str | None, second: str | None) -> None:
    entities = []
    for value in (v for v in (phone, second) if v):
        digits = value[:11]
        start = text.index(digits)
        entities.append({"entity": "phone", "value": digits, "start": start, "end": start + 11})
    found = {e["entity"]: e["value"] for e in with_second_contact(entities, text)}
    assert found == {k: v for k, v in (("phone", phone), ("second_contact", second)) if v}


def _phones(text: str, *numbers: str) -> Json:
    entities = [
        {"entity": "phone", "value": number, "start": text.index(number), "end": text.index(number) + len(number)}
        for number in numbers
    ]
    message = {"text": text, "intent": {"name": "inform", "confidence": 1.0}, "entities": entities}
    return Heard.of(message).values


def test_two_numbers_keep_their_words() -> None:
    found = _phones("白天打13700137001，晚上打13700137002", "13700137001", "13700137002")
    assert found == {"phone": "13700137001（白天）", "second_contact": "13700137002（晚上）"}
    assert _phones("13700137001，不对，13700137002", "13700137001", "13700137002") == {"phone": "13700137002"}


def test_who_corrects_himself_says_the_right_value_last() -> None:
    read = Heard("", "inform", entities=({"entity": "phone", "value": "1"}, {"entity": "phone", "value": "2"}))
    assert read.values == {"phone": "2"}


@pytest.mark.parametrize(
    "text, who",
    [
        ("我替我妈投诉", "妈妈"),
        ("帮我爸爸反映个问题", "爸爸"),
        ("代我老公登记一下", "老公"),
        ("给我妈买的冰箱坏了", None),
        ("帮我投诉", None),
    ],
)
def test_who_is_spoken_for(text: str, who: str | None) -> None:
    assert on_behalf_of(normalise(text)) == who


def test_whom_one_speaks_of_by_what_they_do_is_nobodys_name() -> None:
    entities = [{"entity": "name", "value": "师傅", "start": 0, "end": 2}]
    assert Heard.of({"text": "师傅没来", "entities": entities}).values == {}


# ---------------------------------------------------------------- what is kept from sight


@pytest.mark.parametrize(
    "text, shown",
    [
        ("身份证11010519491231002X", "身份证1101**************"),
        ("卡号6222021234567890128", "卡号6222*************28"[:6] + "*" * 15),
        ("订单2026110812345", "订单2026110812345"),
        ("运单123456789012345678", "运单123456789012345678"),
    ],
)
def test_secret_numbers_are_masked_in_place(text: str, shown: str) -> None:
    masked = hide_secrets(text)
    assert len(masked) == len(text)
    assert masked[:8] == shown[:8]
    assert ("*" in masked) == ("*" in shown)


def test_a_masked_number_is_no_value() -> None:
    number = "11010519491231002X"
    message: dict[str, Any] = {
        "text": f"身份证{number}",
        "intent": {"name": "inform", "confidence": 1.0},
        "entities": [{"entity": "order", "value": number, "start": 3, "end": 21}],
    }
    read = Heard.of(message)
    assert read.had_secrets
    assert read.values == {}
    assert number not in read.text


# ---------------------------------------------------------------- what the company looks out for


@pytest.mark.parametrize(
    "text, sign",
    [
        ("给我五万块，不然我让你们出名", "extortion"),
        ("赔我十万，要不我就发假视频搞臭你们", "fake"),
        ("我把旧的装盒子里退给你们，你们也看不出来吧", "swap"),
        ("我带人来砸了你们的店", "violence"),
        ("不退一赔三我就找媒体曝光", None),
        ("不给我五千块我就去12315，让你们出名", None),
        ("请律师起诉你们，要求赔偿五千块损失", None),
        ("你们把旧的退回来给我", None),
        ("把坏的那个退给你们", None),
        ("你们发假视频骗人", None),
        ("气死我了，别怪我不客气", None),
    ],
)
def test_what_a_supervisor_decides_and_rights_that_are_none_of_it(text: str, sign: str | None) -> None:
    assert COMPANY.red_lines.detect(normalise(text)) == sign


@pytest.mark.parametrize("text", ["我年纪大了，不会弄", "字太小看不清", "我眼睛不好"])
def test_who_needs_help_is_noticed(text: str) -> None:
    assert COMPANY.care.detect(normalise(text))


@pytest.mark.parametrize("text", ["我会自己弄", "你会不会弄啊", "电视画面看不清"])
def test_who_speaks_of_something_else_is_not_offered_help(text: str) -> None:
    assert COMPANY.care.detect(normalise(text)) is None
