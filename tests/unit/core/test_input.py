"""What is let in at the door, and what is taken together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.channels.rest import parse
from helpdesk.errors import InvalidInput
from helpdesk.store.tables import Message
from helpdesk.usecases.conversations.locks import TEXT_LIMIT, together
from helpdesk.usecases.conversations.receive import check_name, clean
from helpdesk.usecases.turns.facts import part_of_day

START = datetime(2026, 11, 21, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "dirty,kept",
    [
        ("a\x00b\x07", "ab"),
        ("一行\n二行\t三", "一行\n二行\t三"),
        ("\ud800坏", "坏"),
        ("  空  ", "空"),
        ("\x00", ""),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_control_characters_are_removed(dirty: str, kept: str) -> None:
    assert clean(dirty) == kept


@given(st.text())
def test_clean_text_can_always_be_stored(text: str) -> None:
    kept = clean(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert clean(kept) == kept


@pytest.mark.parametrize("sender", ["", " ", "x" * 129, "a\nb", "a\x00", None, 7, ["li"], "\ud800"])
def test_a_sender_is_printable_and_short(sender: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_name(sender, "sender")
    assert (refused.value.reason, refused.value.details["field"]) == ("name_wrong", "sender")


@pytest.mark.parametrize("sender", ["x", "x" * 128, "李女士", "user@example.com"])
def test_a_usual_sender_is_accepted(sender: str) -> None:
    assert check_name(sender, "sender") == sender


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        None,
        {"sender": "li"},
        {"sender": "li", "message": None},
        {"sender": "li", "message": 7},
        {"message": "x"},
        {"sender": "li", "message": "x", "message_id": ""},
        {"sender": "li", "message": "x", "message_id": 5},
    ],
)
def test_another_shape_is_refused(body: Any) -> None:
    with pytest.raises(InvalidInput):
        parse(body)


def message(text: str, second: float, press: bool = False) -> Message:
    given = {"press": {"intent": "affirm"}} if press else None
    return Message(text=text, input=given, at=START + timedelta(seconds=second))


@pytest.mark.parametrize(
    "pending,count",
    [
        ([message("a", 0)], 1),
        ([message("a", 0), message("b", 1.9), message("c", 3.8)], 3),
        ([message("a", 0), message("b", 2.1), message("c", 2.2)], 1),
        ([message("a", 0), message("b", 1, press=True)], 1),
        ([message("a", 0, press=True), message("b", 1)], 1),
        ([message("a", 0), message("", 1)], 1),
        ([message("a" * TEXT_LIMIT, 0), message("b", 1)], 1),
    ],
)
def test_a_burst_is_plain_texts_close_together(pending: list[Message], count: int) -> None:
    assert together(pending, 2.0) == pending[:count]


@pytest.mark.parametrize(
    "hour,part",
    [(0, "night"), (4, "night"), (5, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"), (23, "night")],
)
def test_the_day_has_parts(hour: int, part: str) -> None:
    assert part_of_day(hour) == part
