"""Messages on their way to a channel that has to be called.

A row is `queued` until somebody decides how it travels, by compare-and-set on `via`: the request that brought
the customer's message takes it along (`passive`), or the postman calls the channel's API (`api`). While a call
is under way the row is `sent`; then it is `delivered`, `failed` (with the reason), `queued` again after a refusal
that passes, or `unknown` when no answer came: that one is never sent a second time. What the channel does not
take before the customer writes again is kept (`waits`) and released by the customer's next message.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update

from helpdesk.background import in_background
from helpdesk.model.conversation import Author
from helpdesk.model.delivery import Carrier, Outcome, Parcel, Status, Verdict, Via
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation, sender_of
from helpdesk.store.tables import Message, Outbox
from helpdesk.usecases.conversations.speak import DUE

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0  # how often rows are looked for that nobody here told of: those of another process, now dead
LOST_SECONDS = 15.0  # how often calls are looked for whose maker died
TOGETHER = 0.05  # seconds; what becomes due at almost the same time is looked for at once
AT_ONCE = 20  # conversations served at the same time
BATCH = 100
TRIES = 12
LONGEST_PAUSE = timedelta(minutes=10)
LOST_AFTER = timedelta(minutes=2)  # no call takes so long: whoever made it is dead


FIRST_PAUSE = {Verdict.RETRY: timedelta(seconds=1), Verdict.BUSY: timedelta(minutes=1)}
FOR_THE_CUSTOMER = {
    Verdict.NO_API: Status.QUEUED,
    Verdict.OUT_OF_WINDOW: Status.FAILED,
    Verdict.OVER_BUDGET: Status.FAILED,
}
"""Verdicts that only the customer's next message changes, and how the row is shown until then."""


@dataclass(frozen=True)
class Taken:
    """A parcel, and the rows it was made of."""

    rows: tuple[Outbox, ...]
    parcel: Parcel[Message]


class Alarm:
    """When to look next: at the moments that were announced, and every `LOOK_SECONDS`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._moments: list[datetime] = []
        self._is_earlier = asyncio.Event()

    async def listen(self) -> None:
        """Hear of moments, for ever."""
        async with self._services.bus.subscribe(DUE) as feed:
            while True:
                self.set((await feed.get()).data["at"])

    def set(self, at: datetime) -> None:
        """Ring at this moment too."""
        if not self._moments or at < self._moments[0]:
            self._is_earlier.set()
        heapq.heappush(self._moments, at)

    async def ring(self) -> None:
        """Wait for the next moment."""
        until = asyncio.get_running_loop().time() + LOOK_SECONDS
        while (left := until - asyncio.get_running_loop().time()) > 0 and self._seconds() > 0:
            self._is_earlier.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_earlier.wait(), min(left, self._seconds()))
        await asyncio.sleep(TOGETHER)
        now = self._services.clock.now()
        while self._moments and self._moments[0] <= now:
            heapq.heappop(self._moments)

    def _seconds(self) -> float:
        if not self._moments:
            return LOOK_SECONDS
        return (self._moments[0] - self._services.clock.now()).total_seconds()


class Postman:
    """Serves one channel's rows, those of a conversation one after the other."""

    def __init__(self, services: Services, carrier: Carrier[Message]) -> None:
        self._services = services
        self._carrier = carrier
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._alarm = Alarm(services)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts; then let calls under way end."""
        if self._services.db.is_sqlite:  # the only process: whatever was under way is of a dead one
            await self._give_up_lost(self._services.clock.now())
        try:
            async with in_background(self._alarm.listen(), self._look(), self._look_for_lost()):
                yield
        finally:
            await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    async def _look(self) -> None:
        while True:
            try:
                for conversation_id in await self._due():
                    self._wake(conversation_id)
            except Exception:
                log.exception("outbox_failed")
            await self._alarm.ring()

    async def _look_for_lost(self) -> None:
        while True:
            try:
                await self._give_up_lost(self._services.clock.now() - LOST_AFTER)
            except Exception:
                log.exception("outbox_failed")
            await asyncio.sleep(LOST_SECONDS)

    async def _due(self) -> Sequence[str]:
        query = (
            select(Outbox.conversation_id)
            .where(Outbox.channel == self._carrier.channel, *_IS_WAITING_TO_GO)
            .where(Outbox.next_at <= self._services.clock.now())
            .distinct()
            .limit(BATCH)
        )
        async with self._services.db.read() as uow:
            return (await uow.session.scalars(query)).all()

    def _wake(self, conversation_id: str) -> None:
        if conversation_id not in self._at_work:
            task = asyncio.create_task(self._serve(conversation_id))
            self._at_work[conversation_id] = task
            task.add_done_callback(lambda _: self._at_work.pop(conversation_id, None))

    async def _serve(self, conversation_id: str) -> None:
        async with self._places:
            try:
                while taken := await self._take(conversation_id):
                    await self._settle(taken, await self._carrier.deliver(taken.parcel))
            except Exception:
                log.exception("delivery_failed", conversation=conversation_id)

    # ---------------------------------------------------------------- what goes next

    async def _take(self, conversation_id: str) -> Taken | None:
        """The oldest parcel, if its time has come and nothing of this conversation is under way; now ours."""
        async with self._services.db.write() as uow:
            conversation = await lock_conversation(uow.session, conversation_id)
            while waiting := await self._first(uow, conversation_id):
                rows, messages = waiting
                refusal = await self._refusal(uow, conversation_id, rows, messages)
                if refusal is None:
                    is_ours = await _decide(uow, rows)
                    sender = await sender_of(uow.session, conversation)
                    await uow.commit()
                    return Taken(rows, Parcel(sender, messages, rows[0].parts)) if is_ours else None
                _note(rows, refusal, uow.now)
                uow.announce("message", conversation_id=conversation_id, message_id=messages[0].id)
                await uow.session.flush()
            await uow.commit()
        return None

    async def _first(
        self, uow: UnitOfWork, conversation_id: str
    ) -> tuple[tuple[Outbox, ...], tuple[Message, ...]] | None:
        query = (
            select(Outbox, Message)
            .join(Message, Message.id == Outbox.message_id)
            .where(Outbox.conversation_id == conversation_id, Outbox.waits.is_(False))
            .where(Outbox.status.in_((Status.QUEUED, Status.SENT)))
            .where(Outbox.via.is_(None) | (Outbox.via == Via.API))
            .order_by(Outbox.id)
            .execution_options(populate_existing=True)
        )
        found = (await uow.session.execute(query)).all()
        if not found or any(row.status == Status.SENT for row, _ in found) or found[0][0].next_at > uow.now:
            return None
        together = self._together([(row, message) for row, message in found])
        return tuple(row for row, _ in together), tuple(message for _, message in together)

    def _together(self, found: list[tuple[Outbox, Message]]) -> list[tuple[Outbox, Message]]:
        """The first row with those that answer the same message, as far as they fit into one API message."""
        (begun, first), *others = found
        parcel = [(begun, first)]
        for row, message in others if first.answers and not begun.parts else ():
            messages = [one for _, one in parcel] + [message]
            if message.answers != first.answers or self._carrier.cost(messages) > 1:
                break
            parcel.append((row, message))
        return parcel

    async def _refusal(
        self,
        uow: UnitOfWork,
        conversation_id: str,
        rows: Sequence[Outbox],
        messages: Sequence[Message],
    ) -> Outcome | None:
        """Why the channel would not take it now: known beforehand, so that no call is wasted."""
        heard = await last_heard(uow, conversation_id)
        if heard is None or uow.now - heard > self._carrier.window:
            return Outcome(Verdict.OUT_OF_WINDOW, f"the customer has not written for {self._carrier.window}")
        left = self._carrier.budget - await _spent(uow, conversation_id, heard)
        if self._carrier.cost(messages) - rows[0].parts > left:
            return Outcome(Verdict.OVER_BUDGET, f"more than {self._carrier.budget} messages for one of the customer's")
        return None

    # ---------------------------------------------------------------- what became of it

    async def _settle(self, taken: Taken, outcome: Outcome) -> None:
        now = self._services.clock.now()
        async with self._services.db.write() as uow:
            rows = [await uow.session.get_one(Outbox, row.id) for row in taken.rows]
            rows[0].parts = max(rows[0].parts, outcome.accepted)
            _note(rows, outcome, now)
            if rows[0].status == Status.QUEUED and not rows[0].waits:
                uow.announce(DUE, at=rows[0].next_at)
            for message in taken.parcel.messages:
                uow.announce("message", conversation_id=message.conversation_id, message_id=message.id)
            await uow.commit()
        if outcome.verdict is not Verdict.SENT:
            log.warning(
                "message_not_delivered",
                conversation=taken.rows[0].conversation_id,
                verdict=str(outcome.verdict),
                reason=outcome.reason,
            )

    async def _give_up_lost(self, before: datetime) -> None:
        """A call whose maker died: nobody knows what came of it."""
        lost = (Outbox.channel == self._carrier.channel, Outbox.status == Status.SENT, Outbox.via == Via.API)
        async with self._services.db.read() as uow:
            if await uow.session.scalar(select(Outbox.id).where(*lost, Outbox.sent_at < before).limit(1)) is None:
                return
        async with self._services.db.write() as uow:
            await uow.session.execute(
                update(Outbox)
                .where(*lost, Outbox.sent_at < before)
                .values(status=Status.UNKNOWN, error="the call was cut off")
            )
            await uow.commit()


_IS_WAITING_TO_GO = (Outbox.status == Status.QUEUED, Outbox.via.is_(None), Outbox.waits.is_(False))


async def _decide(uow: UnitOfWork, rows: Sequence[Outbox]) -> bool:
    """Whether every row is ours now; a customer's open request may have been first."""
    statement = (
        update(Outbox)
        .where(Outbox.id.in_([row.id for row in rows]), *_IS_WAITING_TO_GO)
        .values(via=Via.API, status=Status.SENT, sent_at=uow.now, attempts=Outbox.attempts + 1)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    taken = len((await uow.session.execute(statement)).all())
    if taken not in (0, len(rows)):  # pragma: no cover - both sides lock the conversation
        await uow.session.rollback()
        return False
    for row in rows:
        await uow.session.refresh(row)
    return taken > 0


def _note(rows: Sequence[Outbox], outcome: Outcome, now: datetime) -> None:
    verdict = outcome.verdict
    for row in rows:
        row.error = None if verdict is Verdict.SENT else outcome.reason[:500]
        if verdict in FOR_THE_CUSTOMER:
            row.status, row.via, row.waits = FOR_THE_CUSTOMER[verdict], None, True
        elif verdict in FIRST_PAUSE and row.attempts < TRIES:
            row.status, row.via, row.next_at = Status.QUEUED, None, now + pause(verdict, row.attempts)
        else:
            row.status = _FINAL.get(verdict, Status.FAILED)


_FINAL = {Verdict.SENT: Status.DELIVERED, Verdict.UNKNOWN: Status.UNKNOWN}


def pause(verdict: Verdict, attempts: int) -> timedelta:
    """How long to wait after the n-th refusal: twice as long each time."""
    factor: int = 2 ** max(0, attempts - 1)
    return min(FIRST_PAUSE[verdict] * factor, LONGEST_PAUSE)


# ---------------------------------------------------------------- asked by channels too


async def last_heard(uow: UnitOfWork, conversation_id: str) -> datetime | None:
    """When the customer last wrote or pressed something; the service's own starts have no outside id."""
    query = select(func.max(Message.at)).where(
        Message.conversation_id == conversation_id,
        Message.author == Author.CUSTOMER,
        Message.external_id.is_not(None),
    )
    return await uow.session.scalar(query)


async def _spent(uow: UnitOfWork, conversation_id: str, since: datetime) -> int:
    query = select(func.coalesce(func.sum(Outbox.parts), 0)).where(
        Outbox.conversation_id == conversation_id, Outbox.parts > 0, Outbox.sent_at >= since
    )
    return int((await uow.session.execute(query)).scalar_one())


async def release_waiting(uow: UnitOfWork, conversation_id: str, at: datetime) -> None:
    """The customer has written: what was kept goes at `at`, unless the answer to this takes it along before."""
    statement = (
        update(Outbox)
        .where(Outbox.conversation_id == conversation_id, Outbox.waits.is_(True))
        .values(waits=False, status=Status.QUEUED, via=None, next_at=at, attempts=0)
        .execution_options(synchronize_session=False)
    )
    await uow.session.execute(statement)
    uow.announce(DUE, at=at)


@dataclass(frozen=True)
class Delivery:
    """What the desk is told of one message's way."""

    status: Status
    error: str | None
    trouble: str | None
    """Why it has not arrived, for the wordings `undelivered_...`; None while all is well."""


async def deliveries(uow: UnitOfWork, messages: Sequence[Message]) -> dict[str, Delivery]:
    """Message id -> how far it has come, for those that travel by a called channel."""
    ids = [message.id for message in messages if message.author != Author.CUSTOMER]
    rows = (await uow.session.scalars(select(Outbox).where(Outbox.message_id.in_(ids)))).all()
    return {row.message_id: Delivery(Status(row.status), row.error, _trouble(row)) for row in rows}


def _trouble(row: Outbox) -> str | None:
    """`later`: with the customer's next message; `uncertain`: it may have arrived; `refused`: never."""
    if row.waits:
        return "later"
    return {Status.UNKNOWN: "uncertain", Status.FAILED: "refused"}.get(Status(row.status))
