"""Who waits for an answer that another process may give: one question to the database for all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import select

from helpdesk.services import Services
from helpdesk.store.tables import Message

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.3


class Watch:
    """Publishes `processed:<id>` for messages that are waited for here and were answered anywhere."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: set[str] = set()
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def over(self, message_id: str) -> Iterator[None]:
        """Watch a message for as long as the block lasts; the only process on a database hears of all by itself."""
        self._waiting.add(message_id)
        if not self._services.db.is_sqlite and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._waiting.discard(message_id)

    async def _look(self) -> None:
        while self._waiting:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                for message_id in await self._processed():
                    self._services.bus.publish(f"processed:{message_id}")
            except Exception:
                log.exception("watch_failed")

    async def _processed(self) -> list[str]:
        query = select(Message.id).where(Message.id.in_(self._waiting), Message.processed_at.is_not(None))
        async with self._services.db.read() as uow:
            return list((await uow.session.scalars(query)).all())
