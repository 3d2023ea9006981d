"""What an intent means while a form waits for free text.

A customer who describes a fault says things that look like other intents: 「你们的客服说下周修，谢谢」 is an account
of what happened, not thanks. While a form asks for free text an interruption counts only when the classifier is sure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.io import read_yaml_file

INTERRUPTIONS = frozenset(
    {"request_human", "stop_form", "withdraw_complaint", "ask_faq", "thank", "correct_info", "ask_capabilities"}
)
ANSWERS = frozenset({"affirm", "deny"})
INFORM = "inform"

FORM_THRESHOLD = 0.6
"""The classifier's confidence from which an interruption is believed in a free-text field. The one place it is set."""

FREE_TEXT_KINDS = frozenset({"text", "evidence"})
"""The kinds of field in company/fields/ that take the customer's words as they are."""


def free_text_fields(folder: Path) -> frozenset[str]:
    """The names of the fields a company declares as free text; none where the folder is missing."""
    fields = {name: field for path in sorted(folder.glob("*.yml")) for name, field in read_yaml_file(path).items()}
    return frozenset(name for name, field in fields.items() if field.get("kind") in FREE_TEXT_KINDS)


def read_in_form(
    parse_data: Mapping[str, Any], tracker: DialogueStateTracker, domain: Domain, free_text: Collection[str] = ()
) -> dict[str, Any]:
    """The parse data with the intent that holds in the form's context; the classifier's own is kept as `heard_as`."""
    heard = parse_data["intent"]
    if not asks_free_text(tracker, domain, free_text) or holds_in_free_text(heard):
        return dict(parse_data)
    intent = {**heard, "name": INFORM}
    return {**parse_data, "intent": intent, "heard_as": dict(heard)}


def holds_in_free_text(intent: Mapping[str, Any]) -> bool:
    """Whether an intent keeps its meaning although free text was asked for."""
    if intent.get("name") in ANSWERS | {INFORM}:
        return True
    return intent.get("name") in INTERRUPTIONS and float(intent.get("confidence") or 0.0) >= FORM_THRESHOLD


def asks_free_text(tracker: DialogueStateTracker, domain: Domain, free_text: Collection[str] = ()) -> bool:
    """Whether a form is active and the field it asks for takes any text: by its name or by the domain's mapping."""
    form, requested = tracker.active_loop_name, tracker.slots.get(REQUESTED_SLOT)
    if form is None or requested is None or requested.value is None:
        return False
    if requested.value in free_text:
        return True
    mappings = next((slot.mappings for slot in domain.slots if slot.name == requested.value), [])
    return any(_takes_text(mapping, form, requested.value) for mapping in mappings)


def _takes_text(mapping: Mapping[str, Any], form: str, slot: str) -> bool:
    if str(mapping.get("type")) != "from_text":
        return False
    conditions = mapping.get("conditions") or [{"active_loop": form}]
    return any(
        condition.get("active_loop") == form and condition.get(REQUESTED_SLOT) in (None, slot)
        for condition in conditions
    )
