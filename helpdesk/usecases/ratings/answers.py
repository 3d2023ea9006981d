"""有帮助吗: whether an answer of the knowledge base helped the customer who got it (G1).

Pressed under the answer, or said. An answer is rated once, another rating takes the first one's place. An answer
that did not help is a question left unanswered: it is noted for an editor, and the customer is led on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.conversation import Author, State
from helpdesk.model.say import Choice, Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import AnswerRating, Conversation, Message
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.knowledge import unanswered

RATE_ANSWER = "rate_answer"
"""The service's press `{"service", "faq_id", "message_id", "helpful"}`, and the effect of saying so."""
FAQ_ANSWER = "faq_answer"
LOOKED_BACK = 20
"""Bot messages among which the answer is looked for that 没用 was said of."""
OTHERS = 2

Json = dict[str, Any]


@dataclass(frozen=True)
class Helped:
    """How often an article's answers helped."""

    faq_id: str
    helpful: int
    not_helpful: int


# ---------------------------------------------------------------- pressed


async def rate_answer(services: Services, conversation_id: str, message_id: Any, helpful: Any) -> None:
    """Rate an answer that this conversation was given; who was not helped is offered more.

    Raises:
        InvalidInput: `helpful` is neither true nor false. NotFound: there is no such answer in this conversation.
    """
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        says = await _rated(services, uow, conversation, message_id, helpful)
        await say(uow, conversation, says, answers=None, in_reply_to=[])
        await uow.commit()


async def pressed(services: Services, uow: UnitOfWork, conversation: Conversation, press: Json) -> list[Say]:
    """A press in a turn; thanks or more help is the answer to it."""
    helpful = press.get("helpful")
    says = await _rated(services, uow, conversation, press.get("message_id"), helpful)
    key = "answer_helpful" if helpful else "answer_not_helpful"
    return says or [Say(services.wording.render(key, variant_seed=conversation.id))]


async def _rated(
    services: Services, uow: UnitOfWork, conversation: Conversation, message_id: Any, helpful: Any
) -> list[Say]:
    if not isinstance(helpful, bool):
        raise InvalidInput("helpful_wrong", field="helpful")
    answer = await _answer(uow, conversation, message_id)
    is_new = await keep(uow, answer, helpful)
    is_served = conversation.state == State.BOT
    if helpful or not is_new or not is_served:
        return []
    return [await _more(services, uow, conversation, answer)]


async def _answer(uow: UnitOfWork, conversation: Conversation, message_id: Any) -> Message:
    is_id = isinstance(message_id, str) and message_id.isprintable()  # no database looks for NUL or half a sign
    found = await uow.session.get(Message, message_id) if is_id else None
    if found is None or found.conversation_id != conversation.id or not _faq_id(found):
        raise NotFound("answer_not_found")
    return found


def _faq_id(message: Message) -> str | None:
    custom = message.custom or {}
    return str(custom.get("faq_id")) if custom.get("kind") == FAQ_ANSWER else None


async def _more(services: Services, uow: UnitOfWork, conversation: Conversation, answer: Message) -> Say:
    """An apology with the next likely questions and a person."""
    question = await _question(uow, answer)
    hits = await asyncio.to_thread(services.knowledge.search, question, OTHERS + 1)
    others = [hit for hit in hits if hit.faq_id != _faq_id(answer)][:OTHERS]
    choices = [_ask(hit.question, hit.faq_id) for hit in others]
    seed = answer.id
    person = services.wording.render("answer_person", variant_seed=seed)
    choices.append(Choice(person, {"intent": "request_human", "entities": [], "title": person}))
    return Say(services.wording.render("answer_not_helpful", variant_seed=seed), buttons=tuple(choices))


def _ask(question: str, faq_id: str) -> Choice:
    entities = [{"entity": "faq_id", "value": faq_id}]
    return Choice(question, {"intent": "ask_faq", "entities": entities, "title": question})


# ---------------------------------------------------------------- said


async def reserve(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{faq_id, message_id} of the last answer of this session, which 没用 is said of; both None when there is none."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.session_no == conversation.session_no,
            Message.author == Author.BOT,
        )
        .order_by(Message.seq.desc())
        .limit(LOOKED_BACK)
    )
    for message in (await uow.session.scalars(query)).all():
        if faq_id := _faq_id(message):
            return {"faq_id": faq_id, "message_id": message.id}
    return {"faq_id": None, "message_id": None}


async def apply(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """Keep it; what is said about it is the bot's."""
    message = result.get("message_id") and await uow.session.get(Message, result["message_id"])
    if message:
        await keep(uow, message, bool(payload.get("helpful")))
    return []


# ---------------------------------------------------------------- kept


async def keep(uow: UnitOfWork, answer: Message, helpful: bool) -> bool:
    """Store the rating of an answer; False when it said so already. Its conversation's row is locked."""
    rating = await uow.session.scalar(select(AnswerRating).where(AnswerRating.message_id == answer.id))
    if rating is not None and rating.helpful == helpful:
        return False
    faq_id = _faq_id(answer) or ""
    if rating is None:
        rating = AnswerRating(message_id=answer.id, faq_id=faq_id, helpful=helpful, at=uow.now)
        uow.session.add(rating)
    elif helpful:
        await unanswered.take_back(uow, answer.conversation_id, rating.at)
    rating.helpful, rating.at = helpful, uow.now
    if not helpful:
        unanswered.note(uow, answer.conversation_id, await _question(uow, answer), [faq_id])
    return True


async def _question(uow: UnitOfWork, answer: Message) -> str:
    """What the customer had asked."""
    asked = await uow.session.get(Message, answer.answers) if answer.answers else None
    return asked.text if asked else ""


async def summary(services: Services) -> list[Helped]:
    """Every rated article, the least helpful first."""
    helped = func.sum(case((AnswerRating.helpful, 1), else_=0))
    query = select(AnswerRating.faq_id, helped, func.count()).group_by(AnswerRating.faq_id)
    async with services.db.read() as uow:
        rows = (await uow.session.execute(query)).all()
    found = [Helped(faq_id, int(helpful), int(count) - int(helpful)) for faq_id, helpful, count in rows]
    return sorted(found, key=lambda one: (-one.not_helpful, one.helpful, one.faq_id))
