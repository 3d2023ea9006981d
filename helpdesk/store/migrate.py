"""Bring a database to the present tables, and know whether it is there. Runs outside any event loop."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from helpdesk.store.database import Database

log = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(url: str) -> Config:
    """Alembic's settings for the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Run every migration that is missing; a SQLite database is made where there is none."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(configuration(url), "head")


@cache
def newest_revision() -> str | None:
    """The migration that makes the tables this code was written for; finding it runs all migration files."""
    return ScriptDirectory.from_config(configuration("")).get_current_head()


def knows(revision: str) -> bool:
    """Whether this code has the migration."""
    return revision in {script.revision for script in ScriptDirectory.from_config(configuration("")).walk_revisions()}


async def is_current(database: Database) -> bool:
    """Whether this code can work with the tables: they are those it was written for, or a later version's.

    A migration only adds what the version before it need not know (docs/deploying.md), so while services are
    replaced one after the other an old one may still be started anew.
    """

    def look(connection: Connection) -> bool:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and not knows(found):
            log.warning("database_is_of_a_later_version", migration=found, ours=newest_revision())
            return True
        return found == newest_revision()

    async with database.read() as uow:
        connection = await uow.session.connection()
        return await connection.run_sync(look)
