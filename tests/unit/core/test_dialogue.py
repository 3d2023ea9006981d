"""What the service may do to a dialogue state."""

from __future__ import annotations

from typing import Any

from helpdesk.model import dialogue

Json = dict[str, Any]


def state(slots: Json, form: str | None = None, tail: list[Json] | None = None) -> Json:
    loop = {"name": form, "rejected": False, "trigger": "file_complaint"} if form else None
    return {"schema": 1, "model_id": "m", "slots": slots, "active_loop": loop, "tail": tail or []}


def slot(name: str, value: Any) -> Json:
    return {"event": "slot", "name": name, "value": value}


def test_slots_are_those_after_the_tail() -> None:
    told = state({"name": "李", "order": "1"}, tail=[slot("phone", "139"), slot("order", None)])
    assert dialogue.slots(told) == {"name": "李", "phone": "139"}


def test_reset_slots_in_the_tail_counts() -> None:
    assert dialogue.slots(state({"name": "李"}, tail=[{"event": "reset_slots"}, slot("order", "2")])) == {"order": "2"}


def test_a_form_begun_in_the_tail_is_active() -> None:
    begun = state({}, tail=[{"event": "active_loop", "name": "complaint_form"}])
    assert dialogue.active_form(begun) == "complaint_form"
    assert dialogue.active_form(state({}, "complaint_form", [{"event": "active_loop", "name": None}])) is None


def test_parking_keeps_what_was_filled_in() -> None:
    parked = dialogue.park(state({"phone": "139", "requested_slot": "name"}, "complaint_form", [slot("order", "7")]))
    assert parked is not None
    assert parked["slots"] == {"phone": "139", "order": "7", "parked_form": "complaint_form"}
    assert parked["active_loop"] is None
    assert parked["tail"] == []


def test_parking_without_a_form_changes_nothing() -> None:
    untouched = state({"phone": "139"}, tail=[slot("order", "7")])
    assert dialogue.park(untouched) == untouched
    assert dialogue.park(None) is None


def test_a_new_session_knows_who_it_is_and_nothing_else() -> None:
    fresh = dialogue.new_session(state({"name": "李", "phone": "139", "order": "7", "pending": {"kind": "faq"}}))
    assert fresh is not None
    assert fresh["slots"] == {"name": "李", "phone": "139"}


def test_a_new_session_parks_an_unfinished_form() -> None:
    fresh = dialogue.new_session(state({"phone": "139", "amount": "30", "requested_slot": "name"}, "complaint_form"))
    assert fresh is not None
    assert fresh["slots"] == {"phone": "139", "amount": "30", "parked_form": "complaint_form"}
    assert dialogue.active_form(fresh) is None


def test_a_parked_form_stays_parked_over_a_second_new_session() -> None:
    once = dialogue.new_session(state({"amount": "30"}, "complaint_form"))
    assert dialogue.new_session(once) == once
