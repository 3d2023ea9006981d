"""What time has done already: each thing once, whichever process did it and however often it was started again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Once


async def once(uow: UnitOfWork, key: str) -> bool:
    """Whether this unit of work is the first to do what `key` stands for; it is, only if it is committed.

    Of two units at the same moment the second waits here until the first has ended.
    """
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if is_sqlite else postgresql.insert)(Once)
    statement = insert.values(key=key, at=uow.now).on_conflict_do_nothing().returning(Once.key)
    return await uow.session.scalar(statement) is not None


async def fired_at(uow: UnitOfWork, key: str) -> datetime | None:
    """When that was done, if it was."""
    found = await uow.session.get(Once, key)
    return found.at if found else None
