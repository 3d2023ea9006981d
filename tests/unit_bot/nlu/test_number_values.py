"""Orders, tickets, credit codes, money and counts: what is typed, what is understood."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhtext.values.numerals import to_number
from zhtext.values.secrets import is_identity_number

Values = Callable[[str, str], list[str]]


@pytest.mark.parametrize(
    "text,orders",
    [
        ("2026110100012", ["2026110100012"]),
        ("订单号2026 1101 00012发货了吗", ["2026110100012"]),
        ("２０２６１１０１０００１２", ["2026110100012"]),
        ("淘宝订单3245678901234567890", ["3245678901234567890"]),
        ("京东284567890123", ["284567890123"]),
        ("SF1234567890123", []),
        ("12345678901", []),
        ("身份证11010119900307123X", []),
        ("银行卡6222021234567890123", []),
        ("32456789012345678901234", []),
    ],
)
def test_orders(values: Values, text: str, orders: list[str]) -> None:
    assert values(text, "order") == orders


@pytest.mark.parametrize(
    "text",
    [
        "TS20261121-0001",
        "ts20261121-0001",
        "TS202611210001",
        "ts 20261121 0001",
        "查一下TS-20261121-0001",
        "ＴＳ２０２６１１２１—０００１",
    ],
)
def test_tickets(values: Values, text: str) -> None:
    assert values(text, "ticket") == ["TS20261121-0001"]
    assert values(text, "order") == []


@pytest.mark.parametrize(
    "text,codes",
    [
        ("税号91110108ma01abcd2x", ["91110108MA01ABCD2X"]),
        ("91440300MA5EQXL17P", ["91440300MA5EQXL17P"]),
        ("911101080123456789", []),
        ("税号911101080123456789", ["911101080123456789"]),
        ("11010519491231002X", []),
    ],
)
def test_credit_codes(values: Values, text: str, codes: list[str]) -> None:
    assert values(text, "company_credit_code") == codes


def test_an_identity_number_has_its_check_digit() -> None:
    assert is_identity_number("11010519491231002x")
    assert not is_identity_number("110105194912310021")


@pytest.mark.parametrize(
    "text,amounts",
    [
        ("299块", ["299"]),
        ("1,299.00元", ["1299"]),
        ("￥50", ["50"]),
        ("1.2万元", ["12000"]),
        ("3块5", ["3.5"]),
        ("一千二", ["1200"]),
        ("三百五", ["350"]),
        ("两百多", ["200"]),
        ("一千二百块", ["1200"]),
        ("多收了80", ["80"]),
        ("退我200", ["200"]),
        ("兩百塊", ["200"]),
        ("五块五", ["5.5"]),
        ("三百五十块六", ["350.6"]),
        ("退我五十", ["50"]),
        ("付了八十", ["80"]),
        ("大概三百来块", ["300"]),
        ("两万三", ["23000"]),
        ("12,999元", ["12999"]),
        ("差价是80", ["80"]),
        ("退十天", []),
        ("花十分钟", []),
        ("赔偿两三百", []),
        ("八九百吧", []),
        ("我们一块去", []),
        ("一百天", []),
        ("两三百", []),
        ("2026年", []),
        ("55寸", []),
        ("退货第3天", []),
    ],
)
def test_amounts(values: Values, text: str, amounts: list[str]) -> None:
    assert values(text, "amount") == amounts


@pytest.mark.parametrize(
    "text,counts",
    [
        ("买了两台", ["2"]),
        ("3个", ["3"]),
        ("一件", ["1"]),
        ("俩台", ["2"]),
        ("2单元", []),
        ("三个月", []),
        ("第三个", []),
        ("一个问题", []),
        ("五十台空调", ["50"]),
        ("三四台", []),
        ("两三百台", []),
    ],
)
def test_quantities(values: Values, text: str, counts: list[str]) -> None:
    assert values(text, "quantity") == counts


@pytest.mark.parametrize(
    "text,number",
    [
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("一千二", 1200),
        ("一万五", 15000),
        ("两万三千零五", 23005),
        ("二〇二六", 2026),
        ("12", 12),
    ],
)
def test_numerals(text: str, number: int) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize("text", ["", "冰箱", "1.5"])
def test_what_is_no_numeral_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        to_number(text)
