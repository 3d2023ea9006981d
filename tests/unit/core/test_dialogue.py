"""What the service may do to a dialogue state."""

from __future__ import annotations

from typing import Any

from helpdesk.model import dialogue
from helpdesk.model.frame import Frame

Json = dict[str, Any]


def state(slots: Json, form: str | None = None, tail: list[Json] | None = None) -> Json:
    loop = {"name": form, "rejected": False, "trigger": "file_complaint"} if form else None
    return {"schema": 1, "model_id": "m", "slots": slots, "active_loop": loop, "tail": tail or []}


def slot(name: str, value: Any) -> Json:
    return {"event": "slot", "name": name, "value": value}


def framed(frame: Frame, **slots: Any) -> Json:
    return {**slots, "frame": frame.to_json()}


WAITING = Frame().pushing("complaint_form", {"kind": "complaint", "amount": "30"})


def test_slots_are_those_after_the_tail() -> None:
    told = state({"name": "李", "order": "1"}, tail=[slot("phone", "139"), slot("order", None)])
    assert dialogue.slots(told) == {"name": "李", "phone": "139"}


def test_reset_slots_in_the_tail_counts() -> None:
    assert dialogue.slots(state({"name": "李"}, tail=[{"event": "reset_slots"}, slot("order", "2")])) == {"order": "2"}


def test_the_frame_is_the_one_after_the_tail() -> None:
    asking = Frame().asking("offer_human")
    assert dialogue.frame(state(framed(WAITING), tail=[slot("frame", asking.to_json())])) == asking
    assert dialogue.frame(state({})) == dialogue.frame(None) == Frame()


def test_a_form_begun_in_the_tail_is_active() -> None:
    begun = state({}, tail=[{"event": "active_loop", "name": "complaint_form"}])
    assert dialogue.active_form(begun) == "complaint_form"
    assert dialogue.active_form(state({}, "complaint_form", [{"event": "active_loop", "name": None}])) is None


# ---------------------------------------------------------------- set aside


def test_parking_keeps_what_was_filled_in() -> None:
    told = state(
        {"phone": "139", "requested_slot": "name", "kind": "complaint"}, "complaint_form", [slot("order", "7")]
    )
    parked = dialogue.park(told)
    assert parked is not None
    assert dialogue.frame(parked).suspended == (
        {"form": "complaint_form", "slots": {"phone": "139", "kind": "complaint", "order": "7"}},
    )
    assert (parked["active_loop"], parked["tail"]) == (None, [])


def test_a_parked_form_leaves_only_who_the_customer_is_outside() -> None:
    parked = dialogue.park(state({"phone": "139", "order": "7"}, "complaint_form"))
    assert set(dialogue.slots(parked)) == {"phone", "frame"}
    assert dialogue.told(parked)["order"] == "7"


def test_parking_closes_the_question_that_was_open() -> None:
    open_question = Frame(form="phone", kind="complaint", choices=({"title": "x"},)).asking("offer_human")
    parked = dialogue.frame(dialogue.park(state(framed(open_question, order="7"), "complaint_form")))
    assert (parked.question, parked.choices, parked.form, parked.kind) == ({}, (), None, None)


def test_a_form_that_waited_before_waits_on() -> None:
    parked = dialogue.park(state(framed(WAITING, kind="refund", order="7"), "service_form"))
    assert [one["slots"]["kind"] for one in dialogue.frame(parked).suspended] == ["complaint", "refund"]
    assert dialogue.suspended_form(parked) == "service_form"


def test_parking_without_a_form_changes_nothing() -> None:
    untouched = state({"phone": "139"}, tail=[slot("order", "7")])
    assert dialogue.park(untouched) == untouched
    assert dialogue.park(None) is None


# ---------------------------------------------------------------- what was told


def test_what_was_told_of_the_form_under_way_is_not_mixed_with_what_waits() -> None:
    under_way = state(framed(WAITING, order="7"), "service_form")
    assert "amount" not in dialogue.told(under_way)
    assert dialogue.told(under_way)["order"] == "7"


def test_what_waits_counts_as_told_while_no_form_is_under_way() -> None:
    told = dialogue.told(state(framed(WAITING, phone="139")))
    assert (told["amount"], told["phone"]) == ("30", "139")


def test_unfinished_are_the_form_under_way_and_those_that_wait() -> None:
    found = dialogue.unfinished(state(framed(WAITING, order="7", name="李"), "service_form"))
    assert set(found) == {("complaint_form", "complaint"), ("service_form", "")}
    assert found["complaint_form", "complaint"] == {"kind": "complaint", "amount": "30", "name": "李"}
    assert found["service_form", ""]["order"] == "7"
    assert dialogue.unfinished(state({})) == dialogue.unfinished(None) == {}


# ---------------------------------------------------------------- given up


def test_a_form_under_way_is_given_up() -> None:
    asked = Frame(form="phone", kind="complaint").noting("privacy")
    told = state(framed(asked, kind="complaint", name="李", order="7"), "complaint_form")
    left = dialogue.without_form(told, "complaint_form", "complaint")
    assert dialogue.active_form(left) is None
    assert set(dialogue.slots(left)) == {"name", "frame"}
    assert dialogue.frame(left) == Frame().noting("privacy")


def test_a_form_that_waits_is_given_up_and_the_one_under_way_goes_on() -> None:
    under_way = state(framed(WAITING, kind="refund", order="7"), "service_form")
    left = dialogue.without_form(under_way, "complaint_form", "complaint")
    assert dialogue.active_form(left) == "service_form"
    assert dialogue.slots(left)["order"] == "7"
    assert dialogue.frame(left).suspended == ()


def test_giving_up_a_form_that_is_none_changes_nothing() -> None:
    told = state({"order": "7"}, "service_form")
    assert dialogue.without_form(told, "complaint_form", "complaint") == told
    assert dialogue.without_form(None, "complaint_form", "complaint") is None


def test_two_kinds_of_one_form_are_two_matters_and_given_up_apart() -> None:
    refund = Frame().pushing("service_form", {"kind": "refund", "order": "7"})
    under_way = state(framed(refund, kind="invoice", order="8"), "service_form")
    assert [values["order"] for values in dialogue.unfinished(under_way).values()] == ["7", "8"]
    assert set(dialogue.unfinished(under_way)) == {("service_form", "refund"), ("service_form", "invoice")}
    without_refund = dialogue.without_form(under_way, "service_form", "refund")
    assert set(dialogue.unfinished(without_refund)) == {("service_form", "invoice")}
    assert dialogue.active_form(without_refund) == "service_form"
    without_invoice = dialogue.without_form(under_way, "service_form", "invoice")
    assert set(dialogue.unfinished(without_invoice)) == {("service_form", "refund")}
    assert dialogue.active_form(without_invoice) is None


# ---------------------------------------------------------------- another session


def test_a_new_session_knows_who_it_is_and_nothing_else() -> None:
    asking = Frame(about={"kind": "order"}).asking("offer_human").noting("privacy")
    fresh = dialogue.new_session(state(framed(asking, name="李", phone="139", order="7")))
    assert fresh is not None
    assert fresh["slots"] == {"name": "李", "phone": "139"}


def test_a_new_session_parks_an_unfinished_form() -> None:
    fresh = dialogue.new_session(state({"phone": "139", "amount": "30", "requested_slot": "name"}, "complaint_form"))
    assert fresh is not None
    assert dialogue.active_form(fresh) is None
    assert set(fresh["slots"]) == {"phone", "frame"}
    assert dialogue.unfinished(fresh) == {("complaint_form", ""): {"phone": "139", "amount": "30"}}


def test_a_parked_form_stays_parked_over_a_second_new_session() -> None:
    once = dialogue.new_session(state({"amount": "30"}, "complaint_form"))
    assert dialogue.new_session(once) == once
