"""What who is not in charge may see."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.company import load_company
from helpdesk.text.masking import (
    last4,
    mask_contact,
    mask_email,
    mask_fields,
    mask_name,
    mask_phone,
    mask_question,
    mask_text,
    without_personal,
)

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")


@pytest.mark.parametrize(
    "plain, masked",
    [("13812345678", "138****5678"), ("02112345678", "021****5678"), ("1234567", "1****67"), ("12345", "*****")],
)
def test_a_phone_keeps_its_ends(plain: str, masked: str) -> None:
    assert mask_phone(plain) == masked


@pytest.mark.parametrize("plain, masked", [("王小明", "王**"), ("王女士", "王女士"), ("王", "王")])
def test_a_name_keeps_the_surname(plain: str, masked: str) -> None:
    assert mask_name(plain) == masked


def test_a_mail_address_keeps_its_domain() -> None:
    assert mask_email("wang@example.com") == "w***@example.com"


def test_free_text_loses_phones_and_mails_but_keeps_order_numbers() -> None:
    told = "订单2026110812345，电话 138-1234-5678，座机021-12345678，邮箱wang@example.com"
    masked = mask_text(told)
    assert "2026110812345" in masked
    assert not any(secret in masked for secret in ("1234-5678", "12345678", "wang@"))


def test_fields_that_tell_nothing_of_a_person_stay() -> None:
    fields = {
        "name": "王小明",
        "phone": "13812345678",
        "order": "2026110812345",
        "wechat": "wxid_1",
        "address": "三声路 3 号",
        "second_contact": "13912345678（晚上）",
        "buyer": "刘敏华",
        "new_value": "三声路 5 号",
        "product": "冰箱",
    }
    assert mask_fields(fields) == {
        "name": "王**",
        "phone": "138****5678",
        "order": "2026110812345",
        "wechat": "w***",
        "address": "三***",
        "second_contact": "139****5678（晚上）",
        "buyer": "刘**",
        "new_value": "三***",
        "product": "冰箱",
    }


@pytest.mark.parametrize("name", sorted(COMPANY.personal))
def test_whatever_the_company_calls_personal_is_masked(name: str) -> None:
    assert mask_fields({name: "三声路5号李梅"}, COMPANY.personal) != {name: "三声路5号李梅"}


def test_a_personal_field_of_the_companys_own_is_masked_too() -> None:
    assert mask_fields({"birthday": "1949-12-31", "colour": "白"}, {"birthday"}) == {"birthday": "1***", "colour": "白"}


@pytest.mark.parametrize(
    "plain, masked",
    [
        ("13812345678", "138****5678"),
        ("+85291234567", "+85*****4567"),
        ("wang@qq.com", "w***@qq.com"),
        ("wx_1", "w***"),
    ],
)
def test_a_second_contact_may_be_any(plain: str, masked: str) -> None:
    assert mask_contact(plain) == masked


@pytest.mark.parametrize(
    "told, shown, wording",
    [
        ("我叫王小明，单号2026110812345到哪了", "我叫王**，单号202******2345到哪了", "单号到哪了"),
        ("收货人：李芳，电话138 1234 5678", "收货人：李*，电话138******5678", "电话"),
        ("身份证31010119900101123X要不要", "身份证310***********123X要不要", "身份证要不要"),
        ("买了3台，花了5999元能退吗", "买了3台，花了5999元能退吗", "买了3台，花了5999元能退吗"),
        ("我叫师傅来修要钱吗", "我叫师傅来修要钱吗", "我叫师傅来修要钱吗"),
        ("发到wang@example.com行吗", "发到w***@example.com行吗", "发到行吗"),
    ],
)
def test_a_question_is_shown_and_compared_without_its_customer(told: str, shown: str, wording: str) -> None:
    assert (mask_question(told), without_personal(told)) == (shown, wording)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mobile_number_survives_in_free_text(phone: str) -> None:
    assert phone not in mask_text(f"请打{phone}找我")


@pytest.mark.parametrize(
    "phone, digits",
    [("13812345678", "5678"), ("021-6123 4567转802", "4567"), (None, None), ("", None), ("wxid_12", None)],
)
def test_the_last_four_digits_are_of_the_number_itself(phone: str | None, digits: str | None) -> None:
    assert last4(phone) == digits
