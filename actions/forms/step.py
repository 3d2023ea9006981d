"""One message inside a form: an answer, a correction, a why, a confirmation, or none of these.

Setting no slot means "not for the form": Rasa then lets the rule of the message's intent act, and the form
asks its question again afterwards.
"""

from __future__ import annotations

from actions.forms import assist, questions, readback
from actions.forms.answers import ANYTHING, Answer, Given, Wrong, exact_choice, parse
from actions.forms.aside import answered_aside
from actions.forms.correct import is_correction
from actions.forms.form import CONFIRM, Form
from actions.forms.lexicon import (
    ASKS_FOR_PERSON,
    PICTURE,
    STOPS,
    WHERE_IS_IT,
    asks_advice,
    asks_why,
    is_question,
)
from actions.forms.moves import another, asks_a_moment, goes_back, goes_on, puts_off, switch, takes_leave
from actions.forms.values import keep
from actions.forms.volunteered import account, volunteered
from actions.heard import Heard, Json
from actions.turn import Turn
from helpdesk.model.ticket import Kind
from zhtext.values.unsaid import is_refusal

FREE_TEXT = frozenset({"text", "evidence"})
WISHES = ("complain", "refund", "exchange", "repair", "install", "invoice", "compensate", "callback", "cancel_order")
ALWAYS = frozenset({"request_human", "stop_form", "withdraw_complaint"})
"""These interrupt even when the message holds a value."""
IN_FREE_TEXT = ALWAYS | {"ask_faq", "thank", "ask_capabilities", "bot_challenge", "goodbye", "greet", "check_ticket"}
"""What interrupts a question that any words answer; the rest is part of the story told."""
NEVER = readback.NEVER
STORY_TOO = frozenset({
    "express_anger", "request_repair", "request_exchange", "request_refund", "check_order", "urge_ticket",
    "dispute_result",
})  # fmt: skip
"""What an account of what happened is also taken for."""
MESSAGES = frozenset({Kind.CALLBACK, Kind.OFFLINE_MESSAGE, Kind.SUGGESTION})
"""What is left for a person to read may well be a question."""
TIMES = frozenset({"when", "future"})
NO_STORY = frozenset({"outcome", "evidence"})
"""Answers to these are no account of what happened."""
IDENTIFYING = frozenset({"phone", "email", "wechat", "order", "ticket", "amount"})
ASKS_FOR_MORE = frozenset({"ticket_number", "ticket_digits", "order_number", "advice", "anything_else"})
"""Open questions that a yes or a no does not answer."""
JUST_GO_ON = 8
SURE = 0.6
INTERRUPTS = 0.35
INTERRUPTS_A_VALUE = 0.8
"""How sure an intent must be to come before the answer to a question; surer, where the words are also a value."""
VAGUE = frozenset({"choice", "too_short", "refused"})
"""Failed answers that any short sentence looks like; with digits in it, it was meant as an answer."""


async def step(turn: Turn, name: str) -> None:
    """Deal with a message while the form `name` is active."""
    form = Form.of(turn, name)
    requested = str(turn.slot("requested_slot") or form.next_field())
    if turn.has_acted:
        resume(turn, form)
    elif not is_for_others(turn, form, requested):
        _deal_with(await answered_aside(turn, form, requested), form, requested)
    if turn.decided.slots and not turn.decided.ends_form and "requested_slot" not in turn.decided.slots:
        turn.set(requested_slot=requested)  # a form that names no field to ask for counts as done


def is_for_others(turn: Turn, form: Form, requested: str) -> bool:
    """The answer to an open question that is not the form's, or a matter that is to be done first."""
    if turn.pending and turn.pending.get("kind") not in ASKS_FOR_MORE and turn.heard.intent in ("affirm", "deny"):
        return True
    if turn.heard.is_press:
        return False
    plain = turn.heard.plain
    if takes_leave(plain) or switch(plain, form.kind) is not None:
        return True
    return requested != "outcome" and another(plain, form.kind) is not None


def _deal_with(turn: Turn, form: Form, requested: str) -> None:
    heard = turn.heard
    if _moves(turn, form, requested):
        return
    if PICTURE.search(heard.text) and "evidence" in form.names() and requested != "evidence":
        readback.add_picture(turn, form, requested)
    elif asks_why(heard.plain) and not is_refusal(heard.plain) and requested != CONFIRM and not _wants_person(heard):
        turn.set(tries=turn.slot("tries") or 0)
        questions.explain(turn, form, requested)
    elif requested not in ANYTHING and not is_refusal(heard.plain) and is_correction(form, heard, requested):
        readback.correct(turn, form, requested)
    elif requested == CONFIRM:
        readback.at_confirm(turn, form)
    else:
        take(turn, form, requested)


def _wants_person(heard: Heard) -> bool:
    return heard.intent == "request_human"


def _moves(turn: Turn, form: Form, requested: str) -> bool:
    """A moment, later, back, on: what is done inside a form beside answering it."""
    heard = turn.heard
    if heard.is_press or IDENTIFYING & set(heard.values) or _wants_person(heard):
        return False
    if puts_off(heard.plain):
        readback.put_off(turn)
    elif goes_back(heard.plain):
        readback.go_back(turn, form)
    elif asks_a_moment(heard.plain):
        questions.wait(turn, form, requested)
    elif goes_on(heard.plain) and (len(heard.plain) <= JUST_GO_ON or _kind(form, requested) not in FREE_TEXT):
        turn.set(tries=turn.slot("tries") or 0)
        questions.ask_again(turn, form, requested)
    else:
        return False
    return True


def resume(turn: Turn, form: Form) -> None:
    """Another action has dealt with the message: ask on, unless it asked something itself."""
    requested = turn.slot("requested_slot")
    if turn.pending.get("hold"):
        turn.set(requested_slot=requested or form.next_field())
    elif requested and (requested == form.next_field() or _is_open(form, str(requested))):
        questions.ask_again(turn, form, str(requested))
    else:
        questions.ask_next(turn, form)


def _is_open(form: Form, field: str) -> bool:
    """Whether a field is still to be answered, asked out of turn as it may be."""
    return field in form.names() and field not in form.known


def _kind(form: Form, field: str) -> str:
    return form.spec(field).kind if field in form.company.fields else ""


# ---------------------------------------------------------------- answers


def take(turn: Turn, form: Form, requested: str) -> None:
    """Read an answer, and whatever else was said; help when it is wrong."""
    answer = parse(form.asked(requested), turn.heard)
    if isinstance(answer, Given) and answer.raw and is_no_answer(turn.heard):
        answer = None
    if answer is None and form.is_complaint and readback.tells_more(turn.heard, STORY_TOO):
        _go_on_with_story(turn, form, requested)
        return
    extra = {} if requested in ANYTHING else volunteered(form, turn.heard, requested)
    if "second_contact" not in extra and interrupts(form, requested, turn.heard, answer):
        return
    if isinstance(answer, Given):
        accept(turn, form, {**extra, answer.field: answer.value}, requested)
    elif extra or (extra := _chosen_again(form, turn.heard)):
        accept(turn, form, extra, requested)
    else:
        assist.help_with(turn, form, requested, answer)


ANSWERS = ("answer", "story", "choose", "affirm", "deny", "has_none", "unknown", "correct", *WISHES)
NO_ANSWERS = ("grumble", "anger", "sarcasm", "why", "unclear", "wait", "later", "back", "stop", "thank", "greet")


def is_no_answer(heard: Heard) -> bool:
    """「没完没了的问，晕」: any words would do, but these are about something else, and surely so."""
    surest = max((heard.acts.get(act, 0.0) for act in NO_ANSWERS), default=0.0)
    return surest >= SURE and not heard.says(*ANSWERS)


def _go_on_with_story(turn: Turn, form: Form, requested: str) -> None:
    """Keep the further account and every value in it, then ask on."""
    keep(turn, form, volunteered(form, turn.heard, requested))
    readback.add_to_story(turn, form)
    questions.ask_again(turn, form, form.next_field())


def interrupts(form: Form, requested: str, heard: Heard, answer: Answer) -> bool:
    """Whether the message is about something else than the question."""
    if heard.is_press:
        return not isinstance(answer, Given)
    is_value = isinstance(answer, Given) and not answer.raw
    is_refused = isinstance(answer, Wrong) and answer.why == "refused"
    if is_refused and heard.intent != "request_human" and not STOPS.search(heard.plain):
        return False
    if requested == "channel" and isinstance(answer, Given) and not ASKS_FOR_PERSON.search(heard.plain):
        return False  # 「电话客服」 is where it happened
    if is_value and form.spec(requested).kind == "name" and not ASKS_FOR_PERSON.search(heard.plain):
        return False  # 「谌主任」 is how they are called
    if heard.intent in ALWAYS:
        return heard.confidence >= (INTERRUPTS_A_VALUE if is_value else INTERRUPTS)
    if heard.intent == "check_order" and _asks_for_an_order(heard, requested):
        return True  # the answer keeps the number
    if asks_advice(heard.plain) and not is_value:
        return True
    if is_value and form.spec(requested).kind in TIMES and heard.intent not in NEVER and is_question(heard.plain):
        return True  # 「周末上班吗」 names a time and tells none
    is_try = isinstance(answer, Wrong) and answer.why not in VAGUE
    if heard.intent in NEVER or is_value or is_try:
        return False
    if form.kind in MESSAGES and requested == "description":
        return False
    if isinstance(answer, Given) and form.spec(requested).kind in FREE_TEXT:
        return heard.intent in IN_FREE_TEXT and heard.confidence >= SURE and _is_no_story(heard)
    return heard.confidence >= INTERRUPTS and (form.spec(requested).kind != "choice" or _is_no_story(heard))


def _asks_for_an_order(heard: Heard, requested: str) -> bool:
    return (requested == "order" or "order" in heard.values) and bool(WHERE_IS_IT.search(heard.plain))


def _is_no_story(heard: Heard) -> bool:
    return heard.intent != "ask_faq" or is_question(heard.plain)


def _chosen_again(form: Form, heard: Heard) -> Json:
    """「送错了」 said later: another choice than the one taken before."""
    choices = [name for name in form.names() if form.spec(name).kind == "choice"]
    said = {name: value for name in choices if (value := exact_choice(form.spec(name), heard.plain))}
    return dict(list(said.items())[:1])


def accept(turn: Turn, form: Form, values: Json, requested: str) -> None:
    """Keep the values and ask on."""
    keep(turn, form, values)
    _keep_story(turn, form, requested)
    turn.set(pending=None, misses=0)
    if form.known.get("danger") == "danger" and not turn.noted("danger"):
        turn.note("danger")
        turn.say("utter_danger_first")
    questions.ask_next(turn, form, values)


def _keep_story(turn: Turn, form: Form, requested: str) -> None:
    """An account of what happened counts as one whatever was asked, and tells the category."""
    told = account(turn.heard)
    if not (form.is_complaint and told):
        return
    new: Json = {}
    if "description" not in form.known and requested not in NO_STORY and len(told) >= readback.STORY:
        new["description"] = told
    found = form.company.complaints.find(turn.heard.plain)
    if found and "category" not in form.known:
        new["category"] = found[0]
    keep(turn, form, new)
