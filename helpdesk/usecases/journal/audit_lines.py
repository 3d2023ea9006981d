"""Reading the audit: lines of one person, one kind of deed or one subject, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.store.tables import Audit


@dataclass(frozen=True)
class Sought:
    """Which lines; `before`: only lines with a smaller id."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    before: int | None = None


async def lines(session: AsyncSession, sought: Sought, limit: int) -> Sequence[Audit]:
    """At most `limit` of them."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    for column, value in ((Audit.actor, sought.actor), (Audit.action, sought.action), (Audit.subject, sought.subject)):
        query = query.where(column == value) if value else query
    query = query.where(Audit.id < sought.before) if sought.before is not None else query
    return (await session.scalars(query)).all()
