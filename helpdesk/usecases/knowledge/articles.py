"""Editing the FAQ: published and rolled back; checked before it counts, and answered from at once (G3).

An edit is kept in the database and wins over the file of the same article. Publishing builds the next edition
first, outside any transaction; then one transaction raises the revision and writes the version. If somebody else
published meanwhile the revision is not the next one: nothing is written, and the edition is built anew. The other
processes notice the revision (helpdesk/usecases/knowledge/watch.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, NotFound
from helpdesk.knowledge import Article, Hit, parse_article
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import ArticleVersion, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_count
from helpdesk.usecases.knowledge.versions import (
    DRAFT,
    PUBLISHED,
    REPLACED,
    REVISION,
    last_version,
    live_rows,
    read_published,
    versions,
)
from helpdesk.usecases.people.rights import require_in_house

TRIES = 5
WRITING = "article_versions"
"""The counter whose row is held while a version is written: numbers are given one after the other."""
SHIPPED = 0
"""The number of the version that is in the file."""

Content = dict[str, Any]


@dataclass(frozen=True)
class ArticleState:
    """An article as the desk sees it; without `live` it is a draft that was never published."""

    faq_id: str
    shipped: Article | None
    live: ArticleVersion | None = None
    draft: ArticleVersion | None = None

    @property
    def version(self) -> int:
        """The published version; 0 is the file."""
        return self.live.version if self.live else SHIPPED

    @property
    def is_published(self) -> bool:
        return self.live is not None or self.shipped is not None

    @property
    def content(self) -> Content:
        """What is answered from; of an unpublished article what is drafted."""
        if self.live is not None:
            return self.live.content
        return content_of(self.shipped) if self.shipped else (self.draft.content if self.draft else {})

    @property
    def written(self) -> ArticleVersion | None:
        """Who wrote it and when; None for the file."""
        return self.live or (None if self.shipped else self.draft)


@dataclass(frozen=True)
class Edit:
    """Who publishes what, and why. `seen`: the version the editor began with; None: whichever there is."""

    content: Mapping[str, Any]
    by: Staff
    note: str | None = None
    seen: int | None = None
    action: str = "article_published"


def content_of(article: Article) -> Content:
    """An article as it is stored: without its id, which is the row's."""
    return article.model_dump(mode="json", exclude={"id"})


def check_editor(by: Staff) -> None:
    """Refuse whoever may not edit.

    Raises:
        NotAllowed: only supervisors and administrators do.
    """
    require_in_house(by, Deed.EDIT_KNOWLEDGE)


# ---------------------------------------------------------------- reading


async def search(services: Services, question: str, limit: int) -> list[Hit]:
    """The likeliest articles; ranking computes, so it runs in a thread."""
    return await asyncio.to_thread(services.knowledge.search, question, limit)


async def every(services: Services) -> list[ArticleState]:
    """All articles by id, as they are in the database and the files."""
    async with services.db.read() as uow:
        rows = await live_rows(uow.session)
    shipped = services.knowledge.shipped
    live = {row.faq_id: row for row in rows if row.state == PUBLISHED}
    drafts = {row.faq_id: row for row in rows if row.state == DRAFT}
    ids = sorted({*shipped, *live, *drafts})
    return [ArticleState(faq_id, shipped.get(faq_id), live.get(faq_id), drafts.get(faq_id)) for faq_id in ids]


async def find(services: Services, faq_id: str) -> ArticleState:
    """An article, valid today or not, with its draft.

    Raises:
        NotFound.
    """
    async with services.db.read() as uow:
        found = await state_of(services, uow.session, faq_id)
    if not found.is_published and found.draft is None:
        raise NotFound("article_not_found", faq_id=faq_id)
    return found


async def state_of(services: Services, session: AsyncSession, faq_id: str) -> ArticleState:
    """An article as it stands, whether there is anything of it or not."""
    rows = {row.state: row for row in await versions(session, faq_id) if row.state != REPLACED}
    return ArticleState(faq_id, services.knowledge.shipped.get(faq_id), rows.get(PUBLISHED), rows.get(DRAFT))


async def history(services: Services, faq_id: str) -> tuple[Sequence[ArticleVersion], Article | None]:
    """All versions that editors wrote, the newest first, and the article of the file.

    Raises:
        NotFound: there is neither.
    """
    shipped = services.knowledge.shipped.get(faq_id)
    async with services.db.read() as uow:
        rows = await versions(uow.session, faq_id)
    if not rows and shipped is None:
        raise NotFound("article_not_found", faq_id=faq_id)
    return rows, shipped


# ---------------------------------------------------------------- publishing


async def put_article(services: Services, faq_id: str, edit: Edit, grew_from: int | None = None) -> ArticleState:
    """Make or change an article; it answers from now on, and is still there after a restart.

    `grew_from`: the version of the draft that the editor had on the screen; what is published takes its place.

    Raises:
        NotAllowed: only supervisors and administrators edit. InvalidInput: it cannot be used; nothing changed.
        Conflict: another version or another draft than the editor saw is there by now.
    """
    check_editor(edit.by)
    if grew_from is None:
        return await _publish(services, faq_id, edit, draft=None)
    found = await find(services, faq_id)
    return await _publish(services, faq_id, edit, draft=_draft_of(found, grew_from))


async def publish_draft(services: Services, faq_id: str, by: Staff, note: str | None, seen: int | None) -> ArticleState:
    """Answer from what was drafted.

    Raises:
        NotAllowed, NotFound (no draft), InvalidInput. Conflict: the draft is not the one that was seen, or something
        was published after it was saved.
    """
    check_editor(by)
    found = await find(services, faq_id)
    if found.draft is None:
        raise NotFound("draft_not_found", faq_id=faq_id)
    draft = _draft_of(found, seen)
    edit = Edit(draft.content, by, note or draft.note, found.version)
    return await _publish(services, faq_id, edit, draft=draft)


def _draft_of(found: ArticleState, seen: int | None) -> ArticleVersion:
    """The draft that was seen, if nothing was published since it was saved."""
    draft = found.draft
    if draft is None:
        raise Conflict("draft_gone", faq_id=found.faq_id)
    expect_version(seen, draft.version)
    if found.version > draft.version:
        raise Conflict("draft_behind", version=found.version)
    return draft


async def roll_back(services: Services, faq_id: str, version: int, by: Staff, note: str | None) -> ArticleState:
    """Publish the content of an earlier version again, as a new version; 0 is the file's.

    Raises:
        NotAllowed, InvalidInput. NotFound: there is no such version.
    """
    check_editor(by)
    rows, shipped = await history(services, faq_id)
    old = {row.version: row.content for row in rows if row.state != DRAFT}
    if shipped is not None:
        old[SHIPPED] = content_of(shipped)
    if version not in old:
        raise NotFound("version_not_found", faq_id=faq_id, version=version)
    edit = Edit(old[version], by, note or f"恢复到版本 {version}", action="article_rolled_back")
    return await _publish(services, faq_id, edit, draft=None)


async def _publish(services: Services, faq_id: str, edit: Edit, draft: ArticleVersion | None) -> ArticleState:
    article = parse_article({**edit.content, "id": faq_id}, faq_id)
    knowledge = services.knowledge
    for _ in range(TRIES):
        async with services.db.read() as uow:
            published = await read_published(uow.session)
            expect_version(edit.seen, (await state_of(services, uow.session, faq_id)).version)
        edition = await asyncio.to_thread(knowledge.edition, published.articles, published.revision + 1, article)
        if await _write(services, article, edit, draft, edition.revision):
            knowledge.adopt(edition)
            return await find(services, faq_id)
    raise Conflict("knowledge_busy", faq_id=faq_id)


async def _write(services: Services, article: Article, edit: Edit, draft: ArticleVersion | None, revision: int) -> bool:
    """One transaction; False when somebody else published since the edition was begun."""
    async with services.db.write() as uow:
        if await next_count(services, uow, REVISION) != revision:
            return False
        await next_count(services, uow, WRITING)
        await replace_published(uow, article.id)
        row = await _draft_to_publish(uow, draft) if draft else await new_version(uow, article.id, edit.by.id)
        row.state, row.content, row.note = PUBLISHED, content_of(article), edit.note
        row.published_by, row.published_at = edit.by.id, uow.now
        audit.note(uow, audit.by_staff(edit.by.id), edit.action, article.id, version=row.version)
        await uow.commit()
    return True


async def replace_published(uow: UnitOfWork, faq_id: str) -> None:
    """What is published of an article is so no longer; `WRITING` is held."""
    statement = update(ArticleVersion).where(ArticleVersion.faq_id == faq_id, ArticleVersion.state == PUBLISHED)
    await uow.session.execute(statement.values(state=REPLACED), execution_options={"synchronize_session": False})


async def _draft_to_publish(uow: UnitOfWork, draft: ArticleVersion) -> ArticleVersion:
    """The draft's row, if it is still the one that was read."""
    row = await uow.session.get(ArticleVersion, draft.id, with_for_update=True, populate_existing=True)
    if row is None or row.state != DRAFT or row.version != draft.version:
        raise Conflict("draft_gone", faq_id=draft.faq_id)
    return row


async def new_version(uow: UnitOfWork, faq_id: str, by: str) -> ArticleVersion:
    """A row under the next number; `WRITING` is held."""
    version = await last_version(uow.session, faq_id) + 1
    row = ArticleVersion(faq_id=faq_id, version=version, state=DRAFT, content={}, written_by=by, written_at=uow.now)
    uow.session.add(row)
    return row


def expect_version(seen: int | None, version: int) -> None:
    """Two editors at once: the second is told, and overwrites nothing.

    Raises:
        Conflict: naming the version there is.
    """
    if seen is not None and seen != version:
        raise Conflict("article_changed", version=version)
