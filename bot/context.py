"""Where the conversation stands, as the reader is told: what was asked, what it is about, what was said last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.reader.revising import KINDS

FRAME = "frame"
LONGEST = 200


def context_of(tracker: DialogueStateTracker, facts: Mapping[str, Any]) -> dict[str, Any]:
    """`{asked, topic, bot, form, known}` from the slots and the bot's last words; before the first of them all is open.

    Who waits for a person (`facts["queue"]`) speaks of that.
    """
    frame = tracker.get_slot(FRAME) or {}
    is_waiting = facts.get("queue") is not None
    return {
        "asked": "none" if is_waiting else str(frame.get("asked") or "open"),
        "topic": "queue" if is_waiting else str(frame.get("topic") or "none"),
        "bot": _last_words(tracker),
        "form": str(frame.get("kind") or ""),
        "known": _told(tracker),
    }


def _told(tracker: DialogueStateTracker) -> dict[str, str]:
    """What the customer told so far, as far as it is words: the slots that a message may put right."""
    slots = ((name, tracker.slots[name].value) for name in KINDS if name in tracker.slots)
    return {name: value for name, value in slots if isinstance(value, str) and value}


def _last_words(tracker: DialogueStateTracker) -> str:
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.text:
            return str(event.text)[:LONGEST]
    return ""
