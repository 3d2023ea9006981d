"""The passive reply: what goes back in the request that brought the customer's message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from helpdesk.channels.wechat.account import Account
from helpdesk.channels.wechat.render import HINT, fitting
from helpdesk.model.delivery import Status, Via
from helpdesk.outbox import LOST_AFTER
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Message, Outbox
from helpdesk.usecases.conversations.speak import DUE

Waiting = list[tuple[Outbox, Message]]


async def take(services: Services, account: Account, message: Message, until: float) -> list[Message]:
    """Everything that waits to be said to this customer, as far as one reply holds it: from now on it is ours.

    `until` (the loop's clock) is when the request has to be answered: what a busy database decides later is given
    back, for the outbox to send.
    """
    taking = asyncio.create_task(_take(services, message))
    done, _ = await asyncio.wait({taking}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
    if done:
        return taking.result()
    account.later(_give_back(services, taking))
    return []


async def _take(services: Services, message: Message) -> list[Message]:
    hint = services.wording.render(HINT)
    async with services.db.write(urgent=True) as uow:
        waiting = await _waiting(uow, message.conversation_id)
        taken = waiting[: _how_many(waiting, hint)]
        told = await _decide(uow, taken, message)
        await _rest_at_once(uow, waiting[len(taken) :])
        await uow.commit()
    return told


async def _give_back(services: Services, taking: asyncio.Task[list[Message]]) -> None:
    """The request was answered without what was taken for it."""
    taken = [message.id for message in await taking]
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Outbox)
            .where(Outbox.message_id.in_(taken), Outbox.via == Via.PASSIVE)
            .values(via=None, status=Status.QUEUED, next_at=services.clock.now(), carried_by=None)
        )
        uow.announce(DUE, at=services.clock.now())
        await uow.commit()


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


async def _waiting(uow: UnitOfWork, conversation_id: str) -> Waiting:
    """Undecided messages, oldest first; none while a call is under way, which they would overtake."""
    query = (
        select(Outbox, Message)
        .join(Message, Message.id == Outbox.message_id)
        .where(Outbox.conversation_id == conversation_id)
        .where(Outbox.status.in_((Status.QUEUED, Status.SENT)), Outbox.via.is_(None) | (Outbox.via == Via.API))
        .order_by(Outbox.id)
    )
    found = [(row, message) for row, message in (await uow.session.execute(query)).all()]
    if any(row.parts or _is_under_way(row, uow.now) for row, _ in found):
        return []
    return [(row, message) for row, message in found if row.status == Status.QUEUED]


def _is_under_way(row: Outbox, now: datetime) -> bool:
    return row.status == Status.SENT and row.sent_at is not None and row.sent_at > now - LOST_AFTER


def _how_many(waiting: Waiting, hint: str) -> int:
    """As many as fit, up to the first picture, which the API shows as one. Without the API (48001) it goes as a link,
    and what is too long by itself goes cut."""
    count = fitting([message for _, message in waiting], hint)
    if waiting and (waiting[0][0].error or "").startswith("48001"):
        return max(count, 1)
    pictures = (place for place, (_, message) in enumerate(waiting) if message.image)
    return min(count, next(pictures, count))


async def _decide(uow: UnitOfWork, taken: Waiting, message: Message) -> list[Message]:
    """The compare-and-set: one statement decides how these travel."""
    statement = (
        update(Outbox)
        .where(Outbox.id.in_([row.id for row, _ in taken]), Outbox.via.is_(None), Outbox.status == Status.QUEUED)
        .values(via=Via.PASSIVE, status=Status.SENT, sent_at=uow.now, carried_by=message.id, waits=False, error=None)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    ours = set((await uow.session.scalars(statement)).all()) if taken else set()
    return [told for row, told in taken if row.id in ours]


async def _rest_at_once(uow: UnitOfWork, rest: Sequence[tuple[Outbox, Message]]) -> None:
    """What found no room need not wait for this request any longer."""
    statement = update(Outbox).where(Outbox.id.in_([row.id for row, _ in rest]), Outbox.via.is_(None))
    if rest:
        await uow.session.execute(statement.values(next_at=uow.now).execution_options(synchronize_session=False))
