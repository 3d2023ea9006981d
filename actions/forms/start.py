"""Begin a form: what the first message already says is taken, what is known stays known."""

from __future__ import annotations

from actions.forms.form import (
    CONTEXT_FIELDS,
    CUSTOMER_FIELDS,
    STATE_SLOTS,
    Form,
    fields_of_forms,
    without_value,
)
from actions.forms.questions import SPOKEN_BACK
from actions.forms.volunteered import account, volunteered
from actions.heard import Json
from actions.turn import COMPLAINT_FORM, SERVICE_FORM, Turn
from helpdesk.model.ticket import Kind
from zhtext.values import names

OPENED_BY_STORY = frozenset({
    Kind.COMPLAINT, Kind.REFUND, Kind.EXCHANGE, Kind.REPAIR, Kind.CALLBACK,
})  # fmt: skip
"""Kinds whose first message may already tell what happened."""


KEPT_OF_A_FORM = ("kind", "form_run", "declined", "answered", "masked")
IDENTIFYING = (*CUSTOMER_FIELDS, *CONTEXT_FIELDS, "amount")
SHARED_FIELDS = ("order", "product", "description", "amount")


def form_of(kind: str) -> str:
    return COMPLAINT_FORM if kind == Kind.COMPLAINT else SERVICE_FORM


def start(turn: Turn, kind: str, known: Json | None = None) -> Form:
    """Put an unfinished form aside, empty what it left, take what this message says, and go into the form."""
    name = form_of(kind)
    put_aside(turn)
    turn.clear([*fields_of_forms(turn.company), *STATE_SLOTS, "parked_form"])
    turn.clear(without_value({field: turn.slot(field) for field in CONTEXT_FIELDS}))
    turn.set(kind=kind, form_run=turn.new_form_run(), pending=None, misses=0, **(known or {}))
    if not turn.slot("name") and turn.facts.get("name"):
        turn.set(name=turn.facts["name"])
    if not turn.heard.is_press:
        _take_first_message(turn, name, kind)
    turn.follow(name)
    return Form.of(turn, name)


def _take_first_message(turn: Turn, name: str, kind: str) -> None:
    said = _renewed(turn)
    if kind in OPENED_BY_STORY and turn.heard.intent != "request_human" and not turn.slot("description"):
        told = account(turn.heard)
        turn.set(**({"description": told} if told else {}))
    form = Form.of(turn, name)
    found = volunteered(form, turn.heard)
    turn.set(**found)
    wider = Form.of(turn, name)  # the category may have brought further fields
    turn.set(**volunteered(wider, turn.heard), **said)


def _renewed(turn: Turn) -> Json:
    """What is said anew replaces what was known before: another phone, another order."""
    entities = {e: turn.heard.values[e] for e in (*CUSTOMER_FIELDS, *CONTEXT_FIELDS) if e in turn.heard.values}
    if "name" in entities:
        entities["name"] = names.full(str(entities["name"]))
    turn.set(**entities)
    return entities


def noted(form: Form) -> str:
    """What is already known, to be said back before the first question."""
    shown = [f"{form.spec(n).title} {form.shown(n, v)}" for n, v in form.values().items() if n in SPOKEN_BACK]
    return "、".join(shown)


def privacy(turn: Turn) -> None:
    """The notice before the first personal value (PIPL 17), once."""
    if not turn.noted("privacy"):
        turn.note("privacy")
        turn.say("utter_privacy", notice="".join(turn.company.profile.privacy.text.split()))


def put_aside(turn: Turn) -> None:
    """The form under way or parked gives way to another one, and is offered again after it."""
    name = turn.form or turn.slot("parked_form")
    if not name:
        return
    form = Form.of(turn, str(name))
    told = {field: value for field, value in form.known.items() if field not in CUSTOMER_FIELDS}
    if turn.form:
        turn.leave_form(park=False)
    if set(told) - set(CONTEXT_FIELDS):
        own = {slot: turn.slot(slot) for slot in KEPT_OF_A_FORM if turn.slot(slot)}
        turn.set(shelf={"form": str(name), "slots": {**own, **told}})


def take_from_shelf(turn: Turn) -> str:
    """The form that gave way is parked again, so that it can be resumed; its kind."""
    shelf = dict(turn.slot("shelf"))
    turn.clear([*fields_of_forms(turn.company), *STATE_SLOTS])
    turn.set(shelf=None, parked_form=shelf["form"], **shelf["slots"])
    return str(turn.slot("kind") or Kind.COMPLAINT)


def give_up(turn: Turn) -> Json:
    """The form under way is dropped for another matter; what it tells of the matter serves that one too."""
    told = {field: turn.slot(field) for field in SHARED_FIELDS if turn.slot(field)}
    turn.leave_form(park=False)
    turn.clear([*fields_of_forms(turn.company), *STATE_SLOTS, "parked_form"])
    return told


def resume(turn: Turn, response: str = "utter_resume") -> None:
    """Take the parked form up again, with everything that was filled in, and what is said now."""
    name = str(turn.slot("parked_form"))
    turn.set(parked_form=None, pending=None, requested_slot=None, form_run=turn.slot("form_run") or turn.new_form_run())
    if not turn.heard.is_press:
        said = volunteered(Form.of(turn, name), turn.heard)
        turn.set(**{field: value for field, value in said.items() if field in IDENTIFYING})
    turn.say(response)
    turn.follow(name)
