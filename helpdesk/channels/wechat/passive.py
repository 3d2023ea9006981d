"""The passive reply: what goes back in the request that brought the customer's message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from helpdesk.channels.wechat.render import fitting
from helpdesk.outbox import LOST_AFTER, Status, Via
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Message, Outbox

Waiting = list[tuple[Outbox, Message]]


async def take(services: Services, message: Message, hint: str, until: float) -> list[Message]:
    """Everything that waits to be said to this customer, as far as one reply holds it: from now on it is ours.

    `until` (the loop's clock) is when the request has to be answered without it: a database that is busy for so long
    leaves all to the outbox.
    """
    try:
        async with asyncio.timeout_at(until) as limit, services.db.write() as uow:
            limit.reschedule(None)  # begun: half of it must not happen
            now = services.clock.now()
            waiting = await _waiting(uow, message.conversation_id, now)
            taken = waiting[: _how_many(waiting, hint)]
            told = await _decide(uow, taken, message, now)
            await _rest_at_once(uow, waiting[len(taken) :], now)
            await uow.commit()
    except TimeoutError:
        return []
    return told


async def again(services: Services, message: Message, seconds: float) -> list[Message]:
    """What the reply to this very message carried, if that was less than `seconds` ago."""
    since = services.clock.now() - timedelta(seconds=seconds)
    query = (
        select(Message)
        .join(Outbox, Outbox.message_id == Message.id)
        .where(Outbox.carried_by == message.id, Outbox.via == Via.PASSIVE, Outbox.sent_at >= since)
        .order_by(Outbox.id)
    )
    async with services.db.read() as uow:
        return list((await uow.session.scalars(query)).all())


async def _waiting(uow: UnitOfWork, conversation_id: str, now: datetime) -> Waiting:
    """Undecided messages, oldest first; none while a call is under way, which they would overtake."""
    under_way = select(Outbox.id).where(
        Outbox.conversation_id == conversation_id,
        Outbox.status == Status.SENT,
        Outbox.via == Via.API,
        Outbox.sent_at > now - LOST_AFTER,
    )
    if await uow.session.scalar(under_way.limit(1)) is not None:
        return []
    query = (
        select(Outbox, Message)
        .join(Message, Message.id == Outbox.message_id)
        .where(Outbox.conversation_id == conversation_id, Outbox.status == Status.QUEUED, Outbox.via.is_(None))
        .order_by(Outbox.id)
    )
    found = [(row, message) for row, message in (await uow.session.execute(query)).all()]
    return [] if any(row.parts for row, _ in found) else found


def _how_many(waiting: Waiting, hint: str) -> int:
    """As many as fit; one that is too long by itself only when there is no other way (48001: no API)."""
    count = fitting([message for _, message in waiting], hint)
    if count == 0 and waiting and (waiting[0][0].error or "").startswith("48001"):
        return 1
    return count


async def _decide(uow: UnitOfWork, taken: Waiting, message: Message, now: datetime) -> list[Message]:
    """The compare-and-set: one statement decides how these travel."""
    statement = (
        update(Outbox)
        .where(Outbox.id.in_([row.id for row, _ in taken]), Outbox.via.is_(None), Outbox.status == Status.QUEUED)
        .values(via=Via.PASSIVE, status=Status.SENT, sent_at=now, carried_by=message.id, waits=False, error=None)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    ours = set((await uow.session.scalars(statement)).all()) if taken else set()
    return [told for row, told in taken if row.id in ours]


async def _rest_at_once(uow: UnitOfWork, rest: Sequence[tuple[Outbox, Message]], now: datetime) -> None:
    """What found no room need not wait for this request any longer."""
    statement = update(Outbox).where(Outbox.id.in_([row.id for row, _ in rest]), Outbox.via.is_(None))
    if rest:
        await uow.session.execute(statement.values(next_at=now).execution_options(synchronize_session=False))
