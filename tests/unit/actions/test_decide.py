"""The decision's table: what leads to each move, what is more urgent, what is denied, what is no answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from actions.decide import Reading, Seen, bounds, decide
from actions.decide.acts import AN_ANSWER, FEELINGS, MANNERS, QUESTIONS
from actions.decide.reading import MATTERS
from actions.decide.registering import ANY_WORDS
from actions.decide.seen import Fit
from actions.decide.table import BESIDES, REGISTERING, TALKING, WAITING, _tables
from helpdesk.model.frame import Frame

TABLES = tuple(dict.fromkeys((*WAITING, *REGISTERING, *TALKING)))
SURE = 0.8
DOUBTFUL = (bounds.MATTER + bounds.OPEN) / 2
"""A matter that is heard, and not surely enough to begin it."""
STARTS_A_MATTER = {"complain", "matter", "form_switch", "form_next", "compensate"}


def reading(acts: str = "", *, values: dict[str, Any] | None = None, intent: str = "", press: bool = False) -> Reading:
    """Acts in order, with a minus denied, with a mark in doubt, shades behind #: `reading("ask -person #bought")`."""
    shades = frozenset(name[1:] for name in acts.split() if name[0] == "#")
    signed = {
        name.strip("-?"): -SURE if name[0] == "-" else DOUBTFUL if name[-1] == "?" else SURE
        for name in acts.split()
        if name[0] != "#"
    }
    return Reading(signed, intent, SURE, values or {}, is_press=press, shades=shades)


def talk(acts: str = "", question: str = "", frame: Frame | None = None, **seen: Any) -> Seen:
    """A message outside a form."""
    told = {name: seen.pop(name) for name in ("values", "intent", "press") if name in seen}
    stands = frame or (Frame().asking(question) if question else Frame())
    return Seen(frame=stands, reading=reading(acts, **told), **seen)


def form(acts: str = "", asked: str = "description", kind: str = "complaint", **seen: Any) -> Seen:
    """A message while a matter of this kind is being registered."""
    question = seen.pop("question", "")
    stands = Frame(form=asked, kind=kind)
    return talk(acts, frame=stands.asking(question) if question else stands, **seen)


def queue(acts: str = "", **seen: Any) -> Seen:
    return talk(acts, in_queue=True, **seen)


def confirm(acts: str = "", **seen: Any) -> Seen:
    return form(acts, asked="confirm", **seen)


SUSPENDED = Frame(suspended=({"form": "service_form", "slots": {"kind": "repair"}},)).asking("keep_form")
LOOKED_FOR = Frame(looked_for="2026110877665")
TICKET = Frame(about={"kind": "ticket"})
VISIT = Frame(about={"kind": "ticket"}, registered={"kind": "repair"})
COMPLAINED = Frame(about={"kind": "ticket"}, registered={"kind": "complaint"})
LISTED = Frame(choices=({"title": "TS1", "payload": "/check_ticket"},)).asking("ticket_choice")
ANSWERED = Frame(about={"kind": "faq", "faq_id": "returns.apply"}).asking("anything_else")
GIVEN: dict[str, Any] = {"fit": Fit.VALUE}
WORDS: dict[str, Any] = {"fit": Fit.WORDS}
PHONE = frozenset({"phone"})

OFFERED = Frame().asking("offer_service", service="complaint", act="complain", text="客服态度太差")

LEADS: dict[str, tuple[Seen, ...]] = {
    "form_unsure": (
        form("offtopic", asked="visit_time", intent="out_of_scope", is_account=True),
        form("offtopic grumble", asked="name", intent="out_of_scope", is_account=True),
    ),
    "repair": (
        talk("story", frame=COMPLAINED, wants_repair=True),
        talk("correct", frame=COMPLAINED, wants_repair=True),
    ),
    "tell_on": (
        talk("offtopic", frame=OFFERED, is_account=True),
        talk("offtopic", frame=OFFERED, has_told=True),
        talk("grumble story", frame=OFFERED, is_account=True),
        talk("deny", frame=OFFERED, is_account=True, tells_undone=True),
        talk("deny", frame=OFFERED, is_account=True, values={"time": "上周三"}),
    ),
    "overdue": (talk("ask_own", overdue=True), talk("grumble repair?", overdue=True)),
    "queue_wish": (queue("refund", has_told=True), queue("cancel_order", values={"order": "2026"})),
    "reach": (talk("ask_own grumble", question="offer_callback", asks_reach=True), talk("ask", asks_reach=True)),
    "number_later": (
        talk("affirm", question="order_number"),
        talk("thank affirm unknown?", question="ticket_number"),
    ),
    "danger": (talk("story", danger="fire"), form("answer", danger="gas"), queue("ask", danger="fire")),
    "safe_side": (
        talk("ask", asks_safe=True),
        confirm("ask", asks_safe=True),
        queue("deny", asks_safe=True, all_clear=True),
    ),
    "red_line": (talk("complain", red_line="extortion"), confirm("submit", red_line="fake")),
    "safety_next": (talk("ask #asks_next", in_danger=True), queue("status #asks_next", in_danger=True)),
    "all_clear": (talk("deny", all_clear=True), form("deny", all_clear=True, **WORDS), queue("stop", all_clear=True)),
    "check_complaint": (talk("install", tells_misdeed=True), talk("praise", tells_misdeed=True)),
    "covered": (talk("ask", asks_covered=True),),
    "own_question": (
        talk("ask_own", frame=TICKET, own_question="when"),
        talk("correct", frame=TICKET, own_question="cost"),
    ),
    "hours": (talk("deny", "anything_else", call_hours=True),),
    "form_hours": (form("answer", asked="address", call_hours=True), confirm("deny", call_hours=True)),
    "contact_way": (talk("-person", contact_way="sms"), talk("deny", "anything_else", contact_way="written")),
    "form_contact_way": (form("answer", contact_way="sms", **WORDS), confirm("deny", contact_way="written")),
    "pick": (talk("person", "offer_human", picks="request_callback"), talk("affirm", picks="file_complaint")),
    "english": (talk("ask", is_english=True), form("repair", is_english=True)),
    "strike_from_case": (talk("correct", strikes=True),),
    "change_kind": (talk("withdraw -refund", frame=TICKET, rechooses=True),),
    "call_back": (talk("answer", wants_call=True), talk("person", asks_call=True),
                  talk("deny -person", "offer_human", asks_call=True)),
    "price_protection": (talk("compensate", claims_difference=True),),
    "agreed": (talk("ask_own", frame=TICKET, asks_agreed=True), talk("ask", frame=SUSPENDED, asks_agreed=True)),
    "queue_record": (queue("story", asks_record=True), queue("ask", asks_agreed=True)),
    "form_leave_for": (
        form("hurry", gives_up=True, kind="repair"),
        form("correct", gives_up=True, instead="repair", kind="exchange"),
        form("ask", gives_up=True, is_question=True, kind="refund"),
    ),
    "drop": (talk("deny", frame=SUSPENDED, drops=True),),
    "take_offer": (talk("answer", takes_offer=True), talk("affirm", "anything_else", takes_offer=True),
                   talk("ask correct", frame=LOOKED_FOR, takes_offer=True, is_question=True)),
    "person": (talk("affirm", "offer_human", picks="request_human", values={"phone": "139"}), talk("person"),
               form("person"), form("person answer", **GIVEN), talk("affirm person", "withdraw")),
    "offer_person": (talk("story", needs_help=True),),
    # the queue
    "queue_leave": (
        queue("-person"),
        queue("stop"),
        queue("bye"),
        queue("deny", is_short=True),
        queue("later", is_short=True),
    ),
    "queue_leave_for": (
        queue("-person exchange"),
        queue("stop", writes_down=True),
        queue("grumble", leaves_queue=True, asks_record=True),
    ),
    "queue_answer": (queue("ask"), queue("advice"), queue("ask hurry"), queue("ask story")),
    "queue_order": (queue("status", values={"order": "7"}),),
    "queue_place": (
        *(queue(act) for act in ("hurry", "ask_own", "status", "why", "unclear", "greet", *FEELINGS)),
        queue("", is_question=True),
    ),
    "queue_note": (
        queue("-person", contact_way="sms"),
        queue("", values={"phone": "139"}),
        queue("story"),
        queue("refund?"),
        queue("callback"),
        queue("correct"),
        queue("change_order", values={"time": "周六下午"}),
        queue("deny story"),
    ),
    "queue_submit": (queue("submit"), queue("affirm", only_submits=True)),
    "queue_welcome": (queue("praise"), queue("thank")),
    "queue_receipt": (queue(), queue("affirm")),
    # a form
    "form_answer": (
        form("answer", "phone", **GIVEN),
        form("stop", "credit_code", kind="invoice", leaves_open=True, fit=Fit.CANNOT_TELL),
        form("answer", **WORDS),
        form("story", **WORDS),
        form("", **WORDS),
        form("refund", "outcome", **WORDS),
        form("compensate", "outcome", **WORDS),
        form("", "category", press=True, **GIVEN),
        form("unknown", "phone", fit=Fit.CANNOT_TELL),
        form("praise", **WORDS),
        form("grumble", is_account=True, **WORDS),
        form("ask", "phone", **GIVEN),
        form("deny", "injured", **GIVEN),
        form("choose", **WORDS),
    ),
    "form_values": (form("", "name", brings=PHONE), confirm("affirm", brings=PHONE), form("thank", brings=PHONE)),
    "form_unknown": (form("unknown", "phone"), form("has_none", "evidence")),
    "form_refuse": (form("refuse", "phone"),),
    "form_help": (
        form("", "phone"),
        form("deny", "phone"),
        form("offtopic", "phone", is_short=True),
        form("answer", "phone", fit=Fit.WRONG),
        confirm("unknown"),
    ),
    "form_correct": (
        form("stop", leaves_out=True),
        form("story", "phone", changes=True),
        form("correct", "phone"),
        confirm("correct deny"),
        confirm("affirm", sets_right=True),
        form("correct answer", "phone", **GIVEN),
    ),
    "form_revise": (confirm("ask correct", revises=True), confirm("submit", revises=True, submits=True)),
    "form_which": (confirm("deny"),),
    "form_keep": (
        confirm("correct", lets_stand=True),
        form("stop", "name", lets_stand=True),
        form("", submits_early=True),
    ),
    "form_back": (
        form("back", "phone"),
        form("back", **WORDS),
        form("correct", "phone", points_back=True),
    ),
    "form_story": (
        form("grumble", asked="order", is_account=True),
        confirm("story"), form("story", "phone"), form("refund", "phone")),
    "form_add": (
        form("correct", "phone", adds_words=True),
        form("callback?", "order", "order_change", to_worker=True, is_account=True),
        confirm("story correct", adds_words=True),
        form("story", "category", tells_more=True, is_account=True),
    ),
    "form_record": (
        confirm("ask_own", drops=True, asks_record=True),
        form("ask_own", "phone", asks_record=True),
        confirm("affirm", asks_record=True),
        confirm("affirm", asks_agreed=True),
    ),
    "form_strike": (form("answer", strikes=True), confirm("correct", strikes=True)),
    "form_drop": (
        form("callback", "phone", kind="callback", calls_self=True),
        form("grumble", "phone", not_registered=True),
        form("stop", "phone", drops=True),
        confirm("deny", drops=True),
    ),
    "form_why": (form("why", "phone"), form("why", **WORDS)),
    "form_unclear": (form("unclear", "phone"), form("unclear", **WORDS)),
    "form_wait": (form("wait", "order"), form("wait", **WORDS), confirm("wait")),
    "form_resume": (
        form("resume", "phone"),
        form("correct", "phone", takes_back=True),
        form("", "phone", calls_self=True),
        form("grumble", "phone", writes_down=True),
        form("stop", "phone", finishes_first=True),
        form("repair", "phone", kind="repair"),
    ),
    "form_hold": (confirm("-submit"), confirm("-submit deny")),
    "form_later": (form("later", "phone"), form("later", **WORDS), confirm("later")),
    "form_withdraw": (
        form("withdraw", "phone", values={"ticket": "TS1"}),
        form("stop withdraw", **WORDS, values={"ticket": "TS1"}),
    ),
    "form_stop": (form("stop", "phone"), form("-refund", "phone", kind="refund"), form("withdraw", **WORDS)),
    "form_aside": (
        form("answer", asked="noticed", intent="bot_challenge", is_question=True, **WORDS),
        form("ask", "outcome", own_question="when", **WORDS),
        form("ask", "name", asks_product=True, **GIVEN),
        form("wait", "phone", asks_beside=True, is_question=True),
        form("ask", "phone", drops=True, asks_beside=True, is_question=True),
        form("wait", "order", asks_lookup=True, values={"order": "2026111500021"}, fit=Fit.VALUE),
        form("", "phone", is_question=True),
        form("ask", "phone"),
        form("status", **WORDS),
        form("hurry", "phone"),
        form("dispute", "phone"),
        form("answer", asks_surely=True, **WORDS),
    ),
    "form_soothe": (
        form("unknown", "outcome", asks_too_much=True, **WORDS),
        *(form(act, "phone") for act in MANNERS if act != "compensate"),
    ),
    "form_next": (
        form("invoice", "phone", kind="repair"),
        form("invoice", "phone"),
        confirm("complain", kind="refund"),
        form("answer", added="invoice", **WORDS),
    ),
    "form_submit": (
        confirm("correct ask", submits=True),
        confirm("affirm"),
        confirm("submit"),
        confirm("submit thank"),
    ),
    "form_switch": (
        form("refund #wrong_matter", "phone", kind="repair"),
        form("-repair refund", "phone", kind="repair"),
        form("stop? refund", "phone", kind="exchange"),
    ),
    "form_restart": (form("deny #voids", "phone", kind="repair"), confirm("correct #voids")),
    "form_which_matter": (
        form("refund", "phone", kind="repair"),
        form("invoice?", "phone", kind="repair"),
        form("complain?", "phone", kind="exchange"),
    ),
    "form_other": (
        form("deny #wrong_matter", "phone", kind="order_change"),
        form("correct #wrong_matter", "confirm", "repair"),
    ),
    "form_step_back": (
        form("-refund ask", "phone", kind="refund"),
        form("status -cancel_order", "order", kind="order_change"),
    ),
    # an open question
    "yes": (
        talk("grumble", "offer_service", told_already=True),
        talk("-cancel_order deny", "offer_complaint"),
        talk("affirm", "offer_human"),
        talk("answer", "offer_service", values={"phone": "13812345678"}),
        talk("answer", "offer_service", values={"order": "7"}, has_told=True),
        talk("affirm?", "offer_service", wants_visit=True, has_told=True),
        talk("story?", "offer_service", starts_with_yes=True),
        talk("affirm", "anything_else"),
        talk("affirm"),
        talk("choose"),
        form("affirm", "phone", question="offer_human", is_short=True),
    ),
    "no": (
        talk("deny", "offer_human"),
        talk("refuse", "withdraw"),
        talk("affirm #goes_on", "withdraw"),
        talk("refuse", "rating"),
        talk("deny"),
        form("deny", "phone", question="offer_human", is_short=True),
    ),
    "ticket_given": (talk("", frame=LISTED, values={"ticket": "TS1"}),),
    "not_helped": (talk("deny", not_helped=True), talk("grumble", "faq_suggestions", not_helped=True)),
    "choose": (talk("choose", frame=LISTED),),
    "none_of_these": (talk("deny", frame=LISTED), talk("deny", "faq_suggestions")),
    "no_value": (talk("deny", "order_number"), talk("has_none", "ticket_number"), talk("refuse", "ticket_digits")),
    "value": (talk("answer", "ticket_number", **GIVEN), talk("refund", "order_number", **GIVEN)),
    "reason": (talk("story", "dispute_reason"), talk("", "dispute_reason"), talk("refund", "dispute_reason")),
    "rate": (
        talk("choose", "rating", gives_score=True),
        talk("praise", "anything_else", gives_score=True),
        talk("choose", intent="rate_service", press=True),
    ),
    # whatever else
    "answer_offer": (
        talk("affirm", owes_answer_to_offer=True, is_short=True),
        talk("deny", owes_answer_to_offer=True, is_short=True),
    ),
    "dispute": (talk("dispute"), talk("deny", owes_opinion=True, is_short=True)),
    "satisfied": (talk("affirm", owes_opinion=True, is_short=True), talk("thank", owes_opinion=True, is_short=True)),
    "change_case": (
        talk("ask", frame=VISIT, suits=True, is_short=True, values={"time": "后天"}),
        talk("answer", "case_fields", values={"time": "后天"}),
        talk("correct", frame=TICKET),
        talk("change_order", frame=TICKET),
        talk("ask", frame=TICKET, sets_right=True),
        talk("change_order", frame=VISIT, moves_date=True, is_question=True),
        talk(frame=replace(TICKET, registered={"kind": "callback"}), values={"time": "五点以后"}),
    ),
    "withdraw": (
        talk("deny #voids", frame=TICKET),
        talk("answer", frame=replace(TICKET, registered={"kind": "repair"}), calls_off=True),
        talk("answer", frame=replace(TICKET, registered={"kind": "repair"}), calls_off=True, to_worker=True),
        talk("withdraw"),
        talk("withdraw", "withdraw"),
    ),
    "add_to_case": (
        talk("-person", "offer_human", frame=TICKET.asking("offer_human"), for_case=True),
        talk("affirm", frame=TICKET.asking("anything_else"), is_account=True),
        talk("answer", frame=replace(TICKET, registered={"kind": "repair"}), to_worker=True),
        talk("anger", frame=replace(TICKET, registered={"kind": "repair"}), tells_more=True, is_account=True),
        talk("correct", frame=TICKET, adds_words=True),
        talk("story", frame=TICKET),
        talk("story refund?", frame=TICKET),
        talk("answer", frame=TICKET, of_case=True),
        talk("ask_own", frame=replace(TICKET, registered={"kind": "praise"})),
    ),
    "take_back": (talk("-withdraw"), talk("withdraw", wants_back=True)),
    "own_case": (
        replace(
            talk("", frame=replace(TICKET, registered={"kind": "repair"}), is_question=True),
            reading=Reading({"withdraw": 0.4}, "", SURE),
        ),
        talk("ask_own", frame=TICKET),
        talk("status", frame=TICKET),
        talk("ask", frame=TICKET.asking("rating"), asks_record=True),
        talk("ask", asks_record=True),
        talk("ask", frame=SUSPENDED, asks_record=True),
    ),
    "hurry": (
        talk("ask", "offer_hurry", hurries=True, is_question=True),
        talk("sarcasm", "offer_hurry", intent="urge_ticket"),
        talk("sarcasm", values={"order": "2026"}, urges_order=True),
        *(talk("status", frame=TICKET, hurries=True), talk("hurry"), talk("hurry grumble")),
        *(talk("ask #no_show"), talk("story grumble #no_show", frame=TICKET)),
    ),
    "complain": (talk("complain"), talk("complain refund anger"), talk("complain", "offer_complaint")),
    "matter": (talk("deny refund #wrong_matter", frame=VISIT), *(talk(act) for act in MATTERS if act != "complain")),
    "compensate": (talk("compensate"),),
    "resume": (
        talk("resume"),
        talk("affirm resume", frame=SUSPENDED),
        talk("later", frame=SUSPENDED, finishes_first=True),
        talk("offtopic", frame=SUSPENDED, asks_mending=True),
    ),
    "status": (
        talk("status"),
        talk("status", "anything_else"),
        talk("cancel_order", contests_cancel=True),
        talk("-cancel_order", awaits_answer=True),
        talk("complain? story? #refund_due"),
        talk("deny", "offer_service", awaits_answer=True, intent="check_ticket"),
    ),
    "question": (
        talk("affirm", frame=ANSWERED, is_question=True),
        replace(talk("ask"), reading=Reading({"ask": 0.95}, "ask_faq", SURE, shades=frozenset({"refund_due"}))),
        talk("ask"),
        talk("ask_own"),
        talk("deny ask", "withdraw"),
        talk("status?", intent="ask_faq"),
    ),
    "advice": (
        talk("advice"),
        talk("choose", "advice"),
        talk("", "advice", is_question=True),
        talk("affirm", "offer_callback", asks_product=True),
    ),
    "check_matter": (
        talk("complain? story status", values={"order": "7"}),
        talk("refund?"), talk("complain? anger"), talk("repair?", "offer_human"),
    ),
    "later": (talk("later"), talk("wait")),
    "leave": (
        talk("deny", nothing_more=True, is_short=True),
        talk("withdraw", goes_off=True, is_short=True),
        *(talk("bye"), talk("bye thank"), talk("bye", "offer_human"), form("bye", "phone"), confirm("bye")),
    ),
    "anger": (talk("anger"), talk("sarcasm")),
    "grumble": (talk("praise", dispraises=True), talk("grumble"), talk("story")),
    "suggest": (talk("suggest"),),
    "check_repair": (
        talk("ask #tells_fault #bought"),
        talk("install", broke_after_install=True),
        talk("praise", tells_symptom=True, tells_undone=True),
        talk("grumble", tells_symptom=True),
        talk("repair", tells_symptom=True),
        talk("", wants_visit=True, has_told=True),
    ),
    "data_request": (talk("ask", wants_data=True),),
    "praise": (
        talk("install praise?", wants_praise=True),talk("praise"),),
    "stop": (talk("callback", not_registered=True), talk("stop"), talk("back"), talk("submit")),
    "write_down": (talk("affirm", "anything_else", writes_down=True, has_told=True),),
    "ticket_again": (talk("correct -withdraw", "ticket_number", goes_unchanged=True, sets_right=True),),
    "correct": (talk("correct"),),
    "values": (talk("", values={"phone": "139"}), talk("answer", values={"order": "7"})),
    "capabilities": (talk("capabilities"),),
    "challenge": (talk("challenge"),),
    "thank": (talk("thank"), talk("affirm thank", "anything_else")),
    "greet": (talk("greet"), talk("greet", "anything_else")),
    "denied": (talk("-refund"), talk("-person"), talk("-complain", "anything_else")),
    "out_of_scope": (
        talk("offtopic"),
        talk("offtopic", values={"place": "厦门"}, intent="out_of_scope", is_question=True),
    ),
    "not_understood": (
        talk(),
        talk("answer"),
        talk("unclear"),
        talk("", "order_number"),
        talk("offtopic?"),
        talk("praise", intent="out_of_scope"),
    ),
}  # fmt: skip
"""Move -> messages that lead to it."""


def moves() -> set[str]:
    return {name for rows in TABLES for name, _ in rows}


def test_every_move_of_the_tables_has_a_message_that_leads_to_it() -> None:
    assert set(LEADS) == moves()


@pytest.mark.parametrize("move,seen", [(move, seen) for move, all_seen in LEADS.items() for seen in all_seen])
def test_a_message_leads_to_its_move(move: str, seen: Seen) -> None:
    assert decide(seen).name == move


@pytest.mark.parametrize("rows", TABLES)
def test_every_row_of_a_table_is_reached_by_one_of_them(rows: tuple[tuple[str, Any], ...]) -> None:
    """A row that another before it always takes would be a row for nothing."""
    reached = [row for all_seen in LEADS.values() for seen in all_seen if (row := _row_that_decides(rows, seen))]
    assert [f"{i}: {row[0]}" for i, row in enumerate(rows) if row not in reached] == []


def _row_that_decides(rows: tuple[tuple[str, Any], ...], seen: Seen) -> tuple[str, Any] | None:
    """The row of this table that holds first of all; None when another table has it, or is asked before."""
    for table in _tables(seen):
        row = next((row for row in table if row[1](seen)), None)
        if row is not None:
            return row if table is rows else None
    return None


# ---------------------------------------------------------------- what is more urgent wins


def everywhere(acts: str, **seen: Any) -> list[Seen]:
    """The same message in a talk, at a question, inside a form, at its end and in the queue."""
    return [
        talk(acts, **seen),
        talk(acts, "offer_human", **seen),
        form(acts, **{**WORDS, **seen}),
        confirm(acts, **seen),
        queue(acts, **seen),
    ]


ANYTHING = "answer submit affirm person stop ask refund bye correct"


@pytest.mark.parametrize("seen", everywhere(ANYTHING, danger="fire", red_line="extortion", needs_help=True))
def test_a_danger_comes_before_everything(seen: Seen) -> None:
    assert decide(seen).name == "danger"


@pytest.mark.parametrize("seen", everywhere(ANYTHING, red_line="extortion", needs_help=True))
def test_a_demand_for_a_supervisor_comes_before_everything_else(seen: Seen) -> None:
    assert decide(seen).name == "red_line"


@pytest.mark.parametrize("seen", everywhere(ANYTHING, needs_help=True)[:-1])
def test_a_person_comes_before_whatever_else_is_said(seen: Seen) -> None:
    assert decide(seen).name == "person"


@pytest.mark.parametrize("acts", ["complain", "suggest story"])
def test_who_finds_it_hard_to_write_and_says_what_for_is_taken_at_that(acts: str) -> None:
    assert decide(talk(acts, needs_help=True)).name in ("complain", "suggest")


def test_inside_a_form_no_person_is_offered_unasked() -> None:
    assert decide(form("answer", needs_help=True, **WORDS)).name == "form_answer"


@pytest.mark.parametrize(
    "seen,move",
    [
        (form("deny answer", "phone", question="offer_human", is_short=True, **GIVEN), "no"),
        (form("affirm", "injured", question="offer_human", **GIVEN), "form_answer"),
        (form("stop? refund -repair", kind="repair", **WORDS), "form_switch"),
        (form("stop refund?", kind="repair", **WORDS), "form_stop"),
        (form("stop", "phone", brings=PHONE, **GIVEN), "form_stop"),
        (form("bye later", "phone"), "leave"),
        (form("bye", "name", brings=PHONE), "form_values"),
        (form("later", "visit_time", **GIVEN), "form_answer"),
        (form("wait", "visit_time", **GIVEN), "form_answer"),
        (form("wait", "name", brings=PHONE), "form_values"),
        (form("correct", "phone", brings=PHONE, **GIVEN), "form_correct"),
        (form("unknown refuse", "phone"), "form_unknown"),
        (form("invoice ask", "phone", kind="repair"), "form_next"),
        (form("ask thank", "phone", brings=PHONE), "form_aside"),
        (form("invoice", "outcome", kind="complaint"), "form_next"),
        (form("refund", "phone", kind="complaint"), "form_story"),
        (form("correct", "phone", points_back=True, brings=PHONE), "form_correct"),
        (form("answer", points_back=True, **WORDS), "form_answer"),
        (form("stop", "phone", changes=True), "form_stop"),
        (form("cancel_order", "phone", kind="data_request"), "form_stop"),
        (form("cancel_order", "phone", kind="repair", names_order=True), "form_next"),
        (form("stop", "phone", added="invoice"), "form_stop"),
        (form("answer", "phone", added="invoice", **GIVEN), "form_next"),
        (form("correct", "phone", added="invoice"), "form_correct"),
        (form("answer ask", "phone", asks_surely=True, **GIVEN), "form_answer"),
        (confirm("affirm", asks_surely=True), "form_submit"),
    ],
)
def test_of_two_that_fit_inside_a_form_the_more_urgent_is_done(seen: Seen, move: str) -> None:
    assert decide(seen).name == move


@pytest.mark.parametrize("acts", ["correct", "deny", "stop", "wait", "later", "-submit"])
def test_a_form_is_not_submitted_while_something_is_to_be_changed(acts: str) -> None:
    assert decide(confirm(f"affirm {acts}")).name != "form_submit"


def test_a_form_is_not_submitted_when_the_yes_brings_a_new_value() -> None:
    assert decide(confirm("affirm", brings=PHONE)).name == "form_values"


@pytest.mark.parametrize(
    "seen,move",
    [
        (talk("affirm refund", "withdraw"), "matter"),
        (talk("deny ask", "anything_else"), "question"),
        (talk("deny withdraw", "satisfied"), "withdraw"),
        (talk("refund", "satisfied", owes_opinion=True), "matter"),
        (talk("dispute refund", owes_opinion=True), "dispute"),
        (talk("bye", "dispute_reason"), "leave"),
        (talk("stop", "dispute_reason"), "stop"),
        (talk("choose refund", frame=LISTED), "choose"),
        (talk("affirm", owes_opinion=True, owes_answer_to_offer=True, is_short=True), "answer_offer"),
        (talk("thank bye"), "leave"),
        (talk("greet complain"), "complain"),
        (talk("thank hurry"), "hurry"),
        (talk("hurry refund"), "matter"),
        (talk("anger ask"), "question"),
        (talk("correct", frame=TICKET, values={"order": "7"}), "correct"),
        (talk("correct story", frame=TICKET), "change_case"),
        (talk("story refund", frame=TICKET), "matter"),
        (talk("change_order", frame=COMPLAINED, moves_date=True), "matter"),  # a complaint has no day of its own
        (talk("callback", asks_call=True, needs_help=True), "matter"),
        (form("exchange answer", "visit_time", "repair", instead="exchange"), "form_switch"),
        (form("exchange ask", "visit_time", "repair", instead="exchange", is_question=True), "form_which_matter"),
        (form("refund correct", "phone", "order_change"), "form_switch"),  # 「讲了四次，退货！」
        (form("refund? correct", "phone", "order_change"), "form_correct"),
        (form("refund -cancel_order #wrong_matter", "confirm", "order_change"), "form_switch"),
        (form("refund? #wrong_matter", "phone", "repair"), "form_switch"),
        (form("refund #wrong_matter", "outcome", **WORDS), "form_answer"),  # 「我不是要道歉，我要退货」
        (form("-complain repair #wrong_matter", "outcome", **WORDS), "form_switch"),
        (form("callback", "visit_time", "repair"), "form_resume"),  # 「有事发文字，电话我一般不接」
        (form("callback", "visit_time", "repair", asks_call=True), "form_next"),
        (form("answer #voids", "address", "repair", **GIVEN), "form_answer"),
        (confirm("#voids", own_question="papers"), "form_aside"),  # 「需唔需要單據㗎，我扔咗喇」
        (form("correct #voids", "confirm", "repair", sets_right=True), "form_correct"),
        (talk("dispute story", frame=TICKET), "dispute"),
        (talk("ask", frame=LISTED, values={"ticket": "TS1"}), "ticket_given"),
        (talk("deny ask", "order_number"), "question"),
        (talk("deny refund", "order_number"), "matter"),
        (talk("deny", "order_number", **GIVEN), "value"),
        (talk("bye", not_helped=True), "leave"),
        (talk("grumble ask", not_helped=True), "question"),
        (talk("complain", not_helped=True), "complain"),
        (talk("deny person", not_helped=True), "person"),
        (talk("deny", "offer_human", not_helped=True), "not_helped"),
        (talk("deny", "satisfied", owes_opinion=True, is_short=True, not_helped=True), "dispute"),
        (talk("refund", wants_back=True), "take_back"),
        (talk("withdraw"), "withdraw"),
        (talk("refund", "advice", is_question=True), "matter"),
        (talk("", "advice", is_question=True, press=True), "not_understood"),
        (talk("praise", "satisfied", intent="out_of_scope"), "praise"),
    ],
)
def test_of_two_that_fit_in_a_talk_the_more_urgent_is_done(seen: Seen, move: str) -> None:
    assert decide(seen).name == move


@pytest.mark.parametrize(
    "acts,move", [("refund? ask", "question"), ("refund? withdraw", "withdraw"), ("complain? hurry", "hurry")]
)
def test_a_matter_in_doubt_is_not_begun_and_what_is_sure_beside_it_is_done(acts: str, move: str) -> None:
    assert decide(talk(acts)).name == move


@pytest.mark.parametrize("act", [*MATTERS])
def test_a_matter_in_doubt_alone_is_asked_about(act: str) -> None:
    assert decide(talk(f"{act}?")).name == "check_matter"


@pytest.mark.parametrize("act", ["affirm", "deny", "choose", "praise"])
def test_a_yes_that_nothing_was_asked_for_in_words_that_are_none_of_ours_is_not_understood(act: str) -> None:
    for question in ("", "open"):
        assert decide(talk(act, question, intent="out_of_scope")).name == "not_understood"
    assert decide(talk(act, "anything_else", intent="out_of_scope")).name != "not_understood"
    assert decide(talk(act)).name != "not_understood"


def test_what_is_told_after_a_case_was_spoken_of_is_added_to_it_and_else_it_is_a_grumble() -> None:
    assert decide(talk("story", frame=TICKET)).name == "add_to_case"
    assert decide(talk("story", frame=Frame(about={"kind": "order"}))).name == "grumble"
    assert decide(talk("grumble", frame=TICKET)).name == "grumble"


def test_what_is_wished_by_name_comes_before_a_complaint_that_is_said_after_it() -> None:
    assert decide(talk("refund complain")).name == "matter"
    assert decide(talk("complain refund")).name == "complain"


# ---------------------------------------------------------------- what is denied


CONTEXTS = ("none", "offer_human", "anything_else", "faq_suggestions", "description", "phone", "outcome", "confirm")


def placed(where: str, acts: str, **seen: Any) -> Seen:
    """A message where nothing, a question of ours, or a field is asked."""
    if where in ("description", "phone", "outcome", "confirm"):
        return form(acts, where, **seen)
    return talk(acts, "" if where == "none" else where, **seen)


@pytest.mark.parametrize("where,act", [*product(CONTEXTS, MATTERS)])
def test_a_matter_that_is_denied_is_not_begun(where: str, act: str) -> None:
    for beside in ("", " ask", " grumble", " answer", " deny"):
        for fit in Fit:
            assert decide(placed(where, f"-{act}{beside}", fit=fit)).name not in STARTS_A_MATTER


@pytest.mark.parametrize("where", CONTEXTS)
def test_a_person_who_is_denied_is_not_called(where: str) -> None:
    for beside in ("", " ask", " grumble", " deny", " refund"):
        assert decide(placed(where, f"-person{beside}")).name not in ("person", "offer_person")


def test_a_withdrawal_that_is_denied_is_taken_back_and_one_denied_beside_a_wish_is_not() -> None:
    assert decide(talk("-withdraw")).name == "take_back"
    assert decide(talk("-withdraw hurry")).name == "hurry"


def test_what_is_wanted_beside_what_is_denied_is_done() -> None:
    assert decide(talk("-complain refund")).name == "matter"
    assert decide(talk("-refund ask")).name == "question"
    assert talk("-complain refund").reading.wanted == "refund"


def test_the_matter_under_way_that_is_denied_is_given_up() -> None:
    assert decide(form("-complain", **WORDS)).name == "form_stop"
    assert decide(form("-invoice", "phone")).name == "form_help"


# ---------------------------------------------------------------- what is no answer


NO_ANSWERS = (
    *(set(MANNERS) - {"compensate"}),
    *QUESTIONS,
    "hurry",
    "unclear",
    "why",
    "wait",
    "later",
    "stop",
    "back",
)
TOLD = ("praise", "suggest", "story")
"""What is no answer, but tells what happened where that is asked for."""


@pytest.mark.parametrize("act", sorted(NO_ANSWERS))
def test_what_is_no_answer_is_not_kept_as_one(act: str) -> None:
    for asked in ("description", "outcome", "product"):
        is_told = act in TOLD and asked == "description"
        assert (decide(form(act, asked, **WORDS)).name in ("form_answer", "form_values")) is is_told


@pytest.mark.parametrize("act", ["grumble", "thank", "anger", "greet", "sarcasm"])
def test_an_answer_among_other_things_is_kept(act: str) -> None:
    assert decide(form(f"{act} answer", **WORDS)).name == "form_answer"
    assert decide(form(f"{act} story", **WORDS)).name == "form_answer"


@pytest.mark.parametrize(
    "acts,asked,is_kept",
    [
        ("grumble", "description", False),
        ("grumble answer", "description", True),
        ("answer", "description", True),
        ("thank", "description", False),
        ("refund grumble", "outcome", True),
        ("refund grumble", "description", False),
        ("story", "outcome", False),
        ("story", "description", True),
        ("", "description", True),
        ("suggest", "outcome", False),
        ("unknown", "description", True),
        ("has_none", "outcome", True),
    ],
)
def test_words_are_kept_as_an_answer_only_where_they_can_be_one(acts: str, asked: str, is_kept: bool) -> None:
    assert (decide(form(acts, asked, **WORDS)).name == "form_answer") is is_kept


@pytest.mark.parametrize("acts", ["grumble", "anger", "hurry", "refund"])
def test_an_account_is_kept_however_it_is_said_where_one_is_asked_for(acts: str) -> None:
    assert decide(form(acts, is_account=True, **WORDS)).name == "form_answer"
    assert decide(form(acts, "product", is_account=True, **WORDS)).name != "form_answer"
    assert decide(form(acts, is_account=False, **WORDS)).name != "form_answer"


def test_a_question_is_no_account_but_may_be_what_a_call_back_is_about() -> None:
    asks: dict[str, Any] = {"is_account": True, "is_question": True, "asks_surely": True, **WORDS}
    assert decide(form("ask", **asks)).name == "form_aside"
    assert decide(form("ask", **{**asks, "asks_surely": False})).name == "form_aside"
    assert decide(form("grumble", **{**asks, "asks_surely": False})).name == "form_soothe"
    for kind in ANY_WORDS:
        assert decide(form("ask", kind=kind, **asks)).name == "form_answer"
        assert decide(form("ask", "product", kind=kind, **asks)).name == "form_aside"


def test_words_in_anger_that_nothing_else_was_read_in_are_no_answer() -> None:
    assert decide(form("", "product", **WORDS)).name == "form_answer"
    assert decide(form("", "product", intent="express_anger", **WORDS)).name == "form_help"


def test_silent_words_that_bring_another_value_are_that_value() -> None:
    assert decide(form("", "product", brings=PHONE, **WORDS)).name == "form_values"


def test_a_value_of_the_right_kind_is_kept_whatever_else_is_said() -> None:
    for acts in ("thank", "ask", "grumble", "hurry", "story"):
        assert decide(form(acts, "phone", **GIVEN)).name == "form_answer"


def test_a_time_in_a_question_answers_no_question_for_a_time() -> None:
    assert decide(form("ask", "visit_time", is_time=True, **GIVEN)).name == "form_aside"
    assert decide(form("ask answer", "visit_time", is_time=True, **GIVEN)).name == "form_answer"


def test_a_wrong_answer_is_none() -> None:
    assert decide(form("answer", "phone", fit=Fit.WRONG)).name == "form_help"


# ---------------------------------------------------------------- after a danger, and after a withdrawal


def test_what_to_do_next_is_told_only_of_the_danger() -> None:
    assert decide(talk("ask #asks_next")).name != "safety_next"
    assert decide(talk("refund ask #asks_next", in_danger=True)).name != "safety_next"
    assert decide(talk("ask #asks_next", in_danger=True, values={"phone": "139"})).name != "safety_next"


def test_who_waits_in_vain_for_somebody_is_told_no_rule_of_the_shop() -> None:
    assert decide(talk("complain story #no_show")).name == "complain"
    assert decide(talk("person #no_show")).name == "person"
    assert decide(talk("ask #no_show", is_question=True)).name == "hurry"


def test_what_is_to_be_withdrawn_and_shall_go_on_is_kept() -> None:
    assert decide(talk("affirm #goes_on", "withdraw")).name == "no"
    assert decide(talk("affirm", "withdraw")).name == "yes"


def test_what_was_withdrawn_and_shall_go_on_is_taken_back() -> None:
    withdrawn = Frame(about={"kind": "ticket"}, registered={"number": "TS1", "withdrawn": True})
    for acts in ("withdraw #goes_on", "repair #goes_on", "affirm #goes_on"):
        assert decide(talk(acts, frame=withdrawn)).name == "take_back"
    assert decide(talk("withdraw #goes_on", frame=TICKET)).name == "withdraw"


def test_a_further_account_is_added_whatever_was_asked() -> None:
    told = {"tells_more": True, "is_account": True}
    assert decide(form("answer", "category", **told)).name == "form_add"
    assert decide(form("answer", "phone", **told, **GIVEN)).name == "form_answer"


# ---------------------------------------------------------------- while a person is waited for


@pytest.mark.parametrize(
    "acts,move",
    [
        *((act, "queue_wish") for act in MATTERS if act != "callback"),
        *((act, "queue_note") for act in ("callback", "story")),
        *((act, "queue_receipt") for act in ("dispute", "withdraw", "resume", "affirm", "person")),
        ("thank", "queue_welcome"),
        *((act, "queue_place") for act in FEELINGS),
    ],
)
def test_who_waits_keeps_the_place_whatever_is_wanted(acts: str, move: str) -> None:
    assert decide(queue(acts)).name == move
    assert decide(queue(acts, values={"order": "7"})).name == ("queue_wish" if move == "queue_wish" else "queue_note")


@pytest.mark.parametrize(
    "acts,move", [("", "queue_place"), ("story", "queue_note"), ("ask", "queue_answer"), ("bye", "queue_leave")]
)
def test_a_question_that_nothing_was_read_in_is_told_the_place_while_waiting(acts: str, move: str) -> None:
    assert decide(queue(acts, is_question=True)).name == move


@pytest.mark.parametrize(
    "seen,move",
    [
        (queue("-person ask"), "queue_leave"),
        (queue("bye ask"), "queue_leave"),
        (queue("ask status", values={"order": "7"}), "queue_order"),
        (queue("ask", values={"phone": "139"}), "queue_note"),
        (queue("hurry status", values={"order": "7"}), "queue_order"),
        (queue("hurry", values={"order": "7"}), "queue_note"),
        (queue("story hurry"), "queue_note"),
        (queue("deny"), "queue_receipt"),
        (queue("later"), "queue_receipt"),
        (queue("person -stop"), "queue_receipt"),
    ],
)
def test_of_two_that_fit_in_the_queue_the_more_urgent_is_done(seen: Seen, move: str) -> None:
    assert decide(seen).name == move


def test_the_queue_does_not_offer_a_person_to_who_waits_for_one() -> None:
    assert decide(queue("story", needs_help=True)).name == "queue_note"


# ---------------------------------------------------------------- a question beside it


def test_a_question_beside_what_is_done_is_answered_first() -> None:
    for seen in (
        talk("person ask"),
        talk("complain ask_own"),
        talk("refund ask"),
        form("answer ask", "phone", **GIVEN),
    ):
        move = decide(seen)
        assert move.before == ("aside",)
        assert move.name in BESIDES


def test_a_clause_that_asks_is_answered_first_although_nothing_was_read_in_it() -> None:
    assert decide(talk("complain", asks_beside=True)).before == ("aside",)
    assert decide(form("answer", "phone", asks_beside=True, **GIVEN)).before == ("aside",)
    assert decide(talk("praise", asks_beside=True)).before == ("aside",)
    assert decide(talk("thank", asks_beside=True)).before == ()
    assert decide(talk("complain", asks_beside=True, press=True)).before == ()


ORDER = {"order": "7"}


@pytest.mark.parametrize(
    "seen,move",
    [
        (talk("anger", values=ORDER), "anger"),
        (talk("grumble", values=ORDER), "grumble"),
        (form("answer status", "phone", values=ORDER, **GIVEN), "form_answer"),
        (form("answer status ask", "phone", values=ORDER, asks_beside=True, **GIVEN), "form_answer"),
    ],
)
def test_an_order_that_is_named_beside_it_is_looked_up_first(seen: Seen, move: str) -> None:
    made = decide(seen)
    assert (made.name, made.before) == (move, ("order_aside",))


@pytest.mark.parametrize(
    "seen",
    [
        talk("anger"),
        talk("grumble", values={"phone": "139"}),
        talk("praise", values=ORDER),
        form("answer", "order", values=ORDER, **GIVEN),
        form("answer status", "phone", **GIVEN),
    ],
)
def test_no_order_is_looked_up_where_none_is_named_or_none_is_asked_about(seen: Seen) -> None:
    assert decide(seen).before == ()


@pytest.mark.parametrize(
    "seen",
    [talk("person"), talk("ask"), talk("complain -ask"), form("ask stop", "phone"), talk("refund ask", press=True)],
)
def test_nothing_is_answered_beside_where_nothing_is_asked_or_the_question_is_the_matter(seen: Seen) -> None:
    assert decide(seen).before == ()


# ---------------------------------------------------------------- always


def test_the_moves_that_a_question_goes_before_are_moves() -> None:
    assert moves() >= BESIDES


@pytest.mark.parametrize("act", ["", *sorted({*MATTERS, *QUESTIONS, *MANNERS, *AN_ANSWER, "never heard of"})])
def test_there_always_is_a_move(act: str) -> None:
    for seen in everywhere(act):
        for fit, press in product(Fit, (True, False)):
            assert decide(replace(seen, fit=fit, reading=replace(seen.reading, is_press=press))).name in moves()
