"""Which of several numbers is meant: by its place, by its end; and where nobody says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.forms.corrections import corrections
from actions.forms.form import Form
from actions.heard import Heard
from actions.numbers import one_meant, with_case
from helpdesk.company import load_company

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ONE, OTHER = "2026110800123", "2026111000456"
MINE, SECOND = "13957100233", "13800138000"


def said(text: str, entity: str, *numbers: str) -> Heard:
    found = ({"entity": entity, "value": n, "start": text.index(n), "end": text.index(n) + len(n)} for n in numbers)
    return Heard(text, "", 1.0, tuple(found))


@pytest.mark.parametrize(
    "words,order",
    [
        ("我有两个单 一个{0} 一个{1} 是前面那个", ONE),
        ("两个订单 {0} 和 {1} 我说的是第一个", ONE),
        ("订单{0} {1} 是后面那个", OTHER),
        ("有两个单子{0}、{1}，尾号456那个", OTHER),
        ("{0}还有{1}，0800123的那单", ONE),
        ("我有两單 {0} {1} 係第二個", OTHER),
        ("{0} {1} 不是第一个 是第二个", OTHER),
    ],
)
def test_the_order_that_is_pointed_at_is_the_one_that_is_told(words: str, order: str) -> None:
    heard = one_meant(COMPANY, said(words.format(ONE, OTHER), "order", ONE, OTHER))
    assert [one["value"] for one in heard.entities] == [order]


def test_a_phone_that_is_pointed_at_is_the_customers_own() -> None:
    text = f"两个号{MINE}、{SECOND} 打前面那个"
    heard = said(text, "phone", MINE, SECOND)
    second = Heard(text, "", 1.0, (heard.entities[0], {**heard.entities[1], "entity": "second_contact"}))
    assert one_meant(COMPANY, second).values == {"phone": MINE}


@pytest.mark.parametrize("words", ["两个单 {0} {1}", "{0} 和 {1} 都没到", "是{0}还是{1}，第几个来着？"])
def test_where_nobody_says_which_all_of_them_are_told(words: str) -> None:
    heard = one_meant(COMPANY, said(words.format(ONE, OTHER), "order", ONE, OTHER))
    assert len(heard.entities) == len((ONE, OTHER))


@pytest.mark.parametrize("words", ["订单号错了吧 我说的是前面那个 0800123的", "是第一个单", "尾号0123那个"])
def test_a_number_that_stands_in_the_account_can_be_pointed_at_afterwards(words: str) -> None:
    known = {"description": f"有两个单，一个{ONE}，一个{OTHER}", "order": OTHER, "name": "小周"}
    form = Form("service_form", "callback", COMPANY, known, NOW)
    assert corrections(form, Heard(words, ""), {})["order"] == ONE


def test_an_end_that_is_told_anew_is_no_number_of_before() -> None:
    known = {"description": "没到", "order": OTHER, "phone": MINE}
    form = Form("service_form", "callback", COMPANY, known, NOW)
    assert corrections(form, Heard("手机尾号打错了，是8843", ""), {}) == {"phone": f"{MINE[:-4]}8843"}


def test_an_end_that_points_at_another_phone_makes_no_number_that_nobody_told() -> None:
    known = {"description": "没到", "order": OTHER, "phone": MINE, "second_contact": SECOND}
    form = Form("service_form", "callback", COMPANY, known, NOW)
    assert corrections(form, Heard("尾号8000的那个", ""), {}) == {"phone": SECOND}
    assert corrections(form, Heard("尾号1234那个", ""), {}) == {}


CASES = ("TS20261124-0002", "TS20261124-0017")


@pytest.mark.parametrize(
    "words,number",
    [("0002那个啊", CASES[0]), ("念一下0017", CASES[1]), ("我问的是 0002 那份", CASES[0])],
)
def test_a_registered_matter_is_meant_by_its_last_digits(words: str, number: str) -> None:
    assert with_case(Heard(words, ""), CASES).values["ticket"] == number


@pytest.mark.parametrize("words", ["0003那个", "0002年的", "13800020002", "尾号2的", "0002和0017都念一下", "2017那台"])
def test_other_digits_mean_none(words: str) -> None:
    assert "ticket" not in with_case(Heard(words, ""), CASES).values
