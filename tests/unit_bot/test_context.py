"""What the reader is told of the conversation."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.context import context_of

DOMAIN = Domain.load("domain.yml")


def tracker(*events: Any, **slots: Any) -> DialogueStateTracker:
    made = DialogueStateTracker("somebody", DOMAIN.slots)
    for event in (*events, *(SlotSet(name, value) for name, value in slots.items())):
        made.update(event)
    return made


def test_before_our_first_word_all_is_open() -> None:
    assert context_of(tracker()) == {"asked": "open", "topic": "none", "bot": ""}


@pytest.mark.parametrize(
    "slots,asked",
    [
        ({}, "none"),
        ({"pending": {"kind": "anything_else"}}, "needs"),
        ({"pending": {"kind": "offer_human"}}, "yesno:person"),
        ({"pending": {"kind": "offer_service", "service": "refund"}}, "yesno:refund"),
        ({"pending": {"kind": "faq_suggestions"}}, "choice:faq"),
    ],
)
def test_an_open_question_is_named(slots: dict[str, Any], asked: str) -> None:
    assert context_of(tracker(BotUttered("好的。"), **slots))["asked"] == asked


def test_in_a_form_the_field_and_the_matter_are_named() -> None:
    found = context_of(tracker(ActiveLoop("service_form"), kind="repair", requested_slot="visit_time"))
    assert (found["asked"], found["topic"]) == ("field:visit_time", "repair")
    assert context_of(tracker(ActiveLoop("complaint_form"), requested_slot="confirm"))["asked"] == "confirm"


@pytest.mark.parametrize(
    "slots,topic",
    [
        ({"topic": {"faq_id": "shipping.fee"}}, "faq:shipping.fee"),
        ({"last_ticket": "TS20261121-0001"}, "ticket"),
        ({"order": "2026110812345"}, "order"),
        ({}, "none"),
    ],
)
def test_what_is_spoken_of_is_named(slots: dict[str, Any], topic: str) -> None:
    assert context_of(tracker(**slots))["topic"] == topic
