"""All published articles as a spreadsheet, in the columns of an import: what comes back unchanged changes nothing."""

from __future__ import annotations

import asyncio

from helpdesk.services import Services
from helpdesk.sheets import Written, sheet_of
from helpdesk.usecases.knowledge.articles import ArticleState, every
from helpdesk.usecases.knowledge.imports import HEADINGS, LISTS

TITLE = "知识库"
COLUMNS = {name: heading for heading, name in HEADINGS.items() if heading != name}
"""Our name -> the Chinese heading."""


async def sheet(services: Services) -> bytes:
    """An Excel file of one line an article, by id."""
    found = [one for one in await every(services) if one.is_published]
    lines: list[list[Written]] = [list(COLUMNS.values()), *(_line(one) for one in found)]
    return await asyncio.to_thread(sheet_of, TITLE, lines)


def _line(one: ArticleState) -> list[Written]:
    told = {**one.content, "id": one.faq_id}
    return ["\n".join(told.get(name) or []) if name in LISTS else told.get(name) for name in COLUMNS]
