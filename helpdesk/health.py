"""Is the service able to serve: can it store, has it read its articles, is there anybody to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.services import Services, StillLoading

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Health:
    """`workers` maps addresses to whether they answer."""

    database: bool
    knowledge: bool
    workers: dict[str, bool]

    @property
    def is_ready(self) -> bool:
        """One worker is enough."""
        return self.database and self.knowledge and any(self.workers.values())

    @property
    def details(self) -> dict[str, Any]:
        """For operators only."""
        return {"database": self.database, "knowledge": self.knowledge, "workers": self.workers}


async def checks(services: Services) -> Health:
    """Ask the database and every worker."""
    is_read = not isinstance(services.knowledge, StillLoading)
    return Health(await _database(services), is_read, await services.workers.health())


async def _database(services: Services) -> bool:
    try:
        async with services.db.read() as uow:
            await uow.session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        log.exception("database_unreachable")
        return False
    return True
