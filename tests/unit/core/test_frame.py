"""Where a conversation stands: what is open, what waits, what was said once; bounded, and kept as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpdesk.model.frame import CHOICES, LONGEST_WORDS, MOST_SAID_ONCE, MOST_SUSPENDED, VALUES, YES_NO, Frame

Json = dict[str, Any]


def suspended(*matters: tuple[str, str]) -> Frame:
    """A frame in which these (form, kind) were set aside, one after the other."""
    frame = Frame()
    for form, kind in matters:
        frame = frame.pushing(form, {"kind": kind, "description": f"about {kind}"})
    return frame


def kinds(frame: Frame) -> list[str]:
    return [str(one["slots"]["kind"]) for one in frame.suspended]


# ---------------------------------------------------------------- what the reader is told


def test_a_fresh_conversation_has_asked_nothing_and_speaks_of_nothing() -> None:
    assert (Frame().asked, Frame().topic) == ("none", "none")


@pytest.mark.parametrize("kind,what", YES_NO.items())
def test_a_question_of_yes_or_no_is_named(kind: str, what: str) -> None:
    assert Frame().asking(kind).asked == f"yesno:{what}"


@pytest.mark.parametrize("kind,what", CHOICES.items())
def test_a_list_is_named(kind: str, what: str) -> None:
    assert Frame().asking(kind).asked == f"choice:{what}"


@pytest.mark.parametrize("kind,field", VALUES.items())
def test_a_value_asked_for_outside_a_form_is_named_as_its_field(kind: str, field: str) -> None:
    assert Frame().asking(kind).asked == f"field:{field}"


@pytest.mark.parametrize(
    "frame,asked",
    [
        (Frame().asking("offer_service", service="refund"), "yesno:refund"),
        (Frame().asking("anything_else"), "needs"),
        (Frame().asking("a question of tomorrow"), "none"),
        (Frame(form="phone"), "field:phone"),
        (Frame(form="confirm"), "confirm"),
        (Frame(form="phone").asking("offer_human"), "field:phone"),
    ],
)
def test_what_we_asked_last(frame: Frame, asked: str) -> None:
    assert frame.asked == asked


@pytest.mark.parametrize(
    "frame,topic",
    [
        (Frame(about={"kind": "faq", "faq_id": "shipping.fee"}), "faq:shipping.fee"),
        (Frame(about={"kind": "ticket"}), "ticket"),
        (Frame(about={"kind": "order"}), "order"),
        (Frame(about={"kind": "product", "product_kind": "冰箱"}), "none"),
        (Frame(about={"kind": "order"}, form="phone", kind="refund"), "refund"),
        (Frame(kind="offline_message"), "callback"),
        (Frame(kind="data_request"), "data"),
        (Frame(kind="praise"), "none"),
    ],
)
def test_what_is_spoken_of(frame: Frame, topic: str) -> None:
    assert frame.topic == topic


# ---------------------------------------------------------------- questions, and what is said once


def test_another_question_takes_the_place_of_the_one_before() -> None:
    frame = Frame().asking("withdraw", number="TS1").asking("offer_human")
    assert frame.question == {"kind": "offer_human"}


def test_a_change_makes_another_frame() -> None:
    before = Frame()
    before.asking("withdraw")
    before.noting("privacy")
    before.pushing("complaint_form", {"kind": "complaint"})
    assert before == Frame()


def test_what_was_said_once_is_noted_once() -> None:
    assert Frame().noting("privacy").noting("greeted").noting("privacy").said_once == ("privacy", "greeted")


def test_only_the_latest_of_what_was_said_once_is_kept() -> None:
    frame = Frame()
    for number in range(MOST_SAID_ONCE + 5):
        frame = frame.noting(f"danger:{number}")
    assert len(frame.said_once) == MOST_SAID_ONCE
    assert frame.said_once[-1] == f"danger:{MOST_SAID_ONCE + 4}"


# ---------------------------------------------------------------- matters that wait


def test_a_matter_set_aside_is_under_way_no_more() -> None:
    frame = Frame(form="phone", kind="complaint").pushing("complaint_form", {"kind": "complaint", "order": "7"})
    assert (frame.form, frame.kind) == (None, None)
    assert frame.suspended == ({"form": "complaint_form", "slots": {"kind": "complaint", "order": "7"}},)


def test_the_matter_set_aside_last_is_taken_up_first() -> None:
    frame = suspended(("complaint_form", "complaint"), ("service_form", "refund"))
    first, frame = frame.popping()
    second, frame = frame.popping()
    assert first is not None
    assert second is not None
    assert [first["slots"]["kind"], second["slots"]["kind"]] == ["refund", "complaint"]
    assert frame.popping() == (None, frame)


def test_a_matter_is_taken_up_by_its_kind() -> None:
    frame = suspended(("complaint_form", "complaint"), ("service_form", "refund"), ("service_form", "invoice"))
    matter, rest = frame.popping("refund")
    assert matter is not None
    assert matter["slots"]["description"] == "about refund"
    assert kinds(rest) == ["complaint", "invoice"]
    assert frame.popping("repair") == (None, frame)


def test_a_matter_gives_way_to_a_later_one_of_its_kind() -> None:
    frame = suspended(("service_form", "refund"), ("complaint_form", "complaint"))
    frame = frame.pushing("service_form", {"kind": "refund", "order": "8"})
    assert kinds(frame) == ["complaint", "refund"]
    assert frame.suspended[-1]["slots"]["order"] == "8"


def test_only_so_many_matters_wait_the_oldest_is_given_up() -> None:
    many = [("service_form", kind) for kind in ("refund", "exchange", "repair", "invoice")]
    frame = suspended(*many)
    assert len(frame.suspended) == MOST_SUSPENDED
    assert kinds(frame) == ["exchange", "repair", "invoice"]


def test_what_is_told_afterwards_does_not_change_what_waits() -> None:
    slots = {"kind": "refund"}
    frame = Frame().pushing("service_form", slots)
    slots["kind"] = "repair"
    assert kinds(frame) == ["refund"]


# ---------------------------------------------------------------- kept as JSON


def whole() -> Frame:
    """A frame that has something in every part."""
    frame = suspended(("complaint_form", "complaint")).asking("ticket_choice", purpose="urge").noting("privacy")
    return Frame(
        **{
            **vars(frame),
            "choices": ({"title": "TS1", "payload": '/check_ticket{"ticket":"TS1"}'},),
            "next": {"act": "invoice", "text": "再开张发票", "entities": [{"entity": "order", "value": "7"}]},
            "about": {"kind": "ticket"},
            "registered": {"number": "TS1", "kind": "refund"},
            "failures": 1,
            "mood": "angry",
            "form": "phone",
            "kind": "refund",
        }
    )


def test_a_frame_survives_json() -> None:
    assert Frame.of(json.loads(json.dumps(whole().to_json()))) == whole()
    assert Frame.of(Frame().to_json()) == Frame()


def test_the_stored_frame_names_what_the_reader_asks_for() -> None:
    stored = whole().to_json()
    assert (stored["asked"], stored["topic"]) == ("field:phone", "refund")


def test_what_the_reader_is_told_follows_from_the_rest() -> None:
    assert Frame.of({**Frame().to_json(), "asked": "confirm", "topic": "order"}).asked == "none"


@pytest.mark.parametrize("words", ["text", "told", "description"])
def test_the_customers_words_are_kept_up_to_a_limit(words: str) -> None:
    long = "漏" * (LONGEST_WORDS + 5)
    asking = Frame(next={"act": "invoice", words: long}).asking("offer_human", **{words: long})
    kept = Frame.of(asking.to_json())
    assert kept.question == {"kind": "offer_human", words: long[:LONGEST_WORDS]}
    assert kept.next == {"act": "invoice", words: long[:LONGEST_WORDS]}
    unsaid = Frame().asking("offer_human", **{words: None})
    assert Frame.of(unsaid.to_json()) == unsaid


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        {"of_another_version": 1},
        {"question": None, "choices": None, "suspended": None, "said_once": None, "about": None, "failures": None},
        {"question": "offer_human", "suspended": "complaint_form", "said_once": 3, "about": ["order"]},
        {"choices": [1, None], "suspended": ["complaint_form"], "failures": "many", "registered": "TS1"},
        {"suspended": [{"form": "complaint_form"}, {"slots": {}}]},
    ],
)
def test_what_cannot_be_read_is_left_out(stored: Json | None) -> None:
    assert Frame.of(stored) == Frame()


def test_what_can_be_read_beside_it_is_kept() -> None:
    assert Frame.of({"question": 1, "failures": 2, "suspended": [3]}) == Frame(failures=2)


def test_what_was_told_of_another_thing_is_not_told_of_this_one() -> None:
    frame = Frame().telling("电视花屏", "电视").telling("前天开始的").telling("烤箱不热", "烤箱", "repair")
    assert frame.told_of() == ("前天开始的", "烤箱不热")
    assert frame.told_of("电视") == ("电视花屏", "前天开始的")
    assert Frame.of(frame.to_json()).told[-1]["act"] == "repair"


def test_what_nobody_could_answer_is_kept_once_and_not_without_end() -> None:
    frame = Frame()
    for asked in ("收钱吗", "收钱吗", "几点来", "要寄回去吗", "有发票吗"):
        frame = frame.wondering(asked)
    assert frame.wonders == ("几点来", "要寄回去吗", "有发票吗")
