"""What editors wrote of the articles, as it is in the database. Reads only; `articles` writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.knowledge import Article, BrokenArticle, parse_article
from helpdesk.store.tables import ArticleVersion
from helpdesk.usecases.journal.numbers import count_of

log = structlog.get_logger(__name__)

REVISION = "knowledge"
"""The counter that every publication raises: equal figures, equal articles."""
DRAFT = "draft"
PUBLISHED = "published"
REPLACED = "replaced"


@dataclass(frozen=True)
class Published:
    """The articles that editors published, as of `revision`; those of the files are not among them."""

    revision: int
    articles: list[Article] = field(default_factory=list)


async def read_published(session: AsyncSession) -> Published:
    """Everything published. The revision is read first: rows may be newer than it says, never older."""
    revision = await count_of(session, REVISION)
    query = select(ArticleVersion).where(ArticleVersion.state == PUBLISHED).order_by(ArticleVersion.id)
    rows = (await session.scalars(query)).all()
    parsed = [_article(row) for row in rows]
    return Published(revision, [article for article in parsed if article is not None])


def _article(row: ArticleVersion) -> Article | None:
    """An article that an older version of the program accepted may be none for this one: the file holds again."""
    try:
        return parse_article({**row.content, "id": row.faq_id}, row.faq_id)
    except BrokenArticle:
        log.exception("edited_article_unusable", faq_id=row.faq_id, version=row.version)
        return None


async def versions(session: AsyncSession, faq_id: str) -> Sequence[ArticleVersion]:
    """All versions of an article, the newest first."""
    query = select(ArticleVersion).where(ArticleVersion.faq_id == faq_id).order_by(ArticleVersion.version.desc())
    return (await session.scalars(query)).all()


async def last_version(session: AsyncSession, faq_id: str) -> int:
    """The highest number given; 0 when nobody wrote anything yet."""
    query = select(func.max(ArticleVersion.version)).where(ArticleVersion.faq_id == faq_id)
    return await session.scalar(query) or 0


async def live_rows(session: AsyncSession) -> Sequence[ArticleVersion]:
    """What is published and what is drafted, of all articles."""
    query = select(ArticleVersion).where(ArticleVersion.state.in_((PUBLISHED, DRAFT)))
    return (await session.scalars(query)).all()
