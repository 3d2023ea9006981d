"""Identity and bank card numbers are known by their checksums and blanked in whatever way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhtext.values.secrets import blank_secrets, hide_secrets, holds_hidden_password, is_bank_card, is_identity_number

IDENTITY, CARD = "11010519491231002X", "6222021234567890128"


@pytest.mark.parametrize(
    "said, stored",
    [
        (f"我的身份证{IDENTITY}，谢谢", "我的身份证1101************2X，谢谢"),
        ("身份证 11010519491231002x", "身份证 1101************2x"),
        ("１１０１０５１９４９１２３１００２Ｘ", "１１０１************２Ｘ"),
        ("110105 19491231 002X", "1101** ******** **2X"),
        ("1101051949\u200b1231002X", "1101*************2X"),
        (f"卡号{CARD}", "卡号6222*************28"),
        ("6222 0212 3456 7890 128 2件 13800138000", "6222 **** **** **** *28 2件 13800138000"),
        ("4111-1111-1111-1111", "4111-****-****-**11"),
        (f"{IDENTITY}和{CARD}", "1101************2X和6222*************28"),
    ],
)
def test_only_the_ends_of_such_a_number_are_stored(said: str, stored: str) -> None:
    assert blank_secrets(said) == stored
    assert blank_secrets(stored) == stored


@pytest.mark.parametrize(
    "said",
    [
        "订单2026110812345",
        "运单123456789012345678",  # no date of birth, no check digit
        "110105194912310021",  # the check digit is wrong
        "6222021234567890127",
        f"快递单号：{CARD}",  # another shop's number that looks like a card's by chance
        "13800138000 2026110812345",
        "91310000MA1FL5E91X",
        "规格1200*60",
    ],
)
def test_other_numbers_stay_as_they_were_typed(said: str) -> None:
    assert blank_secrets(said) == said
    assert hide_secrets(said) == said


@given(st.text("0123456789xX- *身,", max_size=60))
def test_blanking_keeps_places_and_is_done_once(said: str) -> None:
    stored = blank_secrets(said)
    assert len(stored) == len(said)
    assert blank_secrets(stored) == stored


@pytest.mark.parametrize("number", [IDENTITY, CARD, "6222 0212 3456 7890 128", "１１０１０５１９４９１２３１００２Ｘ"])
def test_that_something_was_not_kept_can_still_be_told_from_what_is_stored(number: str) -> None:
    stored = blank_secrets(f"我的号码是{number}")
    assert hide_secrets(stored) != stored
    assert hide_secrets(stored) == hide_secrets(f"我的号码是{number}")


def test_the_checksums() -> None:
    assert is_identity_number(IDENTITY)
    assert not is_identity_number("110105194912310029")
    assert is_bank_card(CARD)
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
    assert not is_bank_card("411111111111116")  # no such length


@pytest.mark.parametrize(
    "said, stored",
    [
        ("我的密码是Shan9pao!22 你替我看看", "我的密码是*********** 你替我看看"),
        ("验证码：889123，填不进去", "验证码：******，填不进去"),
        ("password: abc12345", "password: ********"),
    ],
)
def test_a_password_or_a_code_that_is_told_is_not_kept(said: str, stored: str) -> None:
    assert blank_secrets(said) == stored
    assert holds_hidden_password(stored)
    assert not holds_hidden_password(said)


@pytest.mark.parametrize("said", ["密码忘了，电话13800138000", "验证码收不到13800138000", "登录密码在哪里改"])
def test_who_speaks_of_a_password_tells_none(said: str) -> None:
    assert blank_secrets(said) == said
