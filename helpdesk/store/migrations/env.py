"""How Alembic reaches the database: one connection, one transaction for all that is missing."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from helpdesk.store.tables import Base

ONE_AT_A_TIME = 7_305_118  # a PostgreSQL advisory lock: two starting services do not migrate side by side


def run(connection: Connection) -> None:
    """Run the migrations; a SQLite table is rebuilt where its ALTER TABLE cannot do it."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()


async def main() -> None:
    """Connect and run."""
    engine = create_async_engine(context.config.attributes["url"], poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


if "connection" in context.config.attributes:  # a caller's own transaction (store/backup)
    run(context.config.attributes["connection"])
else:
    asyncio.run(main())
