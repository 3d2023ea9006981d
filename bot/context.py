"""Where the conversation stands, as the reader is told: what was asked, what it is about, what was said last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST = 200
CONFIRM = "confirm"
QUESTIONS = {
    "anything_else": "needs",
    "offer_human": "yesno:person",
    "resume_form": "yesno:resume",
    "keep_form": "yesno:keep",
    "offer_complaint": "yesno:complaint",
    "withdraw": "yesno:withdraw",
    "satisfied": "yesno:satisfied",
    "faq_suggestions": "choice:faq",
    "rating": "choice:score",
    "advice": "choice:product",
    "ticket_number": "field:ticket",
    "ticket_digits": "field:phone",
    "order_number": "field:order",
    "safety_contact": "field:phone",
    "draft_phone": "field:phone",
    "dispute_reason": "field:description",
    "praise_who": "field:staff_name",
}
"""The open question outside a form -> what the reader calls it."""
TOPICS = {"offline_message": "callback", "data_request": "data", "suggestion": "none", "praise": "none"}
"""Kinds of ticket whose topic has another name."""


def context_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """`{asked, topic, bot}`; before the first word of ours all is open."""
    slots = tracker.current_slot_values()
    last = _last_words(tracker)
    form = tracker.active_loop_name
    asked = _asked_in_form(slots.get(REQUESTED_SLOT)) if form else _asked(slots.get("pending"), last)
    return {"asked": asked, "topic": _topic(slots, form), "bot": last}


def _asked_in_form(requested: object) -> str:
    if requested is None:
        return "none"
    return CONFIRM if requested == CONFIRM else f"field:{requested}"


def _asked(pending: object, last: str) -> str:
    if not isinstance(pending, Mapping):
        return "none" if last else "open"
    if pending.get("kind") == "offer_service":
        return f"yesno:{pending.get('service')}"
    return QUESTIONS.get(str(pending.get("kind")), "none")


def _topic(slots: Mapping[str, Any], form: str | None) -> str:
    if form:
        kind = "complaint" if form == "complaint_form" else str(slots.get("kind") or "none")
        return TOPICS.get(kind, kind)
    about = slots.get("topic")
    if isinstance(about, Mapping) and about.get("faq_id"):
        return f"faq:{about['faq_id']}"
    if slots.get("last_ticket"):
        return "ticket"
    return "order" if slots.get("order") else "none"


def _last_words(tracker: DialogueStateTracker) -> str:
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.text:
            return str(event.text)[:LONGEST]
    return ""
