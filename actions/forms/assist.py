"""An answer that is none: what is wrong with it, then an example, then an easier way (C1, A6)."""

from __future__ import annotations

from actions.forms import questions
from actions.forms.answers import Answer, Wrong, as_refused
from actions.forms.form import Form
from actions.forms.questions import button
from actions.forms.values import keep
from actions.heard import Json
from actions.turn import Button, Turn
from helpdesk.company import FieldSpec
from helpdesk.model.field import UNKNOWN, known

PATIENCE = 2
"""Failed answers until an example is given, with a way round the question."""
OTHER = "other"
REFUSED = "refused"
VAGUE = frozenset({"choice", "too_short", "name"})
"""What is wrong with these says no more than an example does."""
UNNAMED = {"phone": "utter_refused_phone"}
"""Fields that we can hardly do without: at the first refusal it is said how far one can stay unnamed."""


def help_with(turn: Turn, form: Form, requested: str, answer: Answer) -> None:
    """One more try at a field."""
    tries = _one_more_try(turn)
    if isinstance(answer, Wrong) and answer.why == REFUSED:
        _refuse(turn, form, requested, tries)
    elif tries > _patience(form.spec(requested)) and _can_pass(form, requested):
        _pass_over(turn, form, requested)
    elif tries > PATIENCE:
        turn.ask("offer_human")
        turn.say("utter_ask_third", **_shown(turn, form, requested), question=form.spec(requested).ask)
    elif tries == PATIENCE:
        _show_example(turn, form, requested, answer)
    else:
        _say_what_is_wrong(turn, form, requested, answer)


def _shown(turn: Turn, form: Form, requested: str) -> Json:
    return {"custom": questions.facts(form, requested), "buttons": questions.choices(turn, form, requested)}


def _patience(spec: FieldSpec) -> int:
    """Who finds no fitting choice twice is taken at their word."""
    return 1 if spec.kind == "choice" else PATIENCE


def _can_pass(form: Form, requested: str) -> bool:
    spec = form.spec(requested)
    return spec.may_be_unknown or spec.kind == "category" or form.offers(requested)


def _say_what_is_wrong(turn: Turn, form: Form, requested: str, answer: Answer) -> None:
    spec = form.spec(requested)
    shown = _shown(turn, form, requested)
    if isinstance(answer, Wrong):
        given = {"question": spec.ask, "example": spec.example, **answer.fields}
        turn.say(f"utter_wrong_{answer.why}", **shown, **given)
    elif spec.example:
        turn.say("utter_ask_example", **shown, question=spec.ask, example=spec.example)
    else:
        turn.say("utter_ask_second", **shown, question=spec.ask)


def _show_example(turn: Turn, form: Form, requested: str, answer: Answer) -> None:
    """The second time: an example, and the question may be left."""
    spec = form.spec(requested)
    shown = _shown(turn, form, requested)
    passes = spec.may_be_unknown or form.offers(requested)
    ways: list[Button] = [button("先空着", "inform", field=requested, value="skip")] if passes else []
    shown["buttons"] = [*shown["buttons"], *ways, button("转人工", "request_human")]
    if isinstance(answer, Wrong) and answer.why not in VAGUE:
        given = {"question": spec.ask, "example": spec.example, **answer.fields}
        turn.say(f"utter_wrong_{answer.why}", **shown, **given)
    elif requested == "phone":
        turn.say("utter_help_contact", **shown, example=spec.example)
    elif spec.example and passes:
        turn.say("utter_help_or_leave", **shown, question=spec.ask, example=spec.example)
    elif spec.example:
        turn.say("utter_help_example", **shown, question=spec.ask, example=spec.example)
    else:
        turn.say("utter_help_person", **shown, question=spec.ask)


def ask_for_rest(turn: Turn, form: Form, requested: str) -> None:
    """What was told is kept, and only begins a value: the rest is asked for, once."""
    spec = form.spec(requested)
    turn.set(requested_slot=requested, tries=0)
    turn.say(f"utter_wrong_{requested}", **_shown(turn, form, requested), question=spec.ask, example=spec.example)


def refused(turn: Turn, form: Form, requested: str) -> None:
    """A refusal is accepted, and asked no more; how one can stay unnamed is said first, where that is needed (C1)."""
    _refuse(turn, form, requested, _one_more_try(turn))


def _one_more_try(turn: Turn) -> int:
    """How often the field was asked for in vain, this time included."""
    tries = int(turn.slot("tries") or 0) + 1
    turn.set(tries=tries)
    return tries


def _refuse(turn: Turn, form: Form, requested: str, tries: int) -> None:
    spec = form.spec(requested)
    shown = _shown(turn, form, requested)
    is_told = tries >= PATIENCE or requested not in UNNAMED
    withheld = as_refused(form.asked(requested), form.offers(requested)) if is_told else None
    if withheld:
        keep(turn, form, {withheld.field: withheld.value})
        turn.say("utter_refusal_accepted")
        questions.ask_next(turn, form)
    elif requested in UNNAMED and tries < PATIENCE:
        turn.say(UNNAMED[requested], **shown, why=spec.why)
    elif tries >= PATIENCE:
        turn.ask("offer_human")
        turn.say("utter_ask_third", **shown, question=spec.ask)
    else:
        turn.say("utter_wrong_refused", **shown, question=spec.ask, why=spec.why)


def _pass_over(turn: Turn, form: Form, requested: str) -> None:
    """Left open; what was said instead is kept in the account."""
    is_category = form.spec(requested).kind == "category"
    value = OTHER if is_category else dict(UNKNOWN)
    said = turn.heard.text.strip()
    if said and not is_category and "description" in form.names():
        told = str(known(form.known.get("description")) or "")
        keep(turn, form, {"description": f"{told}；{form.spec(requested).title}：{said}".strip("；")})
    keep(turn, form, {requested: value})
    questions.ask_next(turn, form, {requested: value})
