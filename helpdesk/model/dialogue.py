"""What the service may do to a worker's dialogue state; to everything else it is opaque.

A state is `{schema, model_id, slots, active_loop, tail}`: slots and form as they stood before the tail, then
the events of the last two turns (bot/state.py). Changing it means settling it first: what the tail's events
did to slots and form is folded in, and the tail is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

State = Mapping[str, Any]

CUSTOMER_SLOTS = ("name", "phone", "email", "wechat")  # who they are does not change with the session
REQUESTED_SLOT = "requested_slot"
PARKED_FORM = "parked_form"
SHELF = "shelf"
"""A form that gave way to another one: {form, slots}."""


def slots(state: State | None) -> dict[str, Any]:
    """Every slot that has a value now."""
    settled = _slots_and_form(state)[0] if state else {}
    return {name: value for name, value in settled.items() if value is not None}


def active_form(state: State | None) -> str | None:
    """The form that is being filled now."""
    return _slots_and_form(state)[1] if state else None


def unfinished(state: State | None) -> dict[str, dict[str, Any]]:
    """Form -> its slots, for the form that is active or parked and for one that gave way to it."""
    values = slots(state)
    found: dict[str, dict[str, Any]] = {}
    shelf = values.get(SHELF) or {}
    if isinstance(shelf, Mapping) and shelf.get("form"):
        found[str(shelf["form"])] = dict(shelf.get("slots") or {})
    form = active_form(state) or values.get(PARKED_FORM)
    if form:
        found[str(form)] = values
    return found


def without_form(state: State | None, form: str) -> dict[str, Any] | None:
    """The same dialogue with this form given up, whether it was active or parked."""
    if not state or form not in unfinished(state):
        return dict(state) if state else None
    values, active = _slots_and_form(state)
    shelf = values.get(SHELF) or {}
    if active != form and values.get(PARKED_FORM) != form:
        return _settled(state, {**values, SHELF: None}) if shelf.get("form") == form else dict(state)
    kept = {name: value for name, value in values.items() if name in (*CUSTOMER_SLOTS, SHELF)}
    return _settled(state, kept)


def park(state: State | None) -> dict[str, Any] | None:
    """End the active form but keep what was filled in, and its name in the slot `parked_form`."""
    if not state:
        return None
    values, form = _slots_and_form(state)
    if form is None:
        return dict(state)
    values.pop(REQUESTED_SLOT, None)
    return _settled(state, {**values, PARKED_FORM: form})


def new_session(state: State | None) -> dict[str, Any] | None:
    """The same customer, some time later: who they are is kept, and an unfinished form is parked."""
    if not state:
        return None
    parked = park(state) or {}
    values = slots(parked)
    if PARKED_FORM not in values:
        values = {name: value for name, value in values.items() if name in CUSTOMER_SLOTS}
    values.pop(REQUESTED_SLOT, None)
    return _settled(state, values)


def _settled(state: State, values: dict[str, Any]) -> dict[str, Any]:
    return {**state, "slots": values, "active_loop": None, "tail": []}


def _slots_and_form(state: State) -> tuple[dict[str, Any], str | None]:
    """Slots and form after the tail."""
    values: dict[str, Any] = dict(state.get("slots") or {})
    form: str | None = (state.get("active_loop") or {}).get("name")
    for event in state.get("tail") or ():
        kind = event.get("event")
        if kind == "slot":
            values[event["name"]] = event.get("value")
        elif kind == "reset_slots":
            values.clear()
        elif kind == "active_loop":
            form = event.get("name")
    return values, form
