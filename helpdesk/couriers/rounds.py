"""Takes what waits to be carried, stores that it is being sent, sends it, and stores what came of it.

As with the outbox: a row is `sending` in the database before the call is made; a call without an answer is `unknown`
and never made again, and so is one whose maker died. What was refused for a while is `queued` again for later.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from helpdesk.background import in_background
from helpdesk.bus import Feed
from helpdesk.model.delivery import WINDOWS, Verdict
from helpdesk.model.notice import UNDER_WAY, Answer, Errand, TryState, Way
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Letter, Notice, NoticeTry, Ticket
from helpdesk.usecases.letters import notices
from helpdesk.usecases.letters.links import link_of
from helpdesk.usecases.letters.reach import addresses, wrote_on_wechat

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
LOST_SECONDS = 30.0  # how often calls are looked for whose maker died
LOST_AFTER = timedelta(minutes=3)  # no call takes so long
BATCH = 50
AT_ONCE = 10
TRIES = 8
PAUSES = {Verdict.RETRY: timedelta(seconds=30), Verdict.BUSY: timedelta(minutes=5)}
LONGEST_PAUSE = timedelta(hours=1)
NOT_NEEDED, NO_ADDRESS, CUT_OFF = "not needed any more", "there is no address any more", "the call was cut off"
STATES = {Verdict.SENT: TryState.SENT, Verdict.UNKNOWN: TryState.UNKNOWN}


class Rounds:
    """Serves every way that is set up."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._places = asyncio.Semaphore(AT_ONCE)
        self._at_work: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts; then let calls under way end."""
        if self._services.db.is_sqlite:  # the only process: whatever was under way is of a dead one
            await give_up_lost(self._services, self._services.clock.now())
        try:
            async with in_background(self._look(), self._look_for_lost()):
                yield
        finally:
            await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    async def _look(self) -> None:
        async with self._services.bus.subscribe(notices.DUE) as feed:
            while True:
                await self._wake(feed)

    async def _wake(self, feed: Feed) -> None:
        try:
            for try_id in await due(self._services):
                self._begin(try_id)
        except Exception:
            log.exception("couriers_failed")
        await feed.wait(LOOK_SECONDS)

    def _begin(self, try_id: str) -> None:
        if try_id not in self._at_work:
            self._at_work[try_id] = task = asyncio.create_task(self._serve(try_id))
            task.add_done_callback(lambda _: self._at_work.pop(try_id, None))

    async def _serve(self, try_id: str) -> None:
        async with self._places:
            try:
                await serve(self._services, try_id)
            except Exception:
                log.exception("courier_failed", notice=try_id)

    async def _look_for_lost(self) -> None:
        while True:
            await asyncio.sleep(LOST_SECONDS)
            try:
                await give_up_lost(self._services, self._services.clock.now() - LOST_AFTER)
            except Exception:
                log.exception("couriers_failed")


async def due(services: Services) -> Sequence[str]:
    """What waits to be carried, the oldest first."""
    query = (
        select(NoticeTry.id)
        .where(NoticeTry.state == TryState.QUEUED, NoticeTry.next_at <= services.clock.now())
        .order_by(NoticeTry.next_at)
        .limit(BATCH)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def serve(services: Services, try_id: str) -> None:
    """Carry one notice its way, once, whoever else tries to."""
    taken = await take(services, try_id)
    if taken is not None:
        way, errand = taken
        answer = await services.couriers[way].carry(errand)
        await settle(services, try_id, answer)


async def take(services: Services, try_id: str) -> tuple[Way, Errand] | None:
    """The errand, now ours alone and stored as being sent; None when there is nothing to do now."""
    async with services.db.write() as uow:
        row = await uow.session.get_one(NoticeTry, try_id)
        notice = await notices.lock_notice(uow, row.letter_id)
        await uow.session.refresh(row)
        if row.state != TryState.QUEUED or row.next_at > uow.now:
            return None
        ticket = await uow.session.get_one(Ticket, notice.number, populate_existing=True)
        errand = await _errand(services, uow, row, notice, ticket)
        await uow.commit()
        return errand


async def _errand(
    services: Services, uow: UnitOfWork, row: NoticeTry, notice: Notice, ticket: Ticket
) -> tuple[Way, Errand] | None:
    letter = await uow.session.get_one(Letter, row.letter_id, populate_existing=True)
    way = Way(row.way)
    address = (await addresses(services, uow.session, ticket)).get(way)
    permitted = notices.permitted_at(services, ticket, uow.now)
    if letter.voided_at or notice.state not in UNDER_WAY or not address:
        row.state, row.error = TryState.FAILED, NO_ADDRESS if not address else NOT_NEEDED
        notice.look_at = uow.now
    elif permitted > uow.now:
        row.next_at = permitted
    else:
        row.state, row.sent_at, row.attempts = TryState.SENDING, uow.now, row.attempts + 1
        wrote = await wrote_on_wechat(uow.session, ticket.customer_id) if way is Way.WECHAT else None
        is_fresh = wrote is not None and uow.now - wrote < WINDOWS["wechat"]
        title = services.wording.render(f"letter_title_{letter.kind}")
        return way, Errand(row.id, address, link_of(services, row.id), title, letter.text, is_fresh)
    return None


async def settle(services: Services, try_id: str, answer: Answer) -> None:
    """Store what became of a call; a receipt or a visit may have been quicker."""
    now = services.clock.now()
    async with services.db.write() as uow:
        row = await uow.session.get_one(NoticeTry, try_id)
        notice = await notices.lock_notice(uow, row.letter_id)
        await uow.session.refresh(row)
        row.external_id = answer.external_id or row.external_id
        if row.state in {TryState.SENDING, TryState.UNKNOWN}:
            _note(services, row, notice, answer, now)
        await uow.commit()
    if answer.verdict is not Verdict.SENT:
        log.warning("notice_not_sent", way=row.way, notice=try_id, verdict=str(answer.verdict), reason=answer.reason)


def _note(services: Services, row: NoticeTry, notice: Notice, answer: Answer, now: datetime) -> None:
    row.error = answer.reason[:500] or None
    if answer.verdict in STATES:
        row.state = STATES[answer.verdict]
        notice.look_at = now + notices.patience(services, Way(row.way))
    elif answer.verdict in PAUSES and row.attempts < TRIES:
        row.state, row.next_at = TryState.QUEUED, now + pause(answer.verdict, row.attempts)
        notice.look_at = row.next_at + notices.LOOK_AGAIN
    else:
        row.state, row.settled_at, notice.look_at = TryState.FAILED, now, now


def pause(verdict: Verdict, attempts: int) -> timedelta:
    """How long to wait after the n-th refusal: twice as long each time, within an hour."""
    factor: int = 2 ** max(0, attempts - 1)
    return min(PAUSES[verdict] * factor, LONGEST_PAUSE)


async def give_up_lost(services: Services, before: datetime) -> None:
    """Calls whose maker died: nobody knows what came of them, and they are not made again."""
    lost = (NoticeTry.state == TryState.SENDING, NoticeTry.sent_at < before)
    async with services.db.read() as uow:
        if await uow.session.scalar(select(NoticeTry.id).where(*lost).limit(1)) is None:
            return
    async with services.db.write() as uow:
        await uow.session.execute(update(NoticeTry).where(*lost).values(state=TryState.UNKNOWN, error=CUT_OFF))
        await uow.commit()
