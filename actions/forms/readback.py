"""Everything read back, and every value put right: also before, one step back, and later on."""

from __future__ import annotations

from actions.forms import questions
from actions.forms.answers import NO_EVIDENCE
from actions.forms.form import Form
from actions.forms.values import forget, keep, retold
from actions.heard import Heard, Json
from actions.turn import Turn
from helpdesk.model import picture
from helpdesk.model.field import UNKNOWN, known


def renew(turn: Turn, form: Form, values: Json) -> None:
    """New values take the place of the old ones, are said back, and the form goes on where it was."""
    say_changed(turn, form, values)
    questions.ask_next(turn, form)


def say_changed(turn: Turn, form: Form, values: Json) -> None:
    """Keep new values and say which ones are other than before; that one stands already is said, too."""
    changed = {name: value for name, value in values.items() if form.known.get(name) != value}
    _mend_story(turn, form, values)
    keep(turn, form, values)
    turn.set(tries=0)
    shown = [f"{form.spec(name).title} {form.shown(name, value)}" for name, value in (changed or values).items()]
    turn.say("utter_corrected" if changed else "utter_already_so", corrected="、".join(shown))


def leave_out(turn: Turn, form: Form, names: list[str]) -> None:
    """Values that are not to be written down after all."""
    for name in names:
        may_be_absent = form.offers(name)
        forget(turn, form, name)
        if not may_be_absent:
            keep(turn, form, {name: dict(UNKNOWN)})
    turn.set(declined=[*(turn.slot("declined") or []), *names], tries=0)
    turn.say("utter_left_out", left="、".join(form.spec(name).title for name in names))


def go_back(turn: Turn, form: Form) -> None:
    """The answer before this question is given anew; with none before, whichever is wrong is asked for."""
    known = [name for name in turn.slot("answered") or [] if name in form.known and name in form.company.fields]
    if known:
        ask_anew(turn, form, known[-1], "utter_back_ask")
    else:
        questions.ask_which(turn, form)


def ask_anew(turn: Turn, form: Form, name: str, response: str) -> None:
    """A value is asked for again; the old one stays until another comes: nobody is stuck at a question."""
    before = [one for one in turn.slot("answered") or [] if one != name]
    turn.set(tries=0, requested_slot=name, answered=before)
    shown: Json = {"custom": questions.facts(form, name), "buttons": questions.choices(turn, form, name)}
    turn.say(response, **shown, question=form.spec(name).ask)


def is_picture_beside(form: Form, heard: Heard, asked: str) -> bool:
    """A picture sent at another question."""
    return asked != "evidence" and "evidence" in form.names() and picture.is_sent(heard.plain)


def add_picture(turn: Turn, form: Form) -> None:
    """A picture sent at another question is evidence all the same."""
    before = str(known(form.known.get("evidence")) or "")
    kept = before if before != NO_EVIDENCE else ""
    keep(turn, form, {"evidence": f"{kept} {turn.heard.text.strip()}".strip()})
    turn.say("utter_added")


def add_to_story(turn: Turn, form: Form, more: str) -> None:
    told = f"{known(form.known.get('description')) or ''}；{more}".strip("；")
    turn.set(description=told)
    form.known["description"] = told
    turn.say("utter_added")


def _mend_story(turn: Turn, form: Form, values: Json) -> None:
    """What was wrong does not live on in the account it was told in."""
    told = retold(form, values)
    if told != str(known(form.known.get("description")) or ""):
        turn.set(description=told)
        form.known["description"] = told
