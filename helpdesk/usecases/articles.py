"""Editing the FAQ: checked, live at once, kept in company/knowledge, written down (G3)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from helpdesk.errors import NotAllowed, NotFound
from helpdesk.knowledge import Article, Hit, parse_article
from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases import audit

EDITORS = frozenset({"supervisor", "admin"})
LINE_WIDTH = 10_000
"""YAML folds lines at this width: never, for a changed answer should be one changed line."""


async def search(services: Services, question: str, limit: int) -> list[Hit]:
    """The likeliest articles; ranking computes, so it runs in a thread."""
    return await asyncio.to_thread(services.knowledge.search, question, limit)


def find_article(services: Services, faq_id: str) -> Article:
    """An article, valid today or not.

    Raises:
        NotFound.
    """
    found = services.knowledge.articles.get(faq_id)
    if found is None:
        raise NotFound(f"no article {faq_id}", faq_id=faq_id)
    return found


async def put_article(services: Services, faq_id: str, content: Mapping[str, Any], by: Staff) -> Article:
    """Make or change an article; it answers from now on, and is still there after a restart.

    Raises:
        NotAllowed: only supervisors and administrators edit. InvalidInput: it cannot be used; nothing changed.
    """
    if by.role not in EDITORS:
        raise NotAllowed("只有主管和管理员可以修改知识库")
    article = parse_article({**content, "id": faq_id}, faq_id)
    await asyncio.to_thread(services.knowledge.put, article)
    await asyncio.to_thread(_write, services.company.root / "knowledge" / f"{faq_id}.yml", article)
    now = services.clock.now()
    async with services.db.write() as uow:
        audit.note(uow, audit.by_staff(by.id), "article_changed", faq_id, now)
        await uow.commit()
    return article


def _write(file: Path, article: Article) -> None:
    """Whole or not at all: written beside the file, then put in its place."""
    content = article.model_dump(mode="json", exclude_defaults=True)
    beside = file.with_suffix(".yml.new")
    beside.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=LINE_WIDTH), "utf-8")
    beside.replace(file)
