"""What the reader is told of the conversation."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.context import LONGEST, context_of

DOMAIN = Domain.load("domain.yml")
NOTHING: dict[str, Any] = {"form": "", "known": {}}
"""What is told of a form where there is none."""


def tracker(*events: Any, **slots: Any) -> DialogueStateTracker:
    made = DialogueStateTracker("somebody", DOMAIN.slots)
    for event in (*events, *(SlotSet(name, value) for name, value in slots.items())):
        made.update(event)
    return made


def test_before_our_first_word_all_is_open() -> None:
    assert context_of(tracker(), {}) == {"asked": "open", "topic": "none", "bot": "", **NOTHING}


def test_what_was_asked_and_what_is_spoken_of_stand_in_the_frame() -> None:
    frame = {"asked": "field:visit_time", "topic": "repair", "form": "visit_time", "kind": "repair"}
    found = context_of(tracker(ActiveLoop("service_form"), frame=frame), {})
    assert (found["asked"], found["topic"], found["form"]) == ("field:visit_time", "repair", "repair")


def test_what_a_message_may_put_right_is_told_as_far_as_it_is_words() -> None:
    unknown = {"state": "unknown"}
    found = context_of(tracker(phone="13800001111", order=unknown, frame={"asked": "confirm"}), {})
    assert found["known"] == {"phone": "13800001111"}


def test_the_last_frame_counts() -> None:
    found = context_of(tracker(SlotSet("frame", {"asked": "confirm", "topic": "refund"}), frame={"asked": "needs"}), {})
    assert (found["asked"], found["topic"]) == ("needs", "none")


@pytest.mark.parametrize("frame", [None, {}, {"asked": None, "topic": None}, {"asked": "", "topic": ""}])
def test_a_frame_that_tells_nothing_leaves_all_open(frame: Any) -> None:
    found = context_of(tracker(BotUttered("好的。"), frame=frame), {})
    assert found == {"asked": "open", "topic": "none", "bot": "好的。", **NOTHING}


def test_our_last_words_are_told_and_not_all_of_them() -> None:
    found = context_of(
        tracker(BotUttered("您好。"), BotUttered("请问" * LONGEST), BotUttered(None, {"custom": {}})), {}
    )
    assert found["bot"] == ("请问" * LONGEST)[:LONGEST]


def test_while_a_person_is_waited_for_all_is_about_that_and_nothing_is_asked() -> None:
    frame = {"asked": "needs", "topic": "faq:shipping.fee"}
    found = context_of(tracker(BotUttered("好的，为您转接。"), frame=frame), {"queue": True})
    assert found == {"asked": "none", "topic": "queue", "bot": "好的，为您转接。", **NOTHING}
    assert context_of(tracker(frame=frame), {"queue": None})["asked"] == "needs"
