"""A question beside something else: answered shortly, and nothing else is asked because of it."""

from __future__ import annotations

from actions.decide.acts import FEELINGS, QUESTIONS
from actions.decide.registering import ANY_WORDS
from actions.forms.accounts import together
from actions.forms.form import Form
from actions.talk import cases, faq, orders, own, products, returnable, warranty
from actions.turn import Turn

NOTED = "aside_noted"
"""That it is noted was said already; the same words are not pasted again."""


async def beside(turn: Turn) -> None:
    """A question in a message that does something else, too: answered when an article is sure of it, else noted."""
    if await own.answered(turn) or warranty.told(turn) or await returnable.answered(turn):
        return
    if await faq.answer_question(turn) or _told_who_answers(turn) or not turn.form:
        return
    asked = faq.asked_in(turn, turn.heard.text)
    if asked and len(asked[-1]) >= faq.REAL_QUESTION and _is_asked(turn, asked[-1]):
        await _not_known(turn, asked[-1])


async def at_opening(turn: Turn) -> None:
    """「登记吧，师傅要不要钱」: what is asked of the matter that this message began; its first question comes last."""
    is_opened = bool(turn.form) and turn.form != turn.began_in and not turn.heard.is_press
    is_answered = bool(turn.decided.articles) or any(one.startswith(OF_OWN) for one in turn.decided.said)
    if is_opened and not is_answered and faq.asked_in(turn, turn.heard.text) and await own.answered(turn):
        turn.ask_last()


OF_OWN = "utter_own_"
"""How the names of what answers a question about one's own matter begin."""


def _is_asked(turn: Turn, clause: str) -> bool:
    """「邮箱错了，是…，再开两份行不」: a clause without any value of the answer asks, however it was read.

    「都说几遍了烦不烦」 only sounds asked.
    """
    if turn.reading.says(*FEELINGS) and not turn.reading.says(*QUESTIONS):
        return False
    told = [one for one in turn.heard.entities if one["entity"] != "product"]  # a thing is named in questions, too
    holds_value = any(str(one.get("text") or one["value"]) in clause for one in told)
    return turn.reading.says("ask", "ask_own") or not holds_value


async def answer(turn: Turn) -> None:
    """Whatever is asked inside a form, by the nearest thing it can be about."""
    if turn.reading.intent == "bot_challenge" and not turn.reading.says(*QUESTIONS) and _told_who_answers(turn):
        return
    if own.by_rule(turn) and await faq.answer_each(turn):
        return
    if await own.answered(turn) or warranty.told(turn) or await returnable.answered(turn):
        return
    reading, values = turn.reading, turn.heard.values
    if (
        turn.form
        and reading.says("hurry")
        and not {"order", "ticket"} & set(values)
        and _pass_on(turn, turn.heard.text.strip())
    ):
        turn.say("utter_hurry_in_form")
    elif reading.says("dispute", "hurry") and not values.get("order"):
        await cases.hurry_or_tell(turn)
    elif _asks_for_order(turn) and (values.get("order") or turn.slot("order")):
        await orders.check(turn)
    elif reading.says("status"):
        await cases.tell(turn)
    elif not (
        (products.is_asked(turn) and await products.answered_with_rest(turn))
        or await faq.answer_part(turn)
        or _told_who_answers(turn)
    ):
        await _not_known(turn, turn.heard.text.strip())


def _told_who_answers(turn: Turn) -> bool:
    """「你是机器还是人」 in a form: told honestly, and what is under way goes on; whether it was asked."""
    if not (turn.form and own.asks_of_bot(turn)):
        return False
    turn.say("utter_challenge_in_form")
    return True


def _asks_for_order(turn: Turn) -> bool:
    return turn.reading.says("status", "hurry") or turn.reading.intent == "check_order"


async def _not_known(turn: Turn, asked: str) -> None:
    """Nobody is left without a word: it is noted for an editor, and whoever deals with the matter sees it."""
    if {"utter_aside_noted", "utter_aside_noted_too"} & set(turn.decided.said):
        return
    await turn.stage("unanswered", {"text": asked, "suggested": []})
    _pass_on(turn, asked)
    turn.say("utter_aside_noted_too" if turn.noted(NOTED) else "utter_aside_noted")
    turn.note(NOTED)


def _pass_on(turn: Turn, asked: str) -> bool:
    """Whoever deals with the matter learns what was asked, where it has an account; whether it has.

    A call is about what is asked: there it is the account.
    """
    form = Form.of(turn, turn.form) if turn.form else None
    if form is None or "description" not in form.names():
        return False
    if form.kind in ANY_WORDS:
        turn.set(description=together([str(turn.known("description") or ""), asked], form.company, form.kind))
    else:
        turn.decided.frame = turn.frame.wondering(asked)
    return True
