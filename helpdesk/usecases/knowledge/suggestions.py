"""Answers that whoever serves may take over: articles, and what colleagues replied to questions like this one.

Offline: articles by their ranking, replies by the nearness of the questions they answered. A reply with anything in it
that is one customer's (a number, a name, an address) is left out: it would be told to somebody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, takewhile

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.knowledge import Knowledge
from helpdesk.knowledge.articles import bare
from helpdesk.knowledge.bm25 import Bm25
from helpdesk.model.conversation import Author
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Message, Staff
from helpdesk.text.masking import mask_question, names_in
from helpdesk.usecases.queue import lookup, talks

TALKS, LOOKED_BACK = 150, timedelta(days=90)
"""So many of the newest conversations are read for replies, and none older."""
SHORTEST, LONGEST = 8, 400
"""Characters of a reply that says something of its own, and can be read in a list."""
LEAST = 0.57
"""How near the questions have to be, 0 to 1: of eleven tried the right ones had .58 to .70, the next .55 at most."""
SHORTEST_QUESTION = 4
"""Characters: 「好的」 and 「嗯嗯」 are near to each other and ask nothing."""
ASKED = 3
"""So many of the customer's last unanswered messages are looked at, the newest first."""
ARTICLES, REPLIES = 2, 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`source`: `article` or `reply`; `title`: the article's question, or what was asked then."""

    source: str
    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """What a customer asked, and a colleague's reply to it."""

    question: str
    message_id: str
    text: str


async def suggestions(services: Services, conversation_id: str, by: Staff) -> list[Suggestion]:
    """For what the customer said since we last spoke; empty where that asks nothing we know of.

    Raises:
        NotFound.
    """
    async with services.db.read(much=True) as uow:
        found, _, _ = await lookup.conversation(uow.session, conversation_id)
        asked = await _asked(uow.session, conversation_id)
        eyes = await talks.eyes_of(uow.session, by)
        known = await _replied(services, uow.session, found) if asked and not eyes.masked(found) else []
    return await asyncio.to_thread(ranked, services.knowledge, asked, known)


async def _asked(session: AsyncSession, conversation_id: str) -> list[str]:
    """The customer's words since a person last answered, the newest first."""
    query = select(Message.author, Message.text).where(Message.conversation_id == conversation_id)
    rows = (await session.execute(query.order_by(Message.seq.desc()).limit(40))).all()
    unanswered = takewhile(lambda row: row.author != Author.STAFF, rows)
    return [row.text for row in unanswered if row.author == Author.CUSTOMER and bare(row.text)][:ASKED]


async def _replied(services: Services, session: AsyncSession, but: Conversation) -> list[Replied]:
    """Questions and replies of the newest other conversations that a person served."""
    since = services.clock.now() - LOOKED_BACK
    recent = (
        select(Conversation.id)
        .where(
            Conversation.last_customer_at > since,
            Conversation.last_staff_id.is_not(None),
            Conversation.customer_id != but.customer_id,
        )
        .order_by(Conversation.last_customer_at.desc())
        .limit(TALKS)
    )
    query = (
        select(
            Message.conversation_id, Message.id, Message.author, Message.text, Message.custom, Conversation.handoff_note
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.conversation_id.in_(recent), Message.author.in_((Author.CUSTOMER, Author.STAFF)))
        .where(Message.at > since, Message.text != "")
        .order_by(Message.conversation_id, Message.seq)
    )
    rows = (await session.execute(query)).all()
    return [one for _, of_one in groupby(rows, lambda row: row.conversation_id) for one in _pairs(list(of_one))]


def _pairs(rows: Sequence[tuple[str, str, str, str, object, object]]) -> Iterator[Replied]:
    """Of one conversation: each question with the first reply behind it, where it may be told to anybody."""
    question = ""
    for _, message_id, author, text, custom, note in rows:
        if author == Author.CUSTOMER:
            question = text
            continue
        if len(bare(question)) >= SHORTEST_QUESTION and not custom and _may_be_told(text, note):
            yield Replied(question, message_id, text)
        question = ""


def _may_be_told(text: str, note: object) -> bool:
    """Nothing of one customer's in it; a figure is a sum, a date or a number of one matter."""
    fields = note.get("fields") or {} if isinstance(note, dict) else {}
    is_nobodys = mask_question(text) == text and not any(name in text for name in names_in(fields))
    return SHORTEST <= len(text) <= LONGEST and is_nobodys and not any(map(str.isdigit, text))


def ranked(knowledge: Knowledge, asked: Sequence[str], known: Sequence[Replied]) -> list[Suggestion]:
    """Articles first, then replies; each text once."""
    found = [*_articles(knowledge, asked), *_replies(knowledge, asked, known)]
    return list({one.text: one for one in reversed(found)}.values())[::-1]


def _articles(knowledge: Knowledge, asked: Sequence[str]) -> list[Suggestion]:
    """Those that the newest question is about which any is about."""
    for text in asked:
        outcome = knowledge.outcome(text)
        meant = [one for one in (outcome.article, *outcome.suggestions) if one is not None][:ARTICLES]
        if meant:
            return [Suggestion("article", one.id, one.question, one.answer) for one in meant]
    return []


def _replies(knowledge: Knowledge, asked: Sequence[str], known: Sequence[Replied]) -> list[Suggestion]:
    texts = [text for one in asked if len(text := bare(one)) >= SHORTEST_QUESTION]
    if not texts or not known:
        return []
    questions = [bare(one.question) for one in known]
    nearest = np.max([_nearness(knowledge, text, questions) for text in texts], axis=0)
    best: dict[str, Suggestion] = {}
    for at in np.argsort(-nearest, kind="stable"):
        if nearest[at] < LEAST or len(best) == REPLIES:
            break
        one = known[at]
        best.setdefault(one.text, Suggestion("reply", one.message_id, mask_question(one.question), one.text))
    return list(best.values())


def _nearness(knowledge: Knowledge, text: str, questions: Sequence[str]) -> NDArray[np.float64]:
    """Of a text to each question, shape (n,): shared rare words, or the meaning of the whole."""
    shared = Bm25(questions).scores(text)
    vectors = knowledge.current.index.vectors([text, *questions])
    return shared if vectors is None else np.maximum(shared, (vectors[1:] @ vectors[0]).astype(np.float64))
