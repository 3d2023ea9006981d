"""What the service may do to a worker's dialogue state; to everything else it is opaque.

A state is `{schema, model_id, slots, active_loop, tail}`: slots and form as they stood before the tail, then
the events of the last two turns (bot/state.py). Changing it means settling it first: what the tail's events
did to slots and form is folded in, and the tail is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from helpdesk.model.frame import Frame

State = Mapping[str, Any]
Which = tuple[str, str]
"""A matter: its form and its kind of ticket."""

CUSTOMER_SLOTS = ("name", "phone", "email", "wechat")  # who they are does not change with the session
REQUESTED_SLOT = "requested_slot"
FRAME = "frame"


def slots(state: State | None) -> dict[str, Any]:
    """Every slot that has a value now."""
    settled = _slots_and_form(state)[0] if state else {}
    return {name: value for name, value in settled.items() if value is not None}


def frame(state: State | None) -> Frame:
    """Where the conversation stands."""
    return Frame.of(slots(state).get(FRAME))


def active_form(state: State | None) -> str | None:
    """The form that is being filled now."""
    return _slots_and_form(state)[1] if state else None


def suspended_form(state: State | None) -> str | None:
    """The form set aside last."""
    waits = frame(state).suspended
    return str(waits[-1]["form"]) if waits else None


def told(state: State | None) -> dict[str, Any]:
    """Every value the customer gave: of the form under way, else of the one set aside last."""
    values = slots(state)
    waits = frame(state).suspended
    before = waits[-1]["slots"] if waits and active_form(state) is None else {}
    return {**before, **values}


def unfinished(state: State | None) -> dict[Which, dict[str, Any]]:
    """(form, kind) -> its slots, for those set aside and the one under way; of two of one kind, the later."""
    found = {_which(one["form"], one["slots"]): {**_customer(state), **one["slots"]} for one in frame(state).suspended}
    form = active_form(state)
    if form:
        values = slots(state)
        found[_which(form, values)] = values
    return found


def without_form(state: State | None, form: str, kind: str) -> dict[str, Any] | None:
    """The same dialogue with this matter given up, whether it was under way or set aside."""
    if not state or (form, kind) not in unfinished(state):
        return dict(state) if state else None
    waits = tuple(one for one in frame(state).suspended if _which(one["form"], one["slots"]) != (form, kind))
    rest = replace(frame(state), suspended=waits)
    under_way = active_form(state)
    if under_way is None or _which(under_way, slots(state)) != (form, kind):
        return _settled(state, {**slots(state), FRAME: rest.to_json()}, form=active_form(state))
    return _settled(state, {**_customer(state), FRAME: replace(rest, form=None, kind=None).to_json()})


def park(state: State | None) -> dict[str, Any] | None:
    """Set the form under way aside: what was told of it waits in the frame."""
    if not state:
        return None
    values, form = _slots_and_form(state)
    if form is None:
        return dict(state)
    own = {name: value for name, value in values.items() if name not in (FRAME, REQUESTED_SLOT) and value}
    waiting = replace(frame(state), question={}, choices=()).pushing(form, own)
    return _settled(state, {**_customer(state), FRAME: waiting.to_json()})


def new_session(state: State | None) -> dict[str, Any] | None:
    """The same customer, some time later: who they are is kept, and what waits to be finished."""
    if not state:
        return None
    waits = frame(park(state)).suspended
    kept = {FRAME: Frame(suspended=waits).to_json()} if waits else {}
    return _settled(state, {**_customer(state), **kept})


def _which(form: str, values: Mapping[str, Any]) -> Which:
    return str(form), str(values.get("kind") or "")


def _customer(state: State | None) -> dict[str, Any]:
    return {name: value for name, value in slots(state).items() if name in CUSTOMER_SLOTS}


def _settled(state: State, values: dict[str, Any], form: str | None = None) -> dict[str, Any]:
    loop = {"name": form, "rejected": False, "trigger": None} if form else None
    return {**state, "slots": values, "active_loop": loop, "tail": []}


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
