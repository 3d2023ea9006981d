"""A handler as one of Rasa's actions: danger first, one reply to a message of two wishes, never silence."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.clauses import affirmed
from actions.forms import start
from actions.forms.lexicon import (
    AND_A_PERSON,
    CALL_ME,
    COMPLAINS,
    NAMES_COMPLAINT,
    NEEDS_HELP,
    asks_advice,
    is_question,
)
from actions.forms.moves import another, gives_up, switch, takes_leave
from actions.heard import Json
from actions.talk import bottom_line, drafts, faq, opinions, orders, products, safety
from actions.turn import COMPLAINT_FORM, FORMS, LISTEN, Handler, Turn
from helpdesk.model.ticket import Kind
from helpdesk.services import Services

SAME_AS: dict[str, tuple[str, ...]] = {
    Kind.COMPLAINT: ("file_complaint",),
    Kind.REFUND: ("request_refund",),
    Kind.EXCHANGE: ("request_exchange",),
    Kind.REPAIR: ("request_repair",),
    Kind.INSTALLATION: ("request_repair",),
    Kind.ORDER_CHANGE: ("change_order", "cancel_order"),
    Kind.INVOICE: ("request_invoice",),
    Kind.CALLBACK: ("request_callback",),
    Kind.OFFLINE_MESSAGE: ("request_callback",),
}
"""Intents that only repeat what the form under way is about."""

Step = Callable[[Turn, str], Awaitable[None]]

QUICK = frozenset({"ask_faq", "check_order", "check_ticket", "product_advice", "praise"})
"""Wishes that are met with one answer, so they come before a form or a person."""
LONG = frozenset({
    "file_complaint", "change_order", "cancel_order", "request_refund", "request_exchange", "request_repair",
    "request_invoice", "request_callback",
})  # fmt: skip
"""Wishes that open a form; a second one waits until the first is done."""


MAYBE_QUESTION = LONG - {"file_complaint"} | {
    "check_order", "check_ticket", "urge_ticket", "inform", "ask_capabilities", "correct_info", "product_advice",
    "make_suggestion", "praise", "bot_challenge", "express_anger", "rate_service",
}  # fmt: skip
MAYBE_IF_ASKED = frozenset({"file_complaint", "dispute_result", "withdraw_complaint", "request_human", "greet"})
"""What is too dear to mistake for a question, unless it is put as one: 「延误了你们赔不赔」."""
AND_THEN = re.compile(r"呢[?？]*$")
IDENTIFIED = frozenset({"order", "phone", "ticket"})
QUESTION_AS_ASKED = 0.05
QUESTION_AS_STATED = 0.15
"""P(ask_faq) from which words put as a question, and any words, are answered as one when an article is sure.

Measured on 1,500 questions and wishes held out from training: two questions in a hundred more, and one wish in a
hundred."""


class Handled(Action):
    """Runs one handler."""

    def __init__(self, name: str, handler: Handler, by_intent: dict[str, Handler], services: Services) -> None:
        self._name = name
        self._handler = handler
        self._by_intent = by_intent
        self._services = services

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(self._services, tracker, dispatcher)
        warn_of_secrets(turn)
        if not await self._goes_before(turn):
            await self._wishes(turn)
        finish(turn)
        return turn.events()

    async def _goes_before(self, turn: Turn) -> bool:
        """What is attended to whatever the words were taken for."""
        if await safety.attend(turn):
            return True
        if await bottom_line.attend(turn) and await bottom_line.settles(turn):
            return True
        if await opinions.attend(turn) or await drafts.take_up(turn) or needs_help(turn):
            return True
        if turn.form and takes_leave(turn.heard.plain):
            await self._by_intent["goodbye"](turn)
            return True
        if wants_call(turn):
            await self._by_intent["request_callback"](turn)
            return True
        if turn.form and asks_advice(turn.heard.plain) and products.kind_in(turn):
            await products.advise(turn)
            return True
        return await self._switches(turn) or waits_for_its_turn(turn)

    async def _switches(self, turn: Turn) -> bool:
        """「先不投诉了，先帮我办退货」: the form gives way, or is given up, for another matter."""
        intent = switch(turn.heard.plain, str(turn.slot("kind"))) if turn.form and not turn.heard.is_press else None
        if intent is None:
            return False
        told = start.give_up(turn) if turn.form != COMPLAINT_FORM and gives_up(turn.heard.plain) else {}
        wished = replace(turn.heard, intent=intent, clauses=())
        await self._by_intent[intent](turn.reading(wished))
        if turn.decided.follow in FORMS:
            turn.set(**told)
        return True

    async def _wishes(self, turn: Turn) -> None:
        """A quick wish first, then the main one; of two long ones the second is promised for later."""
        clauses = turn.heard.clauses
        if turn.form and turn.heard.intent == "withdraw_complaint" and "ticket" not in turn.heard.values:
            await self._by_intent["stop_form"](turn)
            return
        if await faq.rated(turn):
            return
        if denies_what_it_sounds_like(turn):
            await answer_instead(turn)
            return
        if demands_complaint(turn):
            await self._by_intent["file_complaint"](turn)
            return
        if turn.form and turn.heard.intent in LONG:
            _later(turn, {"intent": turn.heard.intent, "text": turn.heard.text})
            return
        if len(clauses) < 2:
            if may_follow_up(turn) and await faq.answer_follow_up(turn):
                return
            if is_rather_question(turn) and await faq.answer_if_sure(turn):
                return
            await self._handler(turn)
            if turn.heard.intent in QUICK and AND_A_PERSON.search(turn.heard.plain):
                await self._by_intent["request_human"](turn)
            return
        for clause in [c for c in clauses if c["intent"] in QUICK][:2]:
            await self._by_intent[clause["intent"]](turn.part(clause))
        rest = [c for c in clauses if c["intent"] not in QUICK]
        if rest:
            await self._main(turn, rest)

    async def _main(self, turn: Turn, rest: list[Json]) -> None:
        first, *later = sorted(rest, key=lambda clause: clause["intent"] not in LONG)
        wanted = "request_human" if any(c["intent"] == "request_human" for c in rest) else first["intent"]
        chosen = next(c for c in rest if c["intent"] == wanted)
        alone = len(rest) == len(turn.heard.clauses)
        await self._by_intent[wanted](turn if alone and wanted in LONG and not later else turn.part(chosen))
        waiting = next((c for c in later if c["intent"] in LONG and c is not chosen), None)
        if waiting and wanted in LONG:
            _later(turn, waiting)


def waits_for_its_turn(turn: Turn) -> bool:
    """「我还想把那个电饭煲退了」 inside another form, whatever it was taken for."""
    if not turn.form or turn.heard.is_press or turn.slot("requested_slot") == "outcome":
        return False
    intent = another(turn.heard.plain, str(turn.slot("kind")))
    if intent is None:
        return False
    _later(turn, {"intent": intent, "text": turn.heard.text})
    return True


def _later(turn: Turn, request: Json) -> None:
    """Another matter while a form is open: remembered and promised; the same once more: the form just goes on."""
    if turn.heard.is_press or request["intent"] in SAME_AS.get(str(turn.slot("kind")), ()):
        turn.say("utter_go_on_in_form")
        return
    values = [{"entity": e["entity"], "value": e["value"]} for e in turn.heard.entities]
    turn.set(next_request={"intent": request["intent"], "text": request["text"], "entities": values})
    turn.say("utter_next_later")


class FormStep(Action):
    """Runs a form's step: danger comes first here too."""

    def __init__(self, form: str, step: Step, services: Services) -> None:
        self._form = form
        self._step = step
        self._services = services

    def name(self) -> str:
        return f"validate_{self._form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(self._services, tracker, dispatcher)
        if not turn.has_acted:
            warn_of_secrets(turn)
            if await safety.attend(turn):
                return turn.events()
            if await bottom_line.attend(turn):
                bottom_line.go_on_in_form(turn, self._form)
                return turn.events()
        await self._step(turn, self._form)
        return turn.events()


STARTED_BY = {
    "file_complaint": ("complain",),
    "request_refund": ("refund",),
    "request_exchange": ("exchange",),
    "request_repair": ("repair", "install"),
    "request_invoice": ("invoice",),
    "change_order": ("change_order",),
    "cancel_order": ("cancel_order",),
    "request_callback": ("callback",),
    "request_human": ("person",),
    "urge_ticket": ("hurry",),
    "withdraw_complaint": ("withdraw",),
}
"""Intents that start something, and the acts that must not be denied for it."""


def denies_what_it_sounds_like(turn: Turn) -> bool:
    """「别给我取消订单，我问什么时候到」 names a wish to say that it is none: nothing is started on it."""
    acts = STARTED_BY.get(turn.heard.intent, ())
    return not turn.heard.is_press and turn.heard.denies(*acts) and not turn.heard.says(*acts)


async def answer_instead(turn: Turn) -> None:
    """What is asked beside the denial is answered; else it is said that nothing is done."""
    said = affirmed(turn.heard.text)
    if said != turn.heard.text or turn.heard.says("ask", "ask_own", "status"):
        if turn.heard.says("status", "ask_own") and "order" in turn.heard.values:
            await orders.check(turn)
            return
        asked = replace(turn.heard, text=said, intent="ask_faq", clauses=())
        if await faq.try_answer(turn.reading(asked)):
            return
    turn.say("utter_go_on_in_form" if turn.form else "utter_not_done")
    if not turn.form:
        turn.ask("anything_else")


HIDES_COMPLAINT = LONG - {"file_complaint"} | {"inform", "out_of_scope", "urge_ticket", "praise", "check_ticket"}
HELPED_OTHERWISE = frozenset({"request_human", "make_suggestion", "file_complaint"})


def needs_help(turn: Turn) -> bool:
    """Who finds it hard to write is offered a person or a call, once and unasked (A6)."""
    is_known = turn.form or turn.noted("help") or turn.heard.intent in HELPED_OTHERWISE
    if is_known or not NEEDS_HELP.search(turn.heard.plain):
        return False
    turn.note("help")
    turn.say("utter_gentle_help")
    turn.ask("offer_human", reason="needs_help")
    return True


def wants_call(turn: Turn) -> bool:
    """「给我回个电话，我的号码是…」, whatever else the message asks about."""
    is_vague = turn.heard.intent in ("ask_faq", "inform", "out_of_scope")
    return is_vague and not turn.form and "phone" in turn.heard.values and bool(CALL_ME.search(turn.heard.plain))


def is_rather_question(turn: Turn) -> bool:
    """「发票抬头错了能改吗」 was taken for a wish, but may as well be a question: whose number is known has a wish."""
    heard = turn.heard
    if turn.form or heard.is_press or IDENTIFIED & set(heard.values):
        return False
    asked = is_question(heard.plain)
    if heard.intent in MAYBE_IF_ASKED:
        return asked and heard.question_chance >= QUESTION_AS_STATED
    likely = QUESTION_AS_ASKED if asked else QUESTION_AS_STATED
    return heard.intent in MAYBE_QUESTION and heard.question_chance >= likely


def may_follow_up(turn: Turn) -> bool:
    """「那开错了呢」 sounds like many things; after an answer it asks about that. Who gives a number has a wish."""
    heard = turn.heard
    if turn.form or heard.is_press or IDENTIFIED & set(heard.values):
        return False
    asks = is_question(heard.plain) or bool(AND_THEN.search(heard.plain))
    return asks and heard.intent in MAYBE_QUESTION | {"product_advice", "out_of_scope"}


def demands_complaint(turn: Turn) -> bool:
    """「我要再投诉一次」, when the rest of the words hides it."""
    plain = turn.heard.plain
    if turn.form or turn.heard.is_press or turn.heard.intent not in HIDES_COMPLAINT or is_question(plain):
        return False
    return bool(COMPLAINS.search(plain) or NAMES_COMPLAINT.search(plain))


def warn_of_secrets(turn: Turn) -> None:
    """An identity or bank card number was sent: it is not kept, and please do not."""
    if turn.heard.had_secrets:
        turn.say("utter_secret_number")


def finish(turn: Turn) -> None:
    """What every action leaves behind: old questions are closed, misses forgotten, and it is known what comes next."""
    slots = turn.decided.slots
    if turn.pending and "pending" not in slots:
        turn.set(pending=None)
    if turn.slot("misses") and "misses" not in slots:
        turn.set(misses=0)
    turn.note("greeted")
    if turn.decided.follow is None:
        turn.follow(turn.form or LISTEN)
