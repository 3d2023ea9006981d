"""However an identity or bank card number is spelled, what is stored no longer tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhtext.values.digits import plain
from zhtext.values.secrets import blank_secrets, hide_secrets, is_bank_card, is_identity_number

Spelling = Callable[[str], str]


def in_signs(signs: str) -> Spelling:
    """Each digit as the sign at its place."""
    return lambda number: "".join(signs[int(one)] if one.isdigit() else one for one in number)


def apart(between: str, every: int = 1) -> Spelling:
    """Something between each group of so many signs."""
    return lambda number: between.join(number[start : start + every] for start in range(0, len(number), every))


SPELLINGS: dict[str, Spelling] = {
    "as it is": str,
    "small x": str.lower,
    "full-width": in_signs("０１２３４５６７８９"),
    "Chinese": in_signs("〇一二三四五六七八九"),
    "Chinese with 零": in_signs("零一二三四五六七八九"),
    "on the telephone": in_signs("洞幺两三四五六拐八勾"),
    "on a cheque": in_signs("零壹贰叁肆伍陆柒捌玖"),
    "circled": in_signs("⓪①②③④⑤⑥⑦⑧⑨"),
    "bold": in_signs("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "Arabic": in_signs("٠١٢٣٤٥٦٧٨٩"),
    "raised": in_signs("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "spaces": apart(" "),
    "groups of four": apart(" ", 4),
    "wide spaces": apart("\u3000", 4),
    "hyphens": apart("-", 4),
    "dots": apart(".", 3),
    "middle dots": apart("·", 4),
    "commas": apart("，", 4),
    "slashes": apart("/", 6),
    "underlines": apart("_"),
    "brackets": apart(")(", 4),
    "lines": apart("\n", 6),
    "lines and spaces": apart(" \n ", 6),
    "zero-width": apart("\u200b"),
    "joined": apart("\u2060", 2),
    "soft hyphens": apart("\u00ad", 4),
    "combining": apart("\u0336"),
}


def luhn(begin: str) -> str:
    """The digits with the check digit that makes a card's number of them."""
    return next(f"{begin}{digit}" for digit in range(10) if _sum(f"{begin}{digit}") % 10 == 0)


def _sum(number: str) -> int:
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if place % 2 == 0 else sum(divmod(2 * d, 10)) for place, d in enumerate(digits))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


identities = st.builds(
    lambda region, born, order: next(
        number for check in "0123456789X" if is_identity_number(number := f"{region}{born:%Y%m%d}{order}{check}")
    ),
    digits(5).map("1{}".format),
    st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    digits(3),
)
cards = st.one_of(
    st.builds(lambda rest: luhn(f"62{rest}"), digits(13) | digits(14) | digits(15) | digits(16)),
    st.builds(lambda rest: luhn(f"4{rest}"), digits(14)),
    st.builds(lambda second, rest: luhn(f"5{second}{rest}"), st.sampled_from("12345"), digits(13)),
    st.builds(lambda rest: luhn(f"35{rest}"), digits(13)),
    st.builds(lambda second, rest: luhn(f"3{second}{rest}"), st.sampled_from("47"), digits(12)),
)
AROUND = [("", ""), ("我的号码是", "，请帮我退款"), ("卡号：", "。"), ("(", ")"), ("13800138000和", " 谢谢")]


@pytest.mark.parametrize("spelling", SPELLINGS)
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(number=identities | cards, around=st.sampled_from(AROUND))
def test_nothing_but_its_ends_is_left(spelling: str, number: str, around: tuple[str, str]) -> None:
    assert is_identity_number(number) or is_bank_card(number)
    before, after = around
    said = f"{before}{SPELLINGS[spelling](number)}{after}"
    stored = blank_secrets(said)
    left = plain(stored).text.replace(" ", "").upper()
    assert number not in left, stored
    assert number[4:-2] not in left, stored
    assert len(stored) == len(said)
    assert stored.startswith(before)
    assert stored.endswith(after)
    assert blank_secrets(stored) == stored
    assert hide_secrets(stored) != stored
