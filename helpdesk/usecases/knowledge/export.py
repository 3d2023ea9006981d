"""Edited articles as files, for a company that keeps its knowledge under version control or moves it elsewhere."""

from __future__ import annotations

from pathlib import Path

import yaml

from helpdesk.knowledge import Article
from helpdesk.store.database import Database
from helpdesk.usecases.knowledge.versions import read_published

LINE_WIDTH = 10_000
"""YAML folds lines at this width: never, for a changed answer should be one changed line."""


async def export_articles(db: Database, folder: Path) -> list[str]:
    """Write what editors published into `folder`, in the format of company/knowledge; the ids, sorted.

    Articles that nobody edited are in company/knowledge already. The database goes on winning over the files.
    """
    async with db.read(much=True) as uow:
        published = await read_published(uow.session)
    folder.mkdir(parents=True, exist_ok=True)
    for article in published.articles:
        _write(folder / f"{article.id}.yml", article)
    return sorted(article.id for article in published.articles)


def _write(file: Path, article: Article) -> None:
    """Whole or not at all: written beside the file, then put in its place."""
    content = article.model_dump(mode="json", exclude_defaults=True)
    beside = file.with_suffix(".yml.new")
    beside.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=LINE_WIDTH), "utf-8")
    beside.replace(file)
