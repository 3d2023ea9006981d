"""Questions the knowledge base could not answer: noted, shown in groups, and made answers by an editor (G3).

Nobody's phone, number or name is shown or becomes a wording; the conversation keeps what was said.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.knowledge import Article, Knowledge
from helpdesk.knowledge.articles import bare
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import QuestionGroup, Staff, Unanswered, new_id
from helpdesk.text.masking import mask_question, without_personal
from helpdesk.usecases.journal import audit
from helpdesk.usecases.knowledge import articles

LISTED = 100
EXAMPLES = 5
SUGGESTED = 3
TEXT_LIMIT = 500
LONGEST_WORDING = 60
"""Characters; a longer one is a story, and stories are near to everything."""
MOST_WORDINGS = 30


class GroupState(StrEnum):
    """What became of a group."""

    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Asked:
    """A group as an editor sees it: nothing personal in it; `suggested` are the nearest articles."""

    group: QuestionGroup
    examples: list[str]
    suggested: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- noting


def note(uow: UnitOfWork, conversation_id: str, text: str, suggested: Sequence[str]) -> Unanswered | None:
    """Keep a question for an editor; what has no word in it is none."""
    if not bare(text):
        return None
    row = Unanswered(
        id=new_id(), conversation_id=conversation_id, text=text[:TEXT_LIMIT], suggested=list(suggested), at=uow.now
    )
    uow.session.add(row)
    return row


async def take_back(uow: UnitOfWork, conversation_id: str, at: datetime) -> None:
    """The customer thought better of it: the question noted at that moment was answered after all."""
    query = select(Unanswered).where(Unanswered.conversation_id == conversation_id, Unanswered.at == at)
    for row in (await uow.session.scalars(query)).all():
        group = await lock_group(uow, row.group_id) if row.group_id else None
        await uow.session.delete(row)
        if group:
            group.count -= 1
            if group.count == 0:
                await uow.session.flush()
                await uow.session.delete(group)


async def lock_group(uow: UnitOfWork, group_id: str) -> QuestionGroup | None:
    """A group as it is now, its row locked until the unit ends."""
    return await uow.session.get(QuestionGroup, group_id, with_for_update=True, populate_existing=True)


# ---------------------------------------------------------------- reading


async def listed(services: Services, state: str) -> list[Asked]:
    """Groups in a state, those asked most often first.

    Raises:
        InvalidInput: there is no such state.
    """
    if state not in set(GroupState):
        raise InvalidInput("no_such_choice", value=state[:40], field="state")
    query = select(QuestionGroup).where(QuestionGroup.state == state)
    query = query.order_by(QuestionGroup.count.desc(), QuestionGroup.last_at.desc(), QuestionGroup.id).limit(LISTED)
    async with services.db.read(much=True) as uow:
        groups = (await uow.session.scalars(query)).all()
        texts = await _texts(uow.session, [group.id for group in groups])
    found = [Asked(group, _examples(texts[group.id], EXAMPLES)) for group in groups]
    return await asyncio.to_thread(_with_suggestions, services.knowledge, found)


async def find(services: Services, group_id: str) -> Asked:
    """One group with all its questions.

    Raises:
        NotFound.
    """
    async with services.db.read() as uow:
        group = await uow.session.get(QuestionGroup, group_id)
        if group is None:
            raise NotFound("questions_not_found", group_id=group_id)
        texts = await _texts(uow.session, [group_id])
    [found] = await asyncio.to_thread(
        _with_suggestions, services.knowledge, [Asked(group, _examples(texts[group_id], LISTED))]
    )
    return found


async def _texts(session: AsyncSession, group_ids: Sequence[str]) -> defaultdict[str, list[str]]:
    """The questions of groups, the newest first."""
    query = select(Unanswered.group_id, Unanswered.text).where(Unanswered.group_id.in_(group_ids))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for group_id, text in await session.execute(query.order_by(Unanswered.at.desc(), Unanswered.id)):
        found[str(group_id)].append(text)
    return found


def _examples(texts: Sequence[str], limit: int) -> list[str]:
    return list(dict.fromkeys(map(mask_question, texts)))[:limit]


def _with_suggestions(knowledge: Knowledge, found: Sequence[Asked]) -> list[Asked]:
    return [
        Asked(one.group, one.examples, [hit.faq_id for hit in knowledge.search(one.group.text, SUGGESTED)])
        for one in found
    ]


# ---------------------------------------------------------------- deciding


async def settle(services: Services, group_id: str, state: GroupState, by: Staff, faq_id: str | None = None) -> Asked:
    """Dismiss a group, open it again, or have an article answer it: its questions become wordings, published.

    Raises:
        NotAllowed, NotFound (group or article). InvalidInput: the wordings cannot be used; nothing changed.
    """
    articles.check_editor(by)
    found = await find(services, group_id)
    if state == GroupState.ANSWERED:
        if not faq_id:
            raise InvalidInput("article_wanted", field="faq_id")
        await _teach(services, found.group, faq_id, by)
    async with services.db.write() as uow:
        group = await lock_group(uow, group_id)
        if group is None:
            raise Conflict("questions_gone")
        group.state, group.faq_id = state, faq_id if state == GroupState.ANSWERED else None
        audit.note(uow, audit.by_staff(by.id), f"questions_{state}", group_id, faq_id=faq_id)
        await uow.commit()
    return await find(services, group_id)


async def _teach(services: Services, group: QuestionGroup, faq_id: str, by: Staff) -> None:
    """Publish the article with the group's questions among its wordings; what it knows already is left out."""
    article = await articles.find(services, faq_id)
    if not article.is_published:
        raise NotFound("article_not_published", faq_id=faq_id)
    async with services.db.read() as uow:
        texts = (await _texts(uow.session, [group.id]))[group.id]
    new = _new_wordings(texts, services.knowledge.articles.values())
    if new:
        content = {**article.content, "wordings": [*article.content["wordings"], *new]}
        note_ = f"补充 {len(new)} 个问法：{group.text}"
        await articles.put_article(services, faq_id, articles.Edit(content, by, note_, article.version))


def _new_wordings(texts: Iterable[str], known: Iterable[Article]) -> list[str]:
    taken = {text for article in known for text in article.spoken()}
    wordings = {bare(text): text for text in map(without_personal, texts) if len(text) <= LONGEST_WORDING}
    return [text for key, text in wordings.items() if key and key not in taken][:MOST_WORDINGS]
