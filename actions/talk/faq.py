"""Questions: an answer, up to three suggestions, a request to say it otherwise, a person; in this order (A2)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence

from actions.forms.questions import button
from actions.heard import Json
from actions.talk import unclear
from actions.turn import Button, Turn
from helpdesk.errors import NotFound
from helpdesk.knowledge import Article
from helpdesk.model.ticket import Kind

DELETION = frozenset({"account.delete", "account.privacy"})
RELATED = 2
FAQ = "faq"
"""What the open question came after: an answer of ours."""
_PLAIN_END = r"[啊呀哦呢吧的了我问题 ,，.。!！~]*"
HELPFUL = re.compile(rf"(?:嗯|很|挺|非常|真|这个|这|回答|答案)*(?:有用|有帮助|解决了|帮到我了|帮上忙了){_PLAIN_END}")
NOT_HELPFUL = re.compile(
    r"(?:还是|完全|根本|一点都?|都|这个|这|你?的?回答|你?的?答案|对我|并|也|说了)*"
    r"(?:没用|没有用|没啥用|没什么用|没帮助|没有帮助|没解决|没有解决|不解决|解决不了|没帮到我?|没答到|答非所问|"
    rf"不是我想?要?问的|不是我想要的|不是这个意思|等于没说){_PLAIN_END}"
)


async def rated(turn: Turn) -> bool:
    """「没用」 or 「有用」 right after an answer is about the answer: kept, and who was not helped is led on (G1)."""
    plain, is_after = turn.heard.plain, turn.pending.get("after") == FAQ
    helpful = bool(HELPFUL.fullmatch(plain))
    if turn.form or not is_after or not (helpful or NOT_HELPFUL.fullmatch(plain)):
        return False
    await turn.stage("rate_answer", {"helpful": helpful})
    if helpful:
        turn.say("utter_welcome")
        turn.ask("anything_else")
    else:
        turn.say("utter_offer_human")
        turn.ask("offer_human")
    return True


async def answer(turn: Turn) -> None:
    """Answer a question, or find out which one is meant."""
    pressed = _pressed(turn)
    if pressed:
        _tell(turn, pressed)
    elif not await try_answer(turn):
        await _unanswered(turn)


def _pressed(turn: Turn) -> Article | None:
    """The article that was chosen; None when it was retired since it was offered: its title is a question then."""
    faq_id = turn.heard.values.get("faq_id")
    try:
        return turn.services.knowledge.article(str(faq_id)) if faq_id else None
    except NotFound:
        return None


async def try_answer(turn: Turn) -> bool:
    """Answer or suggest, when an article fits the words; False when none does."""
    if not turn.heard.text:
        return False
    found = await asyncio.to_thread(turn.services.knowledge.outcome, turn.heard.text, _topic(turn))
    if found.article:
        _tell(turn, found.article, found.suggestions)
    elif found.suggestions:
        _suggest(turn, found.suggestions)
    return bool(found.faq_ids)


async def answer_if_sure(turn: Turn) -> bool:
    """Answer only when one article clearly fits; whether it did."""
    found = await asyncio.to_thread(turn.services.knowledge.outcome, turn.heard.text)
    if found.article:
        _tell(turn, found.article, found.suggestions)
    return found.article is not None


async def answer_follow_up(turn: Turn) -> bool:
    """Answer 「那配件呢」 right after an answer, whatever else so few words were taken for; whether it did."""
    topic, knowledge = _topic(turn), turn.services.knowledge
    if turn.pending.get("after") != FAQ or not topic or not knowledge.is_follow_up(turn.heard.text):
        return False
    found = await asyncio.to_thread(knowledge.outcome, turn.heard.text, topic)
    if found.article:
        _tell(turn, found.article)
    return found.article is not None


def _topic(turn: Turn) -> str | None:
    topic = turn.slot("topic") or {}
    return topic.get("faq_id") if isinstance(topic, dict) else None


def _tell(turn: Turn, article: Article, others: Sequence[Article] = ()) -> None:
    """The article's answer, and the next likely questions (B2); `others` may have been meant instead."""
    turn.set(topic={"faq_id": article.id}, misses=0)
    related = () if turn.form or others else article.related[:RELATED]
    buttons = _questions(turn.services.knowledge.article(faq_id) for faq_id in related)
    custom = {"kind": "faq_answer", "faq_id": article.id}
    turn.say("utter_faq_answer", custom=custom, buttons=buttons, answer=article.answer)
    if turn.form:
        return
    if others:
        possible: Json = {"kind": "faq_suggestions", "faq_ids": [other.id for other in others]}
        turn.say("utter_faq_others", custom=possible, buttons=_questions(others))
    if article.id in DELETION:
        turn.ask("offer_service", service=Kind.DATA_REQUEST, after=FAQ)
    else:
        turn.ask("anything_else", after=FAQ)


def _questions(articles: Iterable[Article]) -> list[Button]:
    return [button(article.question, "ask_faq", faq_id=article.id) for article in articles]


def _suggest(turn: Turn, articles: Sequence[Article]) -> None:
    """Not sure which: offer the likeliest, and none of these."""
    ids = [article.id for article in articles]
    custom = {"kind": "faq_suggestions", "faq_ids": ids}
    turn.say("utter_faq_suggestions", custom=custom, buttons=_questions(articles))
    turn.ask("faq_suggestions", text=turn.heard.text, faq_ids=ids)


async def _unanswered(turn: Turn) -> None:
    """Noted for an editor (G3); asked to be said otherwise once, then a person."""
    await turn.stage("unanswered", {"text": turn.heard.text, "suggested": []})
    unclear.not_understood(turn)


async def none_of_these(turn: Turn, open_: Json) -> None:
    """No suggestion fitted."""
    await turn.stage("unanswered", {"text": open_.get("text"), "suggested": open_.get("faq_ids") or []})
    turn.say("utter_offer_human")
    turn.ask("offer_human")
