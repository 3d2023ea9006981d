"""A question beside something else: answered shortly, and nothing else is asked because of it."""

from __future__ import annotations

from actions.talk import cases, faq, orders, products
from actions.turn import Turn


async def beside(turn: Turn) -> None:
    """A question in a message that does something else, too: answered only when an article is sure of it."""
    await faq.answer_question(turn)


async def answer(turn: Turn) -> None:
    """Whatever is asked inside a form, by the nearest thing it can be about."""
    reading, values = turn.reading, turn.heard.values
    if reading.says("dispute", "hurry") and not values.get("order"):
        await cases.hurry_or_tell(turn)
    elif _asks_for_order(turn) and (values.get("order") or turn.slot("order")):
        await orders.check(turn)
    elif reading.says("status"):
        await cases.tell(turn)
    elif not await faq.answer_part(turn) and not await products.answered(turn):
        await _not_known(turn)


def _asks_for_order(turn: Turn) -> bool:
    return turn.reading.says("status", "hurry") or turn.reading.intent == "check_order"


async def _not_known(turn: Turn) -> None:
    """Nobody is left without a word: it is noted for an editor, and whoever deals with the matter sees it."""
    await turn.stage("unanswered", {"text": turn.heard.text, "suggested": []})
    turn.say("utter_aside_noted")
