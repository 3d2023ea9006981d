"""What a message puts right: each value by its own, several at once, and nothing that is only denied."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.forms.corrections import corrections, named_fields
from actions.forms.form import Form
from actions.heard import Heard, Json
from tests.unit.actions.steps import COMPANY, NOW, complaint, heard, service


def righted(form: Form, said: Heard, **words: str) -> Json:
    return corrections(form, said, words)


KNOWN = {"name": "王芳", "phone": "13812345678", "category": "other", "description": "没人来装", "outcome": "道歉"}


@pytest.mark.parametrize(
    "said,right",
    [
        (heard("电话错了，是13987654321", phone="13987654321"), {"phone": "13987654321"}),
        (heard("电话写错了一位，改成13987654321", phone="13987654321"), {"phone": "13987654321"}),
        (heard("名字写错了，应该是王方", name="王方"), {"name": "王方"}),
        (heard("称呼改成老魏"), {"name": "老魏"}),
        (heard("姓名应该叫王方"), {"name": "王方"}),
    ],
)
def test_a_correction_names_its_field_and_value(said: Heard, right: Json) -> None:
    assert righted(complaint(**KNOWN), said) == right


def test_a_value_in_the_clause_after_its_field_is_read_as_that_field() -> None:
    assert righted(complaint(**KNOWN), heard("名字写错了，应该是王方")) == {"name": "王方"}
    assert righted(complaint(**KNOWN), heard("姓名不对，我叫王方")) == {"name": "王方"}


@pytest.mark.parametrize("text", ["名字写错了", "名字写错了，麻烦改一下", "称呼改成老魏，是我自己填错的"])
def test_a_clause_without_a_value_is_read_as_none(text: str) -> None:
    assert righted(complaint(**KNOWN), heard(text)) in ({}, {"name": "老魏"})


def test_a_title_that_was_written_wrong_is_not_called_wrong() -> None:
    form = service("invoice", invoice_title="云岭公司", invoice_kind="company")
    assert righted(form, heard("抬头写错了")) == {}
    assert righted(form, heard("抬头写错了，应该是云岭商行")) == {"invoice_title": "云岭商行"}


def test_a_value_alone_puts_right_the_one_of_its_kind() -> None:
    assert righted(complaint(**KNOWN), heard("不对，是13987654321", phone="13987654321")) == {"phone": "13987654321"}


def test_several_are_put_right_at_once() -> None:
    form = service("repair", name="魏先生", phone="13812345678", visit_time="明天", address="和平路1号")
    said = heard("称呼改成老魏，上门改大后天下午", time="大后天下午")
    right = righted(form, said)
    assert right["name"] == "老魏"
    assert "大后天下午" in right["visit_time"]
    assert set(right) == {"name", "visit_time"}


def test_two_numbers_are_put_right_each_in_its_part() -> None:
    form = complaint(**KNOWN, order="2026110812345")
    said = heard("电话是13987654321，订单号是2026110899887", phone="13987654321", order="2026110899887")
    assert righted(form, said) == {"phone": "13987654321", "order": "2026110899887"}


def test_what_is_only_denied_is_left_out() -> None:
    form = service("order_change", change_kind="address", order="2026110899887")
    assert righted(form, heard("不是取消订单，是改地址")) == {"change_kind": "address"}
    assert righted(form, heard("别取消")) == {}


def test_a_wrong_number_beside_the_right_one_is_not_taken() -> None:
    said = heard("不是13812345678，是13987654321", phone="13987654321")
    assert righted(complaint(**KNOWN), said) == {"phone": "13987654321"}


def test_a_choice_is_put_right_by_its_words() -> None:
    form = service("invoice", invoice_kind="personal", order="2026110899887")
    assert righted(form, heard("开公司的"))["invoice_kind"] == "company"


def test_a_correction_without_a_value_names_the_field_only() -> None:
    form = complaint(phone="13812345678", category="other")
    assert righted(form, heard("电话写错了")) == {}
    assert named_fields(form, heard("电话写错了"))[0] == "phone"


def test_a_way_to_be_reached_takes_the_place_of_another() -> None:
    right = righted(complaint(**KNOWN), heard("电话换成邮箱wei@example.com", email="wei@example.com"))
    assert right == {"email": "wei@example.com"}


def test_what_is_mentioned_by_the_way_is_not_changed() -> None:
    form = complaint(**KNOWN, product="冰箱")
    right = righted(form, heard("电话改成13987654321，洗衣机的那个", phone="13987654321", product="洗衣机"))
    assert right == {"phone": "13987654321"}


def test_a_wish_that_was_read_puts_the_outcome_right() -> None:
    assert righted(complaint(**KNOWN), heard("还是给我退了吧"), wish="退款") == {"outcome": "退款"}
    assert righted(complaint(category="other"), heard("还是给我退了吧"), wish="退款") == {}


def test_a_press_names_a_field_and_brings_no_value() -> None:
    pressed = Heard("", "correct_info", entities=({"entity": "field", "value": "phone"},))
    assert righted(complaint(**KNOWN), pressed) == {}
    assert named_fields(complaint(**KNOWN), pressed) == ["phone"]


def test_of_fields_that_share_a_word_the_known_one_and_the_longest_word_come_first() -> None:
    form = service("repair", visit_time="明天", description="漏水")
    assert named_fields(form, heard("上门时间错了"))[0] == "visit_time"
    assert named_fields(service("callback", callback_time="明天"), heard("时间错了"))[0] == "callback_time"


def test_a_further_correction_is_no_danger() -> None:
    """「还有」 holds the 有 that answers whether there is a danger."""
    form = complaint(danger="in_use", phone="13712345678")
    found = righted(form, heard("电话改成13987654321，还有门牌写反了", phone="13987654321"))
    assert found["phone"] == "13987654321"
    assert "danger" not in found


def test_a_wish_that_is_asked_for_is_no_product() -> None:
    known = {"product": "冰箱", "description": "修了三次", "order": "2026110812345"}
    form = Form("service_form", "exchange", COMPANY, known, datetime(2026, 11, 21, 10, 0, tzinfo=NOW.tzinfo))
    assert corrections(form, Heard("型号不要原来那款了，换个大点的补差价行不", "correct_info"), {}) == {}
