"""Amounts, and every pair of a state and a decision."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.errors import InvalidInput, MoveRefused
from helpdesk.model.compensation import Decision, Form, Offer, decided, format_yuan, parse_cents

MOVES = {
    ("proposed", "approve"): "approved",
    ("proposed", "reject"): "rejected",
    ("approved", "accept"): "accepted",
    ("approved", "refuse"): "refused",
}


@pytest.mark.parametrize("state, decision", list(itertools.product(Offer, Decision)))
def test_it_is_decided_by_the_table_or_not_at_all(state: Offer, decision: Decision) -> None:
    expected = MOVES.get((state, decision))
    if expected is None:
        with pytest.raises(MoveRefused):
            decided(state, decision)
    else:
        assert decided(state, decision) == expected


@given(st.integers(1, 999_999_999))
def test_amounts_are_read_as_they_are_written(cents: int) -> None:
    assert parse_cents(format_yuan(cents), Form.MONEY) == cents


@pytest.mark.parametrize("text, cents", [("88", 8800), ("88.5", 8850), (" 88.05 ", 8805), ("0.01", 1)])
def test_amounts_in_yuan(text: str, cents: int) -> None:
    assert parse_cents(text, Form.COUPON) == cents


@pytest.mark.parametrize("text", ["", "-1", "1.234", "1,000", "88元", "一百", "1e3", "٣", "0", "0.00", "12345678"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_cents(text, Form.MONEY)


def test_a_service_may_be_worth_nothing() -> None:
    assert parse_cents("0", Form.SERVICE) == 0
