"""Questions: an answer, up to three suggestions, a request to say it otherwise, a person; in this order (A2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions.forms.questions import button
from actions.heard import Json
from actions.talk import unclear
from actions.turn import Button, Turn
from helpdesk.knowledge import Answer, Suggest
from helpdesk.model.ticket import Kind

DELETION = frozenset({"account.delete", "account.privacy"})
RELATED = 2


async def answer(turn: Turn) -> None:
    """Answer a question, or find out which one is meant."""
    pressed = turn.heard.values.get("faq_id")
    if pressed:
        _tell(turn, str(pressed))
    elif not await try_answer(turn):
        await _unanswered(turn)


async def try_answer(turn: Turn) -> bool:
    """Answer or suggest, when an article fits the words; False when none does."""
    if not turn.heard.text:
        return False
    match turn.services.knowledge.outcome(turn.heard.text, _topic(turn)):
        case Answer(faq_id):
            _tell(turn, faq_id)
        case Suggest(faq_ids):
            _suggest(turn, faq_ids)
        case _:
            return False
    return True


def _topic(turn: Turn) -> str | None:
    topic = turn.slot("topic") or {}
    return topic.get("faq_id") if isinstance(topic, dict) else None


def _tell(turn: Turn, faq_id: str) -> None:
    """The article's answer, and the next likely questions (B2)."""
    knowledge = turn.services.knowledge
    answer = knowledge.answer(faq_id)
    turn.set(topic={"faq_id": faq_id}, misses=0)
    related = () if turn.form else knowledge.article(faq_id).related[:RELATED]
    buttons = _questions(turn, related)
    turn.say("utter_faq_answer", custom={"kind": "faq_answer", "faq_id": faq_id}, buttons=buttons, answer=answer)
    if turn.form:
        return
    if faq_id in DELETION:
        turn.ask("offer_service", service=Kind.DATA_REQUEST)
    else:
        turn.ask("anything_else")


def _questions(turn: Turn, faq_ids: Iterable[str]) -> list[Button]:
    return [button(turn.services.knowledge.question(faq_id), "ask_faq", faq_id=faq_id) for faq_id in faq_ids]


def _suggest(turn: Turn, faq_ids: Sequence[str]) -> None:
    """Not sure which: offer the likeliest, and none of these."""
    custom = {"kind": "faq_suggestions", "faq_ids": list(faq_ids)}
    turn.say("utter_faq_suggestions", custom=custom, buttons=_questions(turn, faq_ids))
    turn.ask("faq_suggestions", text=turn.heard.text, faq_ids=list(faq_ids), hold=True)


async def _unanswered(turn: Turn) -> None:
    """Noted for an editor (G3); asked to be said otherwise once, then a person."""
    await turn.stage("unanswered", {"text": turn.heard.text, "suggested": []})
    unclear.not_understood(turn)


async def none_of_these(turn: Turn, open_: Json) -> None:
    """No suggestion fitted."""
    await turn.stage("unanswered", {"text": open_.get("text"), "suggested": open_.get("faq_ids") or []})
    turn.say("utter_offer_human")
    turn.ask("offer_human")
