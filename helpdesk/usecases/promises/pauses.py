"""Spans in which a ticket waits for its customer; its result's clock stands still in them (C3).

The rows alone. What a pause means for dates and customers is in `tickets/ask_customer.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.store.tables import TicketPause


async def open_pause(session: AsyncSession, number: str) -> TicketPause | None:
    """The pause a ticket is in now, as it stands; its ticket should be locked by who changes it."""
    query = select(TicketPause).where(TicketPause.number == number, TicketPause.until.is_(None))
    return await session.scalar(query.execution_options(populate_existing=True))


async def of_ticket(session: AsyncSession, number: str) -> Sequence[TicketPause]:
    """Every pause a ticket ever had, oldest first."""
    query = select(TicketPause).where(TicketPause.number == number).order_by(TicketPause.id)
    return (await session.scalars(query)).all()


async def close(session: AsyncSession, number: str, until: datetime) -> TicketPause | None:
    """End the pause a ticket is in, not before it began; that pause, or None when it is in none."""
    pause = await open_pause(session, number)
    if pause is not None:
        pause.until = max(until, pause.since)
    return pause
