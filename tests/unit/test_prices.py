"""What was paid, what it costs now, the difference and a budget; and what is English."""

from __future__ import annotations

import pytest

from zhtext import normalise_clauses
from zhtext.english import is_english
from zhtext.values.prices import budget_in, told


@pytest.mark.parametrize(
    "text, paid, seen, gap",
    [
        ("当时付了4599，如今小程序标4299", "4599", "4299", "300"),
        ("從2699降到2399", "2699", "2399", "300"),
        ("我1999买的，才一周就便宜了一百五", "1999", "1849", "150"),
        ("而家官網賣三千二，平咗唔少", None, "3200", None),
        ("一千八下单的，直播间一千六", "1800", "1600", "200"),
        ("便宜了两百多", None, None, None),
        ("不是商品页，是直播间看到的，价格259", None, "259", None),
        ("当时下单的，329，商品页现在269", "329", "269", "60"),
        ("我看到降价了，13寸的", None, None, None),
        ("55寸电视11月8号买的，订单2026110812345", None, None, None),
    ],
)
def test_prices_are_read_by_the_word_beside_them(
    text: str, paid: str | None, seen: str | None, gap: str | None
) -> None:
    wanted = {"price_paid": paid, "price_seen": seen, "price_gap": gap}
    assert told(normalise_clauses(text)) == {name: value for name, value in wanted.items() if value}


@pytest.mark.parametrize(
    "text, budget",
    [("有没有1500以内的", "1500"), ("预算三千左右", "3000"), ("两千块以下的冰箱", "2000"), ("我买了三台", None)],
)
def test_a_budget_is_the_most_that_may_be_spent(text: str, budget: str | None) -> None:
    assert budget_in(normalise_clauses(text)) == budget


@pytest.mark.parametrize(
    "text", ["Where is my parcel?", "I need help with a refund", "can you help", "Hi, my TV broke"]
)
def test_sentences_in_english_are_heard(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    ["XQG-100", "iPhone 15 Pro Max", "ok", "Tom Baker", "hello", "我的TV is broken", "li.wei@example.com", "E3 pro"],
)
def test_names_models_and_single_words_are_no_english(text: str) -> None:
    assert not is_english(text)
