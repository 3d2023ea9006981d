"""Is the service able to serve: can it store, has it read its articles, is there anybody to answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.disk import free_megabytes
from helpdesk.services import Services, StillLoading
from helpdesk.store.away import in_one_line
from helpdesk.usecases.journal import attempts

log = structlog.get_logger(__name__)

PROBE = "probe"
PATIENCE = 5.0  # seconds for one small write


@dataclass(frozen=True)
class Health:
    """`database`: something can be stored. `workers` maps addresses to whether they answer. `notices`: what else an
    operator should know, by name."""

    database: bool
    knowledge: bool
    workers: dict[str, bool]
    notices: dict[str, str]

    @property
    def is_ready(self) -> bool:
        """One worker is enough."""
        return self.database and self.knowledge and any(self.workers.values())

    @property
    def details(self) -> dict[str, Any]:
        """For operators only."""
        told = {"database": self.database, "knowledge": self.knowledge, "workers": self.workers}
        return {**told, "notices": self.notices} if self.notices else told


async def checks(services: Services) -> Health:
    """Write something, and ask every worker."""
    is_read = not isinstance(services.knowledge, StillLoading)
    notices = {**services.notices, **_disk(services)}
    return Health(await _database(services), is_read, await services.workers.health(), notices)


def _disk(services: Services) -> dict[str, str]:
    free, floor = free_megabytes(services.settings), services.settings.disk_floor
    return {"disk": f"{free} MB are free, less than HELPDESK_DISK_FLOOR ({floor})"} if free < floor else {}


async def _database(services: Services) -> bool:
    """Whether something can be stored: a full disk still reads."""
    try:
        async with asyncio.timeout(PATIENCE), services.db.write() as uow:
            probe = attempts.note(uow, PROBE, PROBE)
            await uow.session.flush()
            await attempts.take_back(uow, [probe.id])
            await uow.commit()
    except (SQLAlchemyError, OSError) as error:
        log.error("nothing_can_be_stored", error=in_one_line(error))
        return False
    return True
