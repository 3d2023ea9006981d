"""What a form says: the next question, the read-back, help with a field. Every question carries its facts."""

from __future__ import annotations

import json
from collections.abc import Mapping

from actions.forms import told
from actions.forms.form import Form
from actions.heard import Json
from actions.turn import Button, Turn
from helpdesk.company import FieldSpec
from helpdesk.model.frame import CONFIRM

SPOKEN_BACK = frozenset({"name", "phone", "email", "wechat", "order", "amount", "occurred", "product", "visit_time",
                         "callback_time", "credit_code", "category", "visit_date", "promised_date", "price_paid",
                         "price_seen", "second_contact", "on_behalf_of", "buyer"})  # fmt: skip


def facts(form: Form, field: str, state: str = "ask") -> Json:
    """The pending question as clients see it (design.md section 5); `day`: a date answers it, and which it may be."""
    told: Json = {"kind": "form", "form": form.name, "field": field, "state": state}
    day = day_wanted(form.spec(field)) if state == "ask" and field != CONFIRM else None
    return {**told, "day": day} if day else told


def day_wanted(spec: FieldSpec) -> str | None:
    """Whether a date answers the question: one that is over, one to come, or any."""
    if spec.kind == "future":
        return "coming"
    if spec.kind == "when":
        return "past" if spec.already_happened else "any"
    return None


def ask_next(turn: Turn, form: Form, taken: Mapping[str, object] | None = None) -> None:
    """Ask for the next missing field, or read everything back; `taken` is what this message gave."""
    told.take(turn, form)
    tries = told.pass_over(turn, form)
    field = form.next_field()
    turn.set(requested_slot=field, tries=tries)
    if field == CONFIRM:
        read_back(turn, form)
    else:
        ask(turn, form, field, taken)


def ask(turn: Turn, form: Form, field: str, taken: Mapping[str, object] | None = None) -> None:
    """The question for one field, after a short acknowledgement of what was given."""
    spec = form.spec(field)
    noted = "、".join(f"{form.spec(f).title} {form.shown(f, v)}" for f, v in (taken or {}).items() if f in SPOKEN_BACK)
    response = "utter_ask_noted" if noted else "utter_ask_next" if taken else "utter_ask"
    turn.set(requested_slot=field)
    turn.say(
        response,
        custom=facts(form, field),
        buttons=choices(turn, form, field),
        noted=noted,
        question=spec.ask,
    )


def choices(turn: Turn, form: Form, field: str) -> list[Button]:
    """Buttons for fields with fixed answers, and to pass over what may stay open."""
    spec = form.spec(field)
    if spec.kind == "category":
        shown = told.likely(turn, form) or form.company.complaints.buttons()
        return [button(title, "inform", category=name) for name, title in shown.items()]
    if spec.kind in ("choice", "yes_no") and spec.choices:
        return [button(c.title, "inform", field=field, value=c.value) for c in spec.choices]
    if spec.kind == "yes_no":
        return [button("有", "inform", field=field, value="yes"), button("没有", "inform", field=field, value="no")]
    if spec.kind == "evidence" or form.offers(field):
        return [button("没有，跳过", "inform", field=field, value="skip")]
    if spec.kind == "order" and spec.may_be_unknown:
        return [button("找不到订单号", "inform", field=field, value="skip")]
    return []


def button(title: str, intent: str, **entities: str) -> Button:
    """A choice; pressing it means the intent with these values."""
    payload = json.dumps(entities, ensure_ascii=False) if entities else ""
    return {"title": title, "payload": f"/{intent}{payload}"}


def read_back(turn: Turn, form: Form) -> None:
    """Everything once more, to be confirmed (C1)."""
    turn.set(requested_slot=CONFIRM)
    turn.say("utter_confirm", custom=facts(form, CONFIRM, "confirm"), summary=form.summary())


def ask_again(turn: Turn, form: Form, field: str) -> None:
    """The pending question once more, after an interruption."""
    turn.set(requested_slot=field)
    if field == CONFIRM:
        turn.say("utter_confirm_again", custom=facts(form, CONFIRM, "confirm"))
        return
    turn.say(
        "utter_ask_again", custom=facts(form, field), buttons=choices(turn, form, field), question=form.spec(field).ask
    )


def explain(turn: Turn, form: Form, field: str) -> None:
    """Why a field is asked for, and the question again."""
    spec = form.spec(field)
    turn.say(
        "utter_why", custom=facts(form, field), buttons=choices(turn, form, field), why=spec.why, question=spec.ask
    )


def exemplify(turn: Turn, form: Form, field: str) -> None:
    """What a question means, by its purpose and an example, and the question again."""
    spec = form.spec(field)
    shown: Json = {"custom": facts(form, field), "buttons": choices(turn, form, field)}
    response = "utter_meant_example" if spec.example else "utter_meant"
    turn.say(response, **shown, why=spec.why, question=spec.ask, example=spec.example)


def wait(turn: Turn, form: Form, field: str) -> None:
    """A moment is asked for: the question stays open and is not repeated."""
    state = "confirm" if field == CONFIRM else "ask"
    turn.set(requested_slot=field, tries=turn.slot("tries") or 0)
    turn.say("utter_take_time", custom=facts(form, field, state))


def ask_which(turn: Turn, form: Form) -> None:
    """Which of the known values is wrong."""
    known = [button(form.spec(name).title, "correct_info", field=name) for name in form.values()]
    turn.set(tries=turn.slot("tries") or 0)
    field = str(turn.slot("requested_slot") or CONFIRM)
    state = "confirm" if field == CONFIRM else "ask"
    turn.say("utter_which_field", custom=facts(form, field, state), buttons=known)
