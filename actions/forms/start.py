"""Begin a form, set it aside, take it up again: what the first message already says is taken, what is known stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.forms import hours, protection, questions
from actions.forms.accounts import opening, together
from actions.forms.form import Form, fields_of_forms, without_value
from actions.forms.questions import SPOKEN_BACK
from actions.forms.told import take as take_from_account
from actions.forms.volunteered import volunteered
from actions.heard import Heard, Json
from actions.turn import COMPLAINT_FORM, CONTEXT_FIELDS, CUSTOMER_FIELDS, SERVICE_FORM, STATE_SLOTS, Turn
from helpdesk.model.field import known
from helpdesk.model.frame import CONFIRM
from helpdesk.model.personal import PRIVACY_NOTICE
from helpdesk.model.ticket import Kind
from zhtext.values import names

OPENED_BY_STORY = frozenset({
    Kind.COMPLAINT, Kind.REFUND, Kind.EXCHANGE, Kind.REPAIR, Kind.CALLBACK, Kind.OFFLINE_MESSAGE, Kind.PRICE_PROTECTION,
    Kind.INVOICE,
})  # fmt: skip
"""Kinds whose first message may already tell what happened."""
PRIVACY = "privacy"
"""How the frame notes that the notice was told; behind a colon the version of its text."""
IDENTIFYING = (*CUSTOMER_FIELDS, *CONTEXT_FIELDS, "amount")
SHARED_FIELDS = ("order", "product", "description", "amount")
"""What one matter tells of the thing it is about serves the next one, too."""


def form_of(kind: str) -> str:
    return COMPLAINT_FORM if kind == Kind.COMPLAINT else SERVICE_FORM


def start(turn: Turn, kind: str, known: Json | None = None) -> None:
    """Set aside what is under way, take what this message says, and ask for the first thing that is missing."""
    put_aside(turn)
    known = {**_of_the_same_thing(turn, kind), **(known or {})}
    turn.clear([*fields_of_forms(turn.company), *STATE_SLOTS])
    turn.clear(without_value({field: turn.slot(field) for field in CONTEXT_FIELDS}))
    turn.set(kind=kind, form_run=turn.new_form_run(), **known)
    if not turn.slot("order") and turn.frame.looked_for:
        turn.set(order=turn.frame.looked_for)
        turn.change(looked_for=None)
    _take_what_is_known(turn)
    name = form_of(kind)
    turn = _without_hours(turn, Form.of(turn, name))
    _take_account(turn, kind)
    if not turn.heard.is_press:
        _take_first_message(turn, name)
    _take_what_was_said(turn, name)
    turn.begin_form(name)
    form = Form.of(turn, name)
    protection.tell_days(turn, form, form.known)
    noted = noted_values(form)
    if noted and form.is_complaint and not turn.heard.is_press:
        turn.say("utter_noted", noted=noted)  # name, numbers and dates are repeated back (唱收唱付)
    questions.ask_next(turn, form)


def _without_hours(turn: Turn, form: Form) -> Turn:
    """「周六来修，我五点后才接电话」: when to call is a field of its own, no visit's hour and no account."""
    words = "" if turn.heard.is_press else hours.told(form, turn.heard)
    if not words:
        return turn
    turn.set(**{hours.CALL_HOURS: words})
    return turn.hearing(turn.heard.but(hours.places(form, turn.heard.text)), turn.reading)


def _take_what_is_known(turn: Turn) -> None:
    """The name that was told, and the phone of who came with a signed identity: nobody is asked for them again."""
    for name in ("name", "phone"):
        if not turn.slot(name) and turn.facts.get(name):
            turn.set(**{name: turn.facts[name]})


ABOUT_GOODS = frozenset({Kind.REFUND, Kind.EXCHANGE, Kind.REPAIR})
"""What may be done with one and the same thing: who wants another of these instead tells nothing twice."""


def _of_the_same_thing(turn: Turn, kind: str) -> Json:
    """「那不退了」, and then or at once 「换一个」: what was told of the thing. The matter given up is not kept."""
    if _is_about_same(slots := turn.decided.given_up, kind):
        return {name: slots[name] for name in SHARED_FIELDS if slots.get(name)}
    if turn.before.question.get("kind") != "keep_form" or not turn.frame.suspended:
        return {}
    slots = turn.frame.suspended[-1]["slots"]
    if not _is_about_same(slots, kind):
        return {}
    turn.change(suspended=turn.frame.suspended[:-1])
    return {name: slots[name] for name in SHARED_FIELDS if slots.get(name)}


def _is_about_same(slots: Mapping[str, Any], kind: str) -> bool:
    return {slots.get("kind"), kind} <= ABOUT_GOODS and slots["kind"] != kind


def _take_account(turn: Turn, kind: str) -> None:
    """What was told before the form, and what this message tells, is the account: nobody tells it twice."""
    if kind in OPENED_BY_STORY:
        is_told = not (turn.heard.is_press or turn.reading.says("person"))
        now = opening(turn.heard, turn.company, kind) if is_told else ""
        product = str(turn.heard.values.get("product") or "")
        told = [*turn.frame.told_of(product), str(turn.slot("description") or ""), now]
        turn.set(description=together(told, turn.company, kind) or None)
        of_order = str(turn.frame.about.get("product") or "") if turn.slot("order") and not product else ""
        spoken_of = next((str(one["product"]) for one in reversed(turn.frame.told) if one.get("product")), of_order)
        turn.set(product=turn.slot("product") or product or spoken_of or None)
    turn.change(told=(), wonders=())


def _take_what_was_told_meanwhile(turn: Turn) -> None:
    """What was told while the matter waited, in the queue, belongs to it, unless it is of another thing."""
    kind = str(turn.slot("kind") or Kind.COMPLAINT)
    told = turn.frame.told_of(str(turn.slot("product") or ""))
    if told and kind in OPENED_BY_STORY:
        turn.set(description=together([str(known(turn.slot("description")) or ""), *told], turn.company, kind) or None)
    turn.change(told=())


def _take_first_message(turn: Turn, name: str) -> None:
    said = _renewed(turn)
    form = Form.of(turn, name)
    found = volunteered(form, turn.heard)
    turn.set(**found)
    take_from_account(turn, Form.of(turn, name))
    wider = Form.of(turn, name)  # the category may have brought further fields
    turn.set(**volunteered(wider, turn.heard), **said)


SAID_BEFORE = frozenset({
    "visit_time", "callback_time", "occurred", "address", "order", "price_paid", "price_seen", "price_gap",
    "seen_where", "promised_where", "name", "phone", "email", "wechat",
})  # fmt: skip
"""Fields that are filled from what was said before the matter was opened."""


def _take_what_was_said(turn: Turn, name: str) -> None:
    """When, where and for how much, as it was said before, the latest first; of another thing nothing counts."""
    product = str(turn.slot("product") or "")
    for one in reversed(turn.frame.said):
        heard = Heard(str(one.get("text") or ""), "inform", entities=tuple(one.get("entities") or ()), facts=turn.facts)
        if product and heard.values.get("product") not in (None, product):
            continue
        found = volunteered(Form.of(turn, name), heard)
        turn.set(**{field: value for field, value in found.items() if field in SAID_BEFORE and known(value)})
    turn.change(said=())


def _renewed(turn: Turn) -> Json:
    """What is said anew replaces what was known before: another phone, another order."""
    entities = {e: turn.heard.values[e] for e in (*CUSTOMER_FIELDS, *CONTEXT_FIELDS) if e in turn.heard.values}
    if "name" in entities:
        to_ask_for = names.asked_for(turn.heard.plain) if turn.slot("kind") == Kind.CALLBACK else ""
        entities["name"] = to_ask_for or names.full(str(entities["name"]))
    turn.set(**entities)
    return entities


def noted_values(form: Form) -> str:
    """What is already known, to be said back before the first question."""
    shown = [f"{form.spec(n).title} {form.shown(n, v)}" for n, v in form.values().items() if n in SPOKEN_BACK]
    return "、".join(shown)


def privacy(turn: Turn) -> None:
    """The notice before the first personal value (PIPL 17), once for each text there was."""
    version = turn.company.privacy_version
    if not turn.noted(f"{PRIVACY}:{version}"):
        turn.note(f"{PRIVACY}:{version}")
        custom = {"kind": PRIVACY_NOTICE, "version": version}
        turn.say("utter_privacy", custom=custom, notice=turn.company.privacy_notice)


# ---------------------------------------------------------------- set aside, taken up


def put_aside(turn: Turn) -> None:
    """The form under way is suspended, if anything of it was told; it is kept until the customer says what with it."""
    if turn.form is None:
        return
    form = Form.of(turn, turn.form)
    told = set(form.known) - {*CUSTOMER_FIELDS, *CONTEXT_FIELDS}
    if told:
        turn.put_aside(tuple(turn.company.fields))
    else:
        drop(turn)


def drop(turn: Turn) -> None:
    """The form under way is given up."""
    turn.clear([*fields_of_forms(turn.company), *STATE_SLOTS])
    turn.end_form()


def give_up(turn: Turn) -> Json:
    """The form under way is dropped for another matter; what it tells of the thing serves that one too."""
    told = {name: turn.slot(name) for name in SHARED_FIELDS if turn.slot(name)}
    turn.decided.given_up = {**told, "kind": turn.slot("kind")}
    drop(turn)
    return told


def suspended_title(turn: Turn) -> str:
    """What the matter set aside last is called."""
    kind = str(turn.frame.suspended[-1]["slots"].get("kind") or Kind.COMPLAINT)
    return turn.company.kinds[kind].title


def resume_named(turn: Turn) -> bool:
    """Take up the complaint that waits, if the message names it; whether that was so."""
    return "投诉" in turn.heard.plain and resume(turn, Kind.COMPLAINT)


def resume(turn: Turn, kind: str | None = None, response: str = "utter_resume") -> bool:
    """Take a suspended form up again, with everything that was filled in and what is said now; whether there was one.

    Another form under way changes places with it.
    """
    matter, frame = turn.frame.popping(kind)
    if matter is None:
        return False
    turn.decided.frame = frame
    put_aside(turn)
    turn.clear([*fields_of_forms(turn.company), *STATE_SLOTS])
    turn.set(**matter["slots"])
    turn.set(form_run=turn.slot("form_run") or turn.new_form_run(), tries=0)
    name = str(matter["form"])
    _take_what_was_told_meanwhile(turn)
    turn.begin_form(name)
    if not turn.heard.is_press:
        said = volunteered(Form.of(turn, name), turn.heard)
        turn.set(**{field: value for field, value in said.items() if field in IDENTIFYING})
    turn.say(response)
    form = Form.of(turn, name)
    if form.next_field() == CONFIRM:
        questions.read_back(turn, form)
    else:
        questions.ask_again(turn, form, form.next_field())
    return True
