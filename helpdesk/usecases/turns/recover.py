"""Who is woken when a message was stored, and who looks for messages that were left lying.

The dispatcher starts a task for each conversation it hears of. Every few seconds it also asks the database
for pending messages with no live claim: those of a process that was killed, or of another one's start.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Literal

import structlog

from helpdesk.background import end, in_background
from helpdesk.request_id import follow
from helpdesk.services import Services
from helpdesk.store.queries import drop_claims, forsaken_conversations, processed_messages
from helpdesk.usecases.conversations.locks import Claim, renewed
from helpdesk.usecases.conversations.speak import PROCESSED, processed
from helpdesk.usecases.conversations.wake import PENDING
from helpdesk.usecases.turns.turn import answer_pending

log = structlog.get_logger(__name__)

Again = Literal["again"]
AGAIN: Again = "again"
NOTICE_SECONDS = 0.3
GRACE_SECONDS = 12.0  # what turns under way get at the end: a worker's limit and a little


async def clear_claims(services: Services) -> None:
    """At the start of the only process on a database: whatever claims there are belong to the dead."""
    async with services.db.write() as uow:
        await drop_claims(uow.session)
        await uow.commit()


async def forsaken(services: Services) -> list[str]:
    """Conversations that wait for an answer with nobody at work on it."""
    async with services.db.read(much=True) as uow:
        return list(await forsaken_conversations(uow.session, services.clock.now()))


async def answered_among(services: Services, message_ids: list[str]) -> list[str]:
    """Which of these messages are dealt with."""
    if not message_ids:
        return []
    async with services.db.read() as uow:
        return list(await processed_messages(uow.session, message_ids))


class Dispatcher:
    """Runs turns as tasks, and sees to it that none is forgotten."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turns: set[asyncio.Task[None]] = set()
        self._at_work: dict[str, Claim | Again | None] = {}  # conversation -> asked for again meanwhile

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve news and recovery for as long as the block lasts; then let turns under way end."""
        async with self._services.bus.subscribe(PENDING) as feed:

            async def listen() -> None:
                while True:
                    self._hear((await feed.get()).data)

            work = [listen(), self._recover()]
            if not self._services.db.is_sqlite:
                work.append(self._notice())
            try:
                async with in_background(*work):
                    yield
            finally:
                while (news := feed.get_now()) is not None:  # claims taken for us: nobody else looks before they lapse
                    self._hear(news.data)
                await self._finish()

    def _hear(self, news: dict[str, Any]) -> None:
        """A message was stored: of which request it came is told here, and known to the turn that answers it."""
        conversation_id, request = news["conversation_id"], news["request"]
        named = {"request": request} if request else {}
        log.info("message_pending", conversation=conversation_id, message=news["message_id"], **named)
        self.wake(conversation_id, request, news["held"])

    def wake(self, conversation_id: str, request: str = "", held: Claim | None = None) -> None:
        """Have a conversation's pending messages answered, by one task a conversation; `held`: the claim is ours."""
        if conversation_id in self._at_work:
            self._at_work[conversation_id] = held or self._at_work[conversation_id] or AGAIN
            return
        self._at_work[conversation_id] = None
        task = asyncio.create_task(self._turn(conversation_id, request, held))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)

    async def _turn(self, conversation_id: str, request: str, held: Claim | None) -> None:
        follow(request)
        try:
            async with renewed(self._services, held) if held else nullcontext():
                await self._services.db.calm()
            await answer_pending(self._services, conversation_id, held)
        except Exception:
            log.exception("turn_lost_to_error", conversation=conversation_id)  # recovery takes it up again
        finally:
            again = self._at_work.pop(conversation_id, None)
        if again is not None:
            self.wake(conversation_id, held=again if isinstance(again, Claim) else None)

    async def _recover(self) -> None:
        while True:
            try:
                for conversation_id in await forsaken(self._services):
                    self.wake(conversation_id)
            except Exception:
                log.exception("recovery_failed")
            await asyncio.sleep(self._services.settings.recover_every)

    async def _notice(self) -> None:
        """Tell those who wait here of answers that another process wrote: one question for all of them."""
        bus = self._services.bus
        while True:
            try:
                for message_id in await answered_among(self._services, bus.awaited(PROCESSED)):
                    bus.publish(processed(message_id))
            except Exception:
                log.exception("notice_failed")
            await asyncio.sleep(NOTICE_SECONDS)

    async def _finish(self) -> None:
        if self._turns:
            await asyncio.wait(tuple(self._turns), timeout=GRACE_SECONDS)
        await end(list(self._turns))
