"""What each process does for the knowledge by itself: answer from the newest articles, group unanswered questions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from helpdesk.knowledge import Edition
from helpdesk.knowledge.learnt import get_ready
from helpdesk.services import Services, StillLoading
from helpdesk.usecases.journal.numbers import count_of
from helpdesk.usecases.knowledge.question_groups import group_new
from helpdesk.usecases.knowledge.versions import REVISION, read_published

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
"""With up to a second for building, an edit is answered from within two, whichever process made it."""
GROUP_SECONDS = 2.0


@asynccontextmanager
async def watching(services: Services) -> AsyncIterator[None]:
    """Look for as long as the block lasts."""
    jobs = (
        asyncio.to_thread(get_ready),
        _forever(services, catch_up, POLL_SECONDS, "knowledge_watch_failed"),
        _forever(services, group_new, GROUP_SECONDS, "grouping_failed"),
    )
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forever(services: Services, do: Callable[[Services], Awaitable[object]], every: float, failed: str) -> None:
    while True:
        try:
            await do(services)
        except Exception:
            log.exception(failed)
        await asyncio.sleep(every)


async def catch_up(services: Services) -> None:
    """Answer from what is published now; one row is read when there is nothing new."""
    knowledge = services.knowledge
    if isinstance(knowledge, StillLoading):
        return
    async with services.db.read() as uow:
        is_new = await count_of(uow.session, REVISION) > knowledge.current.revision
        if not is_new and not knowledge.is_stale:
            return
        published = await read_published(uow.session)
    edition = await asyncio.to_thread(knowledge.edition, published.articles, published.revision)
    tell_left_out(edition)
    knowledge.adopt(edition)
    log.info("knowledge_adopted", revision=edition.revision)


def tell_left_out(edition: Edition) -> None:
    """An edited article that cannot be used is an operator's business; the file of the same id holds again."""
    for problem in edition.left_out:
        log.error("edited_article_left_out", faq_id=problem.faq_id, problem=str(problem))
