"""Everything read back, and every value put right: also before, one step back, and later on."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from actions.forms import questions
from actions.forms.answers import NO_EVIDENCE
from actions.forms.correct import mentioned, new_values
from actions.forms.form import CONFIRM, Form
from actions.forms.values import LONG_NUMBER, forget, keep
from actions.forms.volunteered import account, volunteered
from actions.heard import Heard, Json
from actions.turn import Turn
from helpdesk.model.field import known

BROUGHT = frozenset({"name", "phone", "email", "wechat", "second_contact", "order"})
CONFIRMS = re.compile(
    r"确认|确定|提交|交吧|没问题|没有问题|没错|没有错|都对|全对|对了|无误|就这样|就这些|可以了?|赶紧|快|帮我|给我|请|好的?|嗯|行|那|这次|都|是的?|对的?|吧|了|啊|呀|哈|[,，。.!！\s]"
)
ADDS = re.compile(r"补充|^(?:再|还)(?:加|说)(?:一)?[句点下条]|还有一[点句件]")
LEFT_OVER = 1
NEVER = frozenset({"inform", "affirm", "deny", "out_of_scope", "correct_info", "file_complaint"})
"""Intents of words that are no wish of their own."""
STORY = 8
"""Characters from which an answer to another question is also kept as the account of what happened."""


def go_back(turn: Turn, form: Form) -> None:
    """The answer before this question is given anew; with none before, whichever is wrong is asked for."""
    known = [name for name in turn.slot("answered") or [] if name in form.known and name in form.company.fields]
    if known:
        _ask_anew(turn, form, known[-1], "utter_back_ask")
    else:
        turn.set(tries=turn.slot("tries") or 0)
        questions.ask_which(turn, form)


def _ask_anew(turn: Turn, form: Form, name: str, response: str) -> None:
    forget(turn, form, name)
    turn.set(tries=0, pending=None, requested_slot=name)
    spec = form.spec(name)
    turn.say(
        response, custom=questions.facts(form, name), question=spec.ask, buttons=questions.choices(turn, form, name)
    )


def add_picture(turn: Turn, form: Form, requested: str) -> None:
    """A picture sent at another question is evidence all the same."""
    before = str(known(form.known.get("evidence")) or "")
    kept = before if before != NO_EVIDENCE else ""
    keep(turn, form, {"evidence": f"{kept} {turn.heard.text.strip()}".strip()})
    turn.say("utter_added")
    questions.ask_again(turn, form, requested)


def put_off(turn: Turn) -> None:
    """Later: everything is kept, nothing more is asked."""
    turn.leave_form(park=True)
    turn.say("utter_put_off")


def correct(turn: Turn, form: Form, requested: str) -> None:
    """Change one value; ask for it, or which one it is, when that was not said."""
    values = new_values(form, turn.heard)
    if values:
        _mend_story(turn, form, values)
        keep(turn, form, values)
        turn.set(tries=0, pending=None)
        said = "、".join(f"{form.spec(name).title} {form.shown(name, value)}" for name, value in values.items())
        turn.say("utter_corrected", corrected=said)
        questions.ask_next(turn, form)
        return
    named = mentioned(form, turn.heard)
    if named:
        _ask_anew(turn, form, named[0], "utter_correct_ask")
        return
    turn.set(tries=turn.slot("tries") or 0)
    questions.ask_which(turn, form)


def _mend_story(turn: Turn, form: Form, values: Json) -> None:
    """A number that was wrong does not live on in the account it was told in."""
    told = str(known(form.known.get("description")) or "")
    for name, value in values.items():
        old = str(known(form.known.get(name)) or "")
        if len(old) >= LONG_NUMBER and old in told:
            told = told.replace(old, str(value))
    if told != (form.known.get("description") or ""):
        turn.set(description=told)
        form.known["description"] = told


def at_confirm(turn: Turn, form: Form) -> None:
    """The read-back waits for a yes; a no asks which value is wrong, anything new is added."""
    heard = turn.heard
    if BROUGHT & set(heard.values) and not heard.is_press:
        _add(turn, form)
    elif heard.intent == "affirm" or says_confirm(heard.plain):
        turn.set(checking=None, requested_slot=None, pending=None)
    elif heard.intent == "deny":
        turn.set(tries=0)
        questions.ask_which(turn, form)
    elif _named_only(form, heard):
        correct(turn, form, CONFIRM)
    else:
        _add(turn, form)


def says_confirm(plain: str) -> bool:
    """「确认提交」, 「没问题，提交吧」."""
    means = any(
        word in plain for word in ("确认", "确定", "提交", "交吧", "没问题", "没错", "对", "无误", "就这样", "可以")
    )
    return means and len(CONFIRMS.sub("", plain)) <= LEFT_OVER and "不" not in plain


def _named_only(form: Form, heard: Heard) -> bool:
    """Just the name of a field, after being asked which one is wrong: 「电话」."""
    return len(heard.plain) <= 6 and bool(mentioned(form, heard))


def tells_more(heard: Heard, also: Set[str] = frozenset()) -> bool:
    """A further part of the story, whatever was asked."""
    return not heard.is_press and heard.intent in NEVER | also and len(account(heard) or "") >= STORY


def add_to_story(turn: Turn, form: Form) -> None:
    told = f"{known(form.known.get('description')) or ''}；{turn.heard.text.strip()}".strip("；")
    turn.set(description=told)
    form.known["description"] = told
    turn.say("utter_added")


def _add(turn: Turn, form: Form) -> None:
    """New values replace the old; a further account is added to the description; the rest is no answer."""
    if ADDS.search(turn.heard.plain) and not BROUGHT & set(turn.heard.values):
        add_to_story(turn, form)
        questions.read_back(turn, form)
        return
    fresh = replace(form, known={"category": form.known.get("category")})
    values = {k: v for k, v in volunteered(fresh, turn.heard).items() if k not in ("category", "product", "outcome")}
    if values and (turn.heard.intent in NEVER or BROUGHT & set(values)):
        _mend_story(turn, form, values)
        keep(turn, form, values)
        said = "、".join(f"{form.spec(name).title} {form.shown(name, value)}" for name, value in values.items())
        turn.say("utter_corrected", corrected=said)
        questions.read_back(turn, form)
    elif tells_more(turn.heard):
        add_to_story(turn, form)
        questions.read_back(turn, form)
