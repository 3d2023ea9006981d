"""When a new complaint is an old one, and how urgent a matter is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.errors import InvalidInput
from helpdesk.model.field import UNKNOWN, WITHHELD
from helpdesk.model.matter import Matter, is_same_matter, joined_fields
from helpdesk.model.moments import in_words
from helpdesk.model.promise import PromiseState, is_overdue, settled
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency, highest, parse, raised

OLD = {"order": "2026110812345", "phone": "13812345678", "description": "不制冷", "product": "双门冰箱"}
DUE = datetime(2026, 11, 23, 10, tzinfo=UTC)


def complaint(category: str = "quality", **fields: Any) -> Matter:
    return Matter(Kind.COMPLAINT, fields, category)


@pytest.mark.parametrize(
    "matter, same",
    [
        (complaint(order="2026110812345"), True),
        (complaint("delivery", order="2026110812345"), True),
        (complaint(order="2026110899887", phone="13812345678"), False),
        (complaint(order=UNKNOWN, phone="13812345678"), True),
        (complaint(order=WITHHELD, phone="13812345678"), False),
        (complaint(order=WITHHELD, phone="13812345678（白天）", product="冰箱"), True),
        (complaint(phone="13812345678", product="洗衣机"), False),
        (complaint(phone="13812345678"), True),
        (complaint("attitude", phone="13812345678"), False),
        (complaint(phone="13900000000"), False),
        (complaint(), False),
        (Matter(Kind.REFUND, {"order": "2026110812345"}), False),
    ],
)
def test_the_same_order_or_the_same_phone_and_category_is_the_same_matter(matter: Matter, same: bool) -> None:
    assert is_same_matter(matter, "complaint", "quality", OLD) is same


def test_two_complaints_that_both_refuse_an_order_number_stay_two() -> None:
    old = {"order": WITHHELD, "phone": "13812345678", "description": "不制冷"}
    assert not is_same_matter(complaint("delivery", order=WITHHELD, phone="13812345678"), "complaint", "quality", old)
    assert not is_same_matter(complaint(order=WITHHELD, phone="13812345678"), "complaint", "quality", old)


def test_what_is_told_now_replaces_what_was_not() -> None:
    assert joined_fields({"order": WITHHELD}, {"order": "2026110812345"}) == {"order": "2026110812345"}
    assert joined_fields({"order": "2026110812345"}, {"order": UNKNOWN}) == {"order": "2026110812345"}


def test_joining_loses_nothing_and_adds_what_is_new() -> None:
    joined = joined_fields(OLD, {"description": "又坏了", "phone": "13900000000", "email": "a@b.cn"})
    assert joined == {**OLD, "description": "不制冷\n补充：又坏了", "email": "a@b.cn"}
    assert joined_fields(OLD, {"description": "不制冷"})["description"] == "不制冷"


def test_pictures_of_a_second_complaint_come_to_those_of_the_first() -> None:
    one, two = "/pictures/" + "1" * 32, "/pictures/" + "2" * 32
    assert joined_fields({"evidence": [one]}, {"evidence": [one, two]})["evidence"] == [one, two]
    assert joined_fields({"evidence": "有录音"}, {"evidence": [two]})["evidence"] == ["有录音", two]
    assert joined_fields({}, {"evidence": [two]})["evidence"] == [two]
    assert "evidence" not in joined_fields({}, {})


def test_a_payload_with_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Matter.parse({"kind": "gossip", "fields": {}})


def test_a_payload_is_read_without_its_empty_values() -> None:
    matter = Matter.parse({"kind": "complaint", "fields": {"name": None, "category": "quality"}, "urgency": "urgent"})
    assert (matter.fields, matter.category, matter.hint) == ({"category": "quality"}, "quality", Urgency.URGENT)


@pytest.mark.parametrize("fields", [{"danger": "danger"}, {"injured": "yes"}, {"injured": True}])
def test_danger_is_seen_whatever_the_category(fields: dict[str, object]) -> None:
    assert Matter(Kind.COMPLAINT, fields).is_dangerous


@pytest.mark.parametrize("fields", [{}, {"danger": "in_use", "injured": "no"}, {"danger": "stopped"}])
def test_no_danger_is_no_danger(fields: dict[str, object]) -> None:
    assert not Matter(Kind.COMPLAINT, fields).is_dangerous


def test_urgency_is_the_highest_and_a_repeat_raises_it() -> None:
    assert highest(Urgency.URGENT, Urgency.NORMAL, Urgency.SAFETY) is Urgency.SAFETY
    assert [raised(one) for one in Urgency] == [Urgency.URGENT, Urgency.URGENT, Urgency.SAFETY]
    assert [parse(word) for word in (None, "x", "safety")] == [Urgency.NORMAL, Urgency.NORMAL, Urgency.SAFETY]


def test_a_promise_is_kept_until_its_last_second() -> None:
    second = timedelta(seconds=1)
    assert [settled(DUE, DUE), settled(DUE, DUE + second)] == [PromiseState.KEPT, PromiseState.BROKEN]
    assert not is_overdue(PromiseState.OPEN, DUE, DUE)
    assert is_overdue(PromiseState.OPEN, DUE, DUE + second)
    assert not is_overdue(PromiseState.KEPT, DUE, DUE + second)


def test_a_moment_is_said_with_its_weekday() -> None:
    assert in_words(datetime(2026, 11, 9, 18, 5, tzinfo=UTC)) == "11月9日（周一）18:05"
