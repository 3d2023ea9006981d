"""Articles from a spreadsheet: what would change is shown first, and taken all at once or not at all.

Columns: id, question, subject, answer, wordings and, if they are to be set, related, valid_from, valid_until; also
under their Chinese headings. Several wordings or related ids stand in one cell, a line or a ； each. What is
confirmed is the very file that was shown, against the articles as they were: the digest of both.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from helpdesk.errors import Conflict, InvalidInput, Reason
from helpdesk.knowledge import Article, BrokenArticle, Edition, parse_article
from helpdesk.services import Services
from helpdesk.sheets import Row, rows_of
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_count
from helpdesk.usecases.knowledge import articles
from helpdesk.usecases.knowledge.articles import WRITING, Content, content_of, every
from helpdesk.usecases.knowledge.versions import PUBLISHED, REVISION, read_published

HEADINGS = {
    "id": "id", "编号": "id",
    "question": "question", "问题": "question",
    "subject": "subject", "主题": "subject",
    "answer": "answer", "答案": "answer",
    "wordings": "wordings", "问法": "wordings",
    "related": "related", "相关": "related",
    "valid_from": "valid_from", "生效": "valid_from",
    "valid_until": "valid_until", "失效": "valid_until",
}  # fmt: skip
REQUIRED = ("id", "question", "answer", "wordings")
LISTS = ("wordings", "related")
BETWEEN = re.compile(r"[\n;；|]+")
NOTE = "导入"
"""What an imported version is noted with."""
LONGEST_SUBJECT = 20


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be taken, and which cell of it why."""

    row: int
    key: str
    problem: Reason


@dataclass(frozen=True)
class Change:
    """An article that the file makes, or changes in these fields."""

    row: int
    faq_id: str
    question: str
    is_new: bool
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What would happen. With anything wrong nothing does; `digest` confirms exactly this."""

    changes: tuple[Change, ...]
    unchanged: int
    wrong: tuple[Wrong, ...]
    digest: str
    contents: Mapping[str, Content]


async def plan(services: Services, content: bytes, by: Staff | None) -> Plan:
    """Look at a file; nothing changes. `by` None: the operator.

    Raises:
        NotAllowed: only supervisors and administrators edit. InvalidInput: it is no spreadsheet of articles.
    """
    if by is not None:
        articles.check_editor(by)
    rows = await asyncio.to_thread(rows_of, content, HEADINGS, REQUIRED)
    live = {one.faq_id: one.content for one in await every(services) if one.is_published}
    contents, wrong, changes = _read(rows, live)
    if not wrong and changes:
        wrong = await _wrong_among_all(services, contents, {one.faq_id: one.row for one in changes})
    seen = repr(sorted((faq_id, sorted(value.items())) for faq_id, value in live.items()))
    digest = sha256(content + seen.encode()).hexdigest()
    return Plan(tuple(changes), len(rows) - len(changes) - len(wrong), tuple(wrong), digest, contents)


async def take(services: Services, content: bytes, digest: str, by: Staff | None) -> Plan:
    """Publish everything that the plan with this digest says, in one transaction.

    Raises:
        InvalidInput: a row is wrong; nothing was taken. Conflict: the file or the articles are not what was shown.
    """
    planned = await plan(services, content, by)
    if planned.wrong:
        first = planned.wrong[0]
        raise InvalidInput("import_row_wrong", row=first.row, column=first.key, problem=first.problem, field="file")
    if planned.digest != digest:
        raise Conflict("import_changed")
    if planned.contents:
        await _publish(services, planned, by.id if by else audit.SYSTEM)
    return planned


# ---------------------------------------------------------------- rows


def _read(rows: Sequence[Row], live: Mapping[str, Content]) -> tuple[dict[str, Content], list[Wrong], list[Change]]:
    contents: dict[str, Content] = {}
    wrong: list[Wrong] = []
    changes: list[Change] = []
    seen: dict[str, int] = {}
    for row in rows:
        faq_id = row.cells.get("id", "")
        if faq_id in seen:
            wrong.append(Wrong(row.number, "id", Reason("import_id_twice", faq_id=faq_id, row=seen[faq_id])))
            continue
        seen[faq_id] = row.number
        before = live.get(faq_id)
        try:
            after = content_of(parse_article({**_given(row, before), "id": faq_id}, faq_id))
        except BrokenArticle as problem:
            wrong.append(Wrong(row.number, problem.key, problem.problem))
            continue
        fields = tuple(name for name in after if before is None or after[name] != before.get(name))
        if fields:
            contents[faq_id] = after
            changes.append(Change(row.number, faq_id, after["question"], before is None, fields))
    return contents, wrong, changes


def _given(row: Row, before: Content | None) -> dict[str, Any]:
    """The article as the row says it; what has no column, or an empty cell, stays as it is."""
    told: dict[str, Any] = {name: cell for name, cell in row.cells.items() if name != "id"}
    for name in LISTS:
        if name in told:
            told[name] = [one.strip() for one in BETWEEN.split(str(told[name])) if one.strip()]
    subject = {} if before else {"subject": str(told.get("question", ""))[:LONGEST_SUBJECT]}
    return {**subject, **(before or {}), **told}


async def _wrong_among_all(services: Services, contents: Mapping[str, Content], rows: Mapping[str, int]) -> list[Wrong]:
    """What only shows among all articles: a wording of another, a related article that is not there."""
    async with services.db.read() as uow:
        published = await read_published(uow.session)
    unusable = await asyncio.to_thread(services.knowledge.unusable, _merged(published.articles, contents))
    return [
        Wrong(rows.get(one.faq_id, 0), one.key, Reason("import_article_wrong", faq_id=one.faq_id, problem=one.problem))
        for one in unusable
    ]


# ---------------------------------------------------------------- all at once


async def _edition(services: Services, contents: Mapping[str, Content]) -> Edition:
    async with services.db.read() as uow:
        published = await read_published(uow.session)
    articles = _merged(published.articles, contents)
    return await asyncio.to_thread(services.knowledge.edition, articles, published.revision + 1)


def _merged(published: Sequence[Article], contents: Mapping[str, Content]) -> list[Article]:
    """What is published, with these in the place of their former versions."""
    others = [one for one in published if one.id not in contents]
    return [*others, *(parse_article({**content, "id": faq_id}, faq_id) for faq_id, content in contents.items())]


async def _publish(services: Services, planned: Plan, by: str) -> None:
    edition = await _edition(services, planned.contents)
    async with services.db.write() as uow:
        if await next_count(services, uow, REVISION) != edition.revision:
            raise Conflict("import_knowledge_busy")
        await next_count(services, uow, WRITING)
        for faq_id, content in planned.contents.items():
            await articles.replace_published(uow, faq_id)
            row = await articles.new_version(uow, faq_id, by)
            row.state, row.content, row.note = PUBLISHED, content, NOTE
            row.published_by, row.published_at = by, uow.now
            await uow.session.flush()
        ids = sorted(planned.contents)
        actor = by if by == audit.SYSTEM else audit.by_staff(by)
        audit.note(uow, actor, "articles_imported", "knowledge", articles=ids)
        await uow.commit()
    services.knowledge.adopt(edition)
