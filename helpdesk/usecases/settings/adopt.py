"""Every process goes by what is published now: read at start, looked for twice a second, put in place in one step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.background import in_background
from helpdesk.calendar import ServiceCalendar
from helpdesk.company import Company, CompanyFileError, load_company
from helpdesk.company.canned import canned_replies
from helpdesk.services import Services, StillLoading
from helpdesk.store.tables import SettingVersion
from helpdesk.usecases.journal.numbers import count_of
from helpdesk.wording import Wording, load_wording

REVISION = "settings"
"""The counter that every publication raises."""
POLL_SECONDS = 0.5
LIVE = "published"
TOPIC = "settings"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Edition:
    """All settings as of a revision, checked as one."""

    revision: int
    company: Company
    wording: Wording


async def published(session: AsyncSession) -> tuple[int, dict[str, str]]:
    """The revision, and what stands in the place of which file. Rows may be newer than it says, never older."""
    revision = await count_of(session, REVISION)
    query = select(SettingVersion.name, SettingVersion.content).where(SettingVersion.state == LIVE)
    return revision, {name: content for name, content in (await session.execute(query)).all()}  # noqa: C416


def build(services: Services, revision: int, edits: Mapping[str, str]) -> Edition:
    """Read everything anew with these edits; nothing changes yet.

    Raises:
        CompanyFileError: the first thing that is wrong.
    """
    company = load_company(services.settings.company_dir, edits)
    canned_replies(company)  # read when it is asked for; a mistake is told now
    return Edition(revision, company, load_wording(company))


def adopt(services: Services, edition: Edition) -> None:
    """Go by this edition, unless a later one is in place."""
    if edition.revision < services.settings_revision:
        return
    services.settings_revision = edition.revision
    edition.wording.tell_lent(services.wording.lent)
    services.company, services.wording = edition.company, edition.wording
    services.calendar = ServiceCalendar.of(edition.company, always_open=services.settings.always_open)
    if not isinstance(services.knowledge, StillLoading):
        services.knowledge.go_by(edition.company)
    services.bus.publish(TOPIC, {})


async def catch_up(services: Services) -> None:
    """Go by what is published now; one row is read when there is nothing new.

    An edit that a newer version of the program cannot use is told, and its file holds again.
    """
    async with services.db.read() as uow:
        if await count_of(uow.session, REVISION) == services.settings_revision:
            return
        revision, edits = await published(uow.session)
    adopt(services, await asyncio.to_thread(_usable, services, revision, edits))
    log.info("settings_adopted", revision=revision, files=sorted(edits))


def _usable(services: Services, revision: int, edits: dict[str, str]) -> Edition:
    while True:
        try:
            return build(services, revision, edits)
        except CompanyFileError as problem:
            culprit = _culprit(services, problem, edits)
            if culprit is None:
                raise
            log.error("edited_setting_left_out", file=culprit, problem=str(problem))
            del edits[culprit]


def _culprit(services: Services, problem: CompanyFileError, edits: Mapping[str, str]) -> str | None:
    root = services.settings.company_dir
    named = next((name for name in edits if root / name == problem.file), None)
    return named or next(iter(sorted(edits)), None)


@asynccontextmanager
async def watching(services: Services) -> AsyncIterator[None]:
    """Look for what other processes published for as long as the block lasts."""
    async with in_background(_look(services)):
        yield


async def _look(services: Services) -> None:
    while True:
        await asyncio.sleep(POLL_SECONDS)
        try:
            await catch_up(services)
        except Exception:
            log.exception("settings_watch_failed")
