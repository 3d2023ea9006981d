"""What the reader is told of the conversation."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.context import LONGEST, context_of

DOMAIN = Domain.load("domain.yml")


def tracker(*events: Any, **slots: Any) -> DialogueStateTracker:
    made = DialogueStateTracker("somebody", DOMAIN.slots)
    for event in (*events, *(SlotSet(name, value) for name, value in slots.items())):
        made.update(event)
    return made


def test_before_our_first_word_all_is_open() -> None:
    assert context_of(tracker(), {}) == {"asked": "open", "topic": "none", "bot": ""}


def test_what_was_asked_and_what_is_spoken_of_stand_in_the_frame() -> None:
    frame = {"asked": "field:visit_time", "topic": "repair", "form": "visit_time", "kind": "repair"}
    found = context_of(tracker(ActiveLoop("service_form"), frame=frame), {})
    assert (found["asked"], found["topic"]) == ("field:visit_time", "repair")


def test_the_last_frame_counts() -> None:
    found = context_of(tracker(SlotSet("frame", {"asked": "confirm", "topic": "refund"}), frame={"asked": "needs"}), {})
    assert (found["asked"], found["topic"]) == ("needs", "none")


@pytest.mark.parametrize("frame", [None, {}, {"asked": None, "topic": None}, {"asked": "", "topic": ""}])
def test_a_frame_that_tells_nothing_leaves_all_open(frame: Any) -> None:
    found = context_of(tracker(BotUttered("好的。"), frame=frame), {})
    assert found == {"asked": "open", "topic": "none", "bot": "好的。"}


def test_our_last_words_are_told_and_not_all_of_them() -> None:
    found = context_of(
        tracker(BotUttered("您好。"), BotUttered("请问" * LONGEST), BotUttered(None, {"custom": {}})), {}
    )
    assert found["bot"] == ("请问" * LONGEST)[:LONGEST]


def test_while_a_person_is_waited_for_all_is_about_that_and_nothing_is_asked() -> None:
    frame = {"asked": "needs", "topic": "faq:shipping.fee"}
    found = context_of(tracker(BotUttered("好的，为您转接。"), frame=frame), {"queue": True})
    assert found == {"asked": "none", "topic": "queue", "bot": "好的，为您转接。"}
    assert context_of(tracker(frame=frame), {"queue": None})["asked"] == "needs"
