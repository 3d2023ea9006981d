"""「订单号2026…，运费谁出」: a question beside an answer is answered first, and the answer is taken too."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.forms.answers import Given, parse
from actions.forms.form import CONFIRM, Form
from actions.forms.lexicon import WISH_ALONE, is_question
from actions.forms.readback import says_confirm
from actions.heard import Heard
from actions.talk import faq
from actions.turn import Turn
from zhtext import normalise

_PARTS = re.compile(r"[^,，。;；!！?？\n]+[?？]?")
SHORTEST = 4


async def answered_aside(turn: Turn, form: Form, requested: str) -> Turn:
    """The turn without the question that stood beside an answer, once that is answered; else the turn as it is."""
    question = _question_in(turn.heard)
    if question is None:
        return turn
    rest = _without(turn.heard, question)
    if not _is_answer(form, requested, rest):
        return turn
    asked = Heard(question, "ask_faq", 1.0, (), "ask_faq", (), turn.facts)
    return turn.reading(rest) if await faq.answer_if_sure(turn.reading(asked)) else turn


def _question_in(heard: Heard) -> str | None:
    """One part of several that asks something and holds no value."""
    parts = [part.strip() for part in _PARTS.findall(heard.text) if part.strip()]
    asked = [
        part for part in parts if len(part) >= SHORTEST and is_question(normalise(part)) and not _has_value(heard, part)
    ]
    return asked[-1] if asked and len(parts) > len(asked) else None


def _has_value(heard: Heard, part: str) -> bool:
    words = (heard.words_for(entity) for entity in ("phone", "order", "ticket", "name", "email", "amount"))
    return any(word and word in part for word in words)


def _without(heard: Heard, question: str) -> Heard:
    """The same message with the question blanked, every other word in its place."""
    text = heard.text.replace(question, " " * len(question))
    intent = "affirm" if says_confirm(normalise(text.strip(" ,，。"))) else "inform"
    return replace(heard, text=text, intent=intent, clauses=())


def _is_answer(form: Form, requested: str, rest: Heard) -> bool:
    if requested == CONFIRM:
        return rest.intent == "affirm"
    if requested == "outcome" and WISH_ALONE.fullmatch(rest.plain.strip(" ,，。")):
        return True
    answer = parse(form.asked(requested), rest)
    return isinstance(answer, Given) and not answer.raw
