"""Edits of the FAQ that answer nobody yet: kept as drafts, and tried."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.knowledge import Answer, Article, Hit, Outcome, parse_article
from helpdesk.services import Services
from helpdesk.store.tables import ArticleVersion, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_count
from helpdesk.usecases.knowledge.articles import (
    WRITING,
    ArticleState,
    Edit,
    check_editor,
    expect_version,
    find,
    new_version,
    state_of,
)
from helpdesk.usecases.knowledge.versions import DRAFT, last_version, read_published


@dataclass(frozen=True)
class Tried:
    """What a question would get."""

    outcome: Outcome
    hits: list[Hit]

    def answers(self, faq_id: str) -> bool:
        """Whether this article would be the answer."""
        return isinstance(self.outcome, Answer) and self.outcome.faq_ids == (faq_id,)


async def save_draft(services: Services, faq_id: str, edit: Edit) -> ArticleState:
    """Keep an edit without answering from it; it may be unfinished. A draft saved again takes a new number.

    Raises:
        NotAllowed. Conflict: the draft (or without one the article) is not the version that was seen.
    """
    check_editor(edit.by)
    async with services.db.write() as uow:
        await next_count(services, uow, WRITING)
        found = await state_of(services, uow.session, faq_id)
        expect_version(edit.seen, found.draft.version if found.draft else found.version)
        version = await last_version(uow.session, faq_id) + 1
        row = found.draft or await new_version(uow, faq_id, edit.by.id)
        row.version, row.content, row.note = version, dict(edit.content), edit.note
        row.written_by, row.written_at = edit.by.id, uow.now
        audit.note(uow, audit.by_staff(edit.by.id), "article_drafted", faq_id, version=version)
        await uow.commit()
    return await find(services, faq_id)


async def drop_draft(services: Services, faq_id: str, by: Staff) -> None:
    """Throw the draft away.

    Raises:
        NotAllowed. NotFound: there is none.
    """
    check_editor(by)
    query = select(ArticleVersion).where(ArticleVersion.faq_id == faq_id, ArticleVersion.state == DRAFT)
    async with services.db.write() as uow:
        row = await uow.session.scalar(query.with_for_update())
        if row is None:
            raise NotFound("draft_not_found", faq_id=faq_id)
        await uow.session.delete(row)
        audit.note(uow, audit.by_staff(by.id), "article_draft_dropped", faq_id)
        await uow.commit()


async def try_article(
    services: Services, faq_id: str, question: str, content: Mapping[str, Any] | None, by: Staff
) -> Tried:
    """Ask as if `content`, else the draft, were published; with neither, as it is now. Nothing changes.

    Raises:
        NotAllowed, NotFound. InvalidInput: it could not be published.
    """
    check_editor(by)
    if not question:
        raise InvalidInput("question_wanted", field="question")
    if content is None:
        found = await find(services, faq_id)
        content = found.draft.content if found.draft else None
    async with services.db.read() as uow:
        published = await read_published(uow.session)
    changed = parse_article({**content, "id": faq_id}, faq_id) if content is not None else None
    return await asyncio.to_thread(_tried, services, published.articles, changed, question)


def _tried(services: Services, edits: Sequence[Article], changed: Article | None, question: str) -> Tried:
    knowledge = services.knowledge
    edition = knowledge.edition(edits, knowledge.current.revision, changed)
    return Tried(knowledge.outcome(question, edition=edition), knowledge.search(question, 3, edition))
