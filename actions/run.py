"""A message dealt with in one action call: read, decide, do, and say where the conversation stands now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.clauses import pieces
from actions.decide import Move, bounds
from actions.decide.reading import MATTERS
from actions.forms.accounts import account, in_queue
from actions.steps import deal_with
from actions.talk import asides
from actions.turn import Handler, Turn
from helpdesk.services import Services
from zhtext import normalise
from zhtext.questions import is_question


class Act(Action):
    """One of Rasa's names for "deal with the message": `action_turn` outside a form, `validate_<form>` inside one."""

    def __init__(self, name: str, handlers: Mapping[str, Handler], services: Services) -> None:
        self._name = name
        self._handlers = handlers
        self._services = services

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(self._services, tracker, dispatcher)
        if turn.heard.had_secrets:
            turn.say("utter_secret_number")  # it is not kept, and please do not
        if started := turn.reading.intent if turn.reading.intent.startswith("start_") else None:
            await self._handlers[started](turn)
        else:
            await deal_with(turn, self._do)
        finish(turn)
        return turn.events()

    async def _do(self, turn: Turn, move: Move) -> None:
        for name in (*move.before, move.name):
            await self._handlers[_after_answer(turn, name)](turn)
        await asides.at_opening(turn)


ASKED_FOR = frozenset({"repair", "install", "callback", "complain"})
"""Wishes that are put as questions: 「能派师傅来修吗」."""


def _after_answer(turn: Turn, move: str) -> str:
    """Who was given the rule is asked whether it is to be done, unless that was wished for outright: 「能不能改寄」."""
    is_answered = "utter_faq_answer" in turn.decided.said
    act = turn.reading.wanted
    is_told = (
        not is_question(turn.heard.plain)
        or act in ASKED_FOR
        or ("moves_date" in turn.reading.shades and "time" in turn.reading.values)
    )
    is_outright = is_told and act is not None and turn.reading.acts[act] >= bounds.OUTRIGHT
    return "check_matter" if move == "matter" and is_answered and not is_outright else move


def finish(turn: Turn) -> None:
    """What every message leaves behind: misunderstandings are forgotten unless this was one."""
    turn.note("greeted")
    _remember_told(turn)
    if turn.frame.failures == turn.before.failures and turn.before.failures:
        turn.change(failures=0)


TELLING = ("story", "grumble", "anger", "hurry", "dispute", *MATTERS)
"""Acts beside which the words tell of a matter."""


VALUES_KEPT = frozenset({"time", "place", "amount", "name", "phone", "email", "wechat"})
"""Values that nobody is asked for again who told them before the matter was opened."""


def _remember_told(turn: Turn) -> None:
    """What is told before any matter is opened serves the one that is opened by and by."""
    if turn.form or turn.began_in or turn.frame.registered != turn.before.registered or _is_over(turn):
        turn.change(told=(), said=())
        return
    if VALUES_KEPT & turn.heard.values.keys() and not turn.heard.is_press:
        turn.decided.frame = turn.frame.saying(turn.heard.text, turn.heard.entities)
    if not turn.heard.is_press and (told := _told(turn)) and _tells(turn, told):
        product, act = str(turn.heard.values.get("product") or ""), turn.reading.wanted or ""
        turn.decided.frame = turn.frame.telling(told, product, act)


def _told(turn: Turn) -> str | None:
    """What the message tells of a matter; while a person is waited for, nothing of the wait."""
    is_waiting = turn.facts.get("queue") is not None
    return in_queue(turn.heard, turn.company) if is_waiting else account(turn.heard, turn.company)


def _is_over(turn: Turn) -> bool:
    """Whether what was told is given up (「那算了，他自己查吧」), and nothing of it is told on."""
    gives_up = any(turn.company.sayings.gives_up.search(normalise(one)) for one in pieces(turn.heard.text))
    return gives_up and turn.facts.get("queue") is None and not turn.reading.says("story", *MATTERS)


OF_ANOTHER = ("withdraw", "correct", "ask_own", "status", "advice", "praise", "suggest", "offtopic")
"""Acts that speak of something registered, ordered or sold, and of no matter that is to be opened."""


def _tells(turn: Turn, told: str) -> bool:
    """Whether the words tell of a matter: by what was read, or because they are no mere question."""
    if turn.reading.says("withdraw") or (turn.reading.says(*OF_ANOTHER) and not turn.reading.says(*TELLING)):
        return False
    return turn.reading.says(*TELLING) or not is_question(normalise(told))
