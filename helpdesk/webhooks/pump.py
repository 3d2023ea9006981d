"""Takes what waits for each receiver, calls, and stores what came of it; one that hangs keeps no other waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from helpdesk.background import in_background
from helpdesk.services import Services
from helpdesk.usecases.events.deliveries import GONE, Answer, due, settle, take
from helpdesk.webhooks.calls import Bell

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
AT_ONCE = 4
"""Calls to one receiver at the same time."""


class Pump:
    """Serves every receiver there is, as the settings change."""

    def __init__(self, services: Services, bell: Bell) -> None:
        self._services = services
        self._bell = bell
        self._at_work: dict[str, dict[int, asyncio.Task[None]]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts; then let calls under way end."""
        try:
            async with in_background(self._look()):
                yield
        finally:
            under_way = [task for tasks in self._at_work.values() for task in tasks.values()]
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            try:
                for name, receiver in self._services.company.webhooks.items():
                    if not receiver.paused:
                        await self._begin(name)
            except Exception:
                log.exception("webhooks_failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _begin(self, name: str) -> None:
        tasks = self._at_work.setdefault(name, {})
        if len(tasks) >= AT_ONCE:
            return
        for delivery_id in await due(self._services, name, AT_ONCE):
            if delivery_id not in tasks and len(tasks) < AT_ONCE:
                tasks[delivery_id] = task = asyncio.create_task(self._serve(name, delivery_id))
                task.add_done_callback(lambda _, done=delivery_id: tasks.pop(done, None))  # type: ignore[misc]

    async def _serve(self, name: str, delivery_id: int) -> None:
        try:
            following: int | None = delivery_id
            while following is not None and await serve(self._services, self._bell, following):
                following = next(iter(await due(self._services, name, 1)), None)
        except Exception:
            log.exception("webhook_failed", delivery=delivery_id)


async def serve(services: Services, bell: Bell, delivery_id: int) -> bool:
    """Make one delivery, once, whoever else tries to; whether it was ours and was taken."""
    taken = await take(services, delivery_id)
    if taken is None:
        return False
    receiver = services.company.webhooks.get(taken.receiver)
    answer = await bell.ring(receiver, taken) if receiver else Answer(False, error=GONE, is_final=True)
    await settle(services, taken, answer)
    if not answer.is_taken:
        log.warning("event_not_taken", receiver=taken.receiver, event_id=taken.event_id, reason=answer.error)
    return answer.is_taken
