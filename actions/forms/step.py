"""One message inside a form: an answer, a correction, a why, a confirmation, or none of these.

Setting no slot means "not for the form": Rasa then lets the rule of the message's intent act, and the form
asks its question again afterwards.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from actions.forms import questions
from actions.forms.answers import Answer, Given, Wrong, parse, unknown_value
from actions.forms.correct import is_correction, mentioned, new_values
from actions.forms.form import CONFIRM, Form
from actions.forms.lexicon import WHERE_IS_IT, asks_why, is_question
from actions.forms.volunteered import account, volunteered
from actions.heard import Heard, Json
from actions.turn import Turn
from helpdesk.company import FieldSpec
from helpdesk.model.ticket import Kind

FREE_TEXT = frozenset({"text", "evidence"})
ALWAYS = frozenset({"request_human", "stop_form", "withdraw_complaint"})
"""These interrupt even when the message holds a value."""
IN_FREE_TEXT = ALWAYS | {"ask_faq", "thank", "ask_capabilities", "bot_challenge", "goodbye", "greet", "check_ticket"}
"""What interrupts a question that any words answer; the rest is part of the story told."""
NEVER = frozenset({"inform", "affirm", "deny", "out_of_scope", "correct_info", "file_complaint"})
STORY_TOO = frozenset({
    "express_anger", "request_repair", "request_exchange", "request_refund", "check_order", "urge_ticket",
    "dispute_result",
})  # fmt: skip
"""What an account of what happened is also taken for."""
MESSAGES = frozenset({Kind.CALLBACK, Kind.OFFLINE_MESSAGE, Kind.SUGGESTION})
"""What is left for a person to read may well be a question."""
SURE = 0.6
LIKELY = 0.35
CERTAIN = 0.8
VAGUE = frozenset({"choice", "too_short", "refused"})
"""Failed answers that any short sentence looks like; with digits in it, it was meant as an answer."""
TRIES_UNTIL_HELP = 2
OTHER = "other"
STORY = 8
"""Characters from which an answer to another question is also kept as the account of what happened."""


async def step(turn: Turn, name: str) -> None:
    """Deal with a message while the form `name` is active."""
    form = Form.of(turn, name)
    requested = str(turn.slot("requested_slot") or form.next_field())
    _deal_with(turn, form, requested)
    if turn.decided.slots and "requested_slot" not in turn.decided.slots:
        turn.set(requested_slot=requested)  # a form that names no field to ask for counts as done


def _deal_with(turn: Turn, form: Form, requested: str) -> None:
    if turn.has_acted:
        resume(turn, form)
    elif _answers_another_question(turn):
        return
    elif asks_why(turn.heard.plain) and requested != CONFIRM and turn.heard.intent != "request_human":
        turn.set(tries=turn.slot("tries") or 0)
        questions.explain(turn, form, requested)
    elif is_correction(form, turn.heard, requested):
        correct(turn, form, requested)
    elif requested == CONFIRM:
        at_confirm(turn, form)
    else:
        take(turn, form, requested)


def resume(turn: Turn, form: Form) -> None:
    """Another action has dealt with the message: ask on, unless it asked something itself."""
    requested = turn.slot("requested_slot")
    if turn.pending.get("hold"):
        turn.set(requested_slot=requested or form.next_field())
    elif requested and requested == form.next_field():
        questions.ask_again(turn, form, str(requested))
    else:
        questions.ask_next(turn, form)


def _answers_another_question(turn: Turn) -> bool:
    return bool(turn.pending) and turn.heard.intent in ("affirm", "deny")


# ---------------------------------------------------------------- answers


def take(turn: Turn, form: Form, requested: str) -> None:
    """Read an answer, and whatever else was said; help when it is wrong."""
    answer = parse(form.asked(requested), turn.heard)
    if answer is None and form.is_complaint and _tells_more(turn.heard, STORY_TOO):
        _go_on_with_story(turn, form, requested)
        return
    if interrupts(form, requested, turn.heard, answer):
        return
    extra = volunteered(form, turn.heard, requested)
    if isinstance(answer, Given):
        accept(turn, form, {**extra, answer.field: answer.value})
    elif extra:
        accept(turn, form, extra)
    else:
        help_with(turn, form, requested, answer)


def _go_on_with_story(turn: Turn, form: Form, requested: str) -> None:
    """Keep the further account and every value in it, then ask on."""
    values = volunteered(form, turn.heard, requested)
    turn.set(**values)
    form.known.update(values)
    _add_to_story(turn, form)
    questions.ask_again(turn, form, form.next_field())


def interrupts(form: Form, requested: str, heard: Heard, answer: Answer) -> bool:
    """Whether the message is about something else than the question."""
    if heard.is_press:
        return not isinstance(answer, Given)
    is_value = isinstance(answer, Given) and not answer.raw
    if heard.intent in ALWAYS:
        return heard.confidence >= (CERTAIN if is_value else LIKELY)
    if heard.intent == "check_order" and requested == "order" and WHERE_IS_IT.search(heard.plain):
        return True  # the answer keeps the number
    is_try = isinstance(answer, Wrong) and answer.why not in VAGUE
    if heard.intent in NEVER or is_value or is_try:
        return False
    if form.kind in MESSAGES and requested == "description":
        return False
    if isinstance(answer, Given) and form.spec(requested).kind in FREE_TEXT:
        return heard.intent in IN_FREE_TEXT and heard.confidence >= SURE and _is_no_story(heard)
    return heard.confidence >= LIKELY


def _is_no_story(heard: Heard) -> bool:
    return heard.intent != "ask_faq" or is_question(heard.plain)


def accept(turn: Turn, form: Form, values: Json) -> None:
    """Keep the values and ask on."""
    turn.set(**values)
    form.known.update(values)
    _keep_story(turn, form, values)
    turn.set(pending=None, misses=0)
    if form.known.get("danger") == "danger" and not turn.noted("danger"):
        turn.note("danger")
        turn.say("utter_danger_first")
    questions.ask_next(turn, form, values)


def _keep_story(turn: Turn, form: Form, values: Json) -> None:
    """An account of what happened counts as one whatever was asked, and tells the category."""
    told = account(turn.heard)
    if not (form.is_complaint and told):
        return
    new: Json = {}
    if "description" not in form.known and not {"outcome", "evidence"} & set(values) and len(told) >= STORY:
        new["description"] = told
    found = form.company.complaints.find(turn.heard.plain)
    if found and "category" not in form.known:
        new["category"] = found[0]
    turn.set(**new)
    form.known.update(new)


# ---------------------------------------------------------------- help


def help_with(turn: Turn, form: Form, requested: str, answer: Answer) -> None:
    """A second try gets an example, a third an easier way: pass over, or a person (C1, A6)."""
    tries = int(turn.slot("tries") or 0) + 1
    turn.set(tries=tries)
    spec = form.spec(requested)
    shown: Json = {"custom": questions.facts(form, requested), "buttons": questions.choices(turn, form, requested)}
    if tries > _patience(spec) and (spec.may_be_unknown or spec.kind == "category" or form.offers(requested)):
        _pass_over(turn, form, requested)
    elif tries > TRIES_UNTIL_HELP:
        turn.ask("offer_human")
        turn.say("utter_ask_third", **shown, question=spec.ask)
    elif isinstance(answer, Wrong):
        turn.say(
            f"utter_wrong_{answer.why}", **shown, **{"question": spec.ask, "example": spec.example, **answer.fields}
        )
    elif spec.example:
        turn.say("utter_ask_example", **shown, question=spec.ask, example=spec.example)
    else:
        turn.say("utter_ask_second", **shown, question=spec.ask)


def _patience(spec: FieldSpec) -> int:
    """Who finds no fitting choice twice is taken at their word."""
    return 1 if spec.kind == "choice" else TRIES_UNTIL_HELP


def _pass_over(turn: Turn, form: Form, requested: str) -> None:
    is_category = form.spec(requested).kind == "category"
    words = OTHER if is_category else turn.heard.text.strip() or unknown_value(requested)
    turn.set(**{requested: words})
    form.known[requested] = words
    questions.ask_next(turn, form, {requested: words})


# ---------------------------------------------------------------- corrections and the read-back


def correct(turn: Turn, form: Form, requested: str) -> None:
    """Change one value; ask for it, or which one it is, when that was not said."""
    values = new_values(form, turn.heard)
    if values:
        turn.set(**values, tries=0, pending=None)
        form.known.update(values)
        said = "、".join(f"{form.spec(name).title} {form.shown(name, value)}" for name, value in values.items())
        turn.say("utter_corrected", corrected=said)
        questions.ask_next(turn, form)
        return
    named = mentioned(form, turn.heard)
    if named:
        turn.set(tries=0, pending=None, **{named[0]: None})
        turn.say("utter_correct_ask", custom=questions.facts(form, named[0]), question=form.spec(named[0]).ask,
                 buttons=questions.choices(turn, form, named[0]))  # fmt: skip
        turn.set(requested_slot=named[0])
        return
    turn.set(tries=turn.slot("tries") or 0)
    questions.ask_which(turn, form)


def at_confirm(turn: Turn, form: Form) -> None:
    """The read-back waits for a yes; a no asks which value is wrong, anything new is added."""
    heard = turn.heard
    if heard.intent == "affirm" or says_confirm(heard.plain):
        turn.set(checking=None, requested_slot=None, pending=None)
    elif heard.intent == "deny":
        turn.set(tries=0)
        questions.ask_which(turn, form)
    elif named_only(form, heard):
        correct(turn, form, CONFIRM)
    else:
        _add(turn, form)


def says_confirm(plain: str) -> bool:
    """「确认提交」, 「没问题，提交吧」."""
    return (
        len(plain) <= 12
        and any(word in plain for word in ("确认", "提交", "没问题", "没错", "都对", "无误"))
        and "不" not in plain
    )


def named_only(form: Form, heard: Heard) -> bool:
    """Just the name of a field, after being asked which one is wrong: 「电话」."""
    return len(heard.plain) <= 6 and bool(mentioned(form, heard))


def _tells_more(heard: Heard, also: Set[str] = frozenset()) -> bool:
    """A further part of the story, whatever was asked."""
    return not heard.is_press and heard.intent in NEVER | also and len(account(heard) or "") >= STORY


def _add_to_story(turn: Turn, form: Form) -> None:
    told = f"{form.known.get('description', '')}；{turn.heard.text.strip()}".strip("；")
    turn.set(description=told)
    form.known["description"] = told
    turn.say("utter_added")


def _add(turn: Turn, form: Form) -> None:
    """New values replace the old; a further account is added to the description; the rest is no answer."""
    fresh = replace(form, known={"category": form.known.get("category")})
    values = {k: v for k, v in volunteered(fresh, turn.heard).items() if k not in ("category", "product", "outcome")}
    if turn.heard.intent in NEVER and values:
        turn.set(**values)
        form.known.update(values)
        said = "、".join(f"{form.spec(name).title} {form.shown(name, value)}" for name, value in values.items())
        turn.say("utter_corrected", corrected=said)
        questions.read_back(turn, form)
    elif _tells_more(turn.heard):
        _add_to_story(turn, form)
        questions.read_back(turn, form)
