"""How far events have come: taken by one process, settled, sent again when somebody says so, thrown away in the end.

A call without an answer is made again: a receiver knows an event by its id and takes it once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update

from helpdesk.company import Receiver
from helpdesk.errors import Conflict, NotFound
from helpdesk.model.event import DeliveryState, EventType, pause
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.tables import Delivery, Staff
from helpdesk.usecases.events.recording import deliveries
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.rights import require_in_house

LOST_AFTER = timedelta(minutes=2)
"""No call takes so long: whoever made it is dead."""
FORGOTTEN_AFTER = timedelta(minutes=10)
"""A receiver that some process does not know by then is in nobody's settings any more."""
DELIVERED_KEPT, DEAD_KEPT = timedelta(days=30), timedelta(days=90)
BATCH = 500
GONE = "there is no such receiver any more"
_FRESH = {"state": DeliveryState.QUEUED, "attempts": 0, "settled_at": None}


@dataclass(frozen=True)
class Answer:
    """What came of a call. `status`: HTTP, None without an answer. `is_final`: there is no use in another."""

    is_taken: bool
    status: int | None = None
    error: str | None = None
    is_final: bool = False


# ---------------------------------------------------------------- on their way


async def due(services: Services, receiver: str, limit: int) -> Sequence[int]:
    """What one receiver is to be told now, the oldest first."""
    query = select(Delivery.id).where(*_waits(receiver), Delivery.next_at <= services.clock.now())
    async with services.db.read() as uow:
        return (await uow.session.scalars(query.order_by(Delivery.next_at, Delivery.id).limit(limit))).all()


def _waits(receiver: str) -> tuple[ColumnElement[bool], ...]:
    return Delivery.receiver == receiver, Delivery.state == DeliveryState.QUEUED


async def take(services: Services, delivery_id: int) -> Delivery | None:
    """The delivery, now ours to make; None if another process was first or its time has not come."""
    now = services.clock.now()
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.QUEUED, Delivery.next_at <= now)
        .values(state=DeliveryState.SENDING, sent_at=now, attempts=Delivery.attempts + 1)
        .returning(Delivery)
        .execution_options(synchronize_session=False)
    )
    async with services.db.write() as uow:
        taken = (await uow.session.scalars(statement)).one_or_none()
        await uow.commit()
        return taken


async def settle(services: Services, taken: Delivery, answer: Answer) -> None:
    """Store what came of a call; who was thought dead and is late changes nothing of what was done since."""
    now = services.clock.now()
    wait = None if answer.is_final else pause(taken.attempts)
    values: dict[str, Any] = {"status": answer.status, "error": answer.error and answer.error[:255]}
    if answer.is_taken:
        values |= {"state": DeliveryState.DELIVERED, "settled_at": now}
    elif wait is None:
        values |= {"state": DeliveryState.DEAD, "settled_at": now}
    else:
        values |= {"state": DeliveryState.QUEUED, "next_at": now + wait}
    ours = (Delivery.id == taken.id, Delivery.state == DeliveryState.SENDING, Delivery.attempts == taken.attempts)
    async with services.db.write() as uow:
        await uow.session.execute(update(Delivery).where(*ours).values(values))
        await uow.commit()


async def look_after(services: Services, now: datetime) -> None:
    """Put back what a dead process was sending, and give up what nobody is there for; called by the timers."""
    lost = (Delivery.state == DeliveryState.SENDING, Delivery.sent_at < now - LOST_AFTER)
    known = list(services.company.webhooks)
    gone = (
        Delivery.state == DeliveryState.QUEUED,
        Delivery.next_at < now - FORGOTTEN_AFTER,
        Delivery.receiver.not_in(known),
    )
    async with services.db.read() as uow:
        is_any = [await uow.session.scalar(select(Delivery.id).where(*of).limit(1)) for of in (lost, gone)]
    if any(is_any):
        async with services.db.write() as uow:
            await uow.session.execute(update(Delivery).where(*lost).values(state=DeliveryState.QUEUED, next_at=now))
            given_up = update(Delivery).where(*gone)
            await uow.session.execute(given_up.values(state=DeliveryState.DEAD, settled_at=now, error=GONE))
            await uow.commit()
    await _tidy(services, now)


async def _tidy(services: Services, now: datetime) -> None:
    old = (_settled(DeliveryState.DELIVERED, now - DELIVERED_KEPT)) | (_settled(DeliveryState.DEAD, now - DEAD_KEPT))
    async with services.db.read() as uow:
        found = (await uow.session.scalars(select(Delivery.id).where(old).limit(BATCH))).all()
    if found:
        async with services.db.write() as uow:
            await uow.session.execute(delete(Delivery).where(Delivery.id.in_(found)))
            await uow.commit()


def _settled(state: DeliveryState, before: datetime) -> ColumnElement[bool]:
    return (Delivery.state == state) & (Delivery.settled_at < before)


# ---------------------------------------------------------------- at the desk


def _check(by: Staff) -> None:
    require_in_house(by, Deed.EDIT_SETTINGS)


@dataclass(frozen=True)
class Tally:
    """How a receiver is doing: how many wait, how many are dead, and when it took something last."""

    waiting: int = 0
    dead: int = 0
    last_taken_at: datetime | None = None


async def tallies(services: Services, names: Collection[str]) -> dict[str, Tally]:
    """How each of these is doing."""
    query = (
        select(Delivery.receiver, Delivery.state, func.count(), func.max(Delivery.settled_at))
        .where(Delivery.receiver.in_(names))
        .group_by(Delivery.receiver, Delivery.state)
    )
    async with services.db.read() as uow:
        found = {(name, state): (count, at) for name, state, count, at in (await uow.session.execute(query)).all()}
    return {name: _tally(name, found) for name in names}


def _tally(name: str, found: dict[tuple[str, str], tuple[int, datetime | None]]) -> Tally:
    counts = {state: found.get((name, state), (0, None)) for state in DeliveryState}
    return Tally(
        counts[DeliveryState.QUEUED][0] + counts[DeliveryState.SENDING][0],
        counts[DeliveryState.DEAD][0],
        counts[DeliveryState.DELIVERED][1],
    )


@dataclass(frozen=True)
class Sought:
    """Which deliveries are looked for; None: whichever."""

    receiver: str | None = None
    state: DeliveryState | None = None
    before: int | None = None


async def listed(services: Services, sought: Sought, limit: int, by: Staff) -> Sequence[Delivery]:
    """The newest first; the next page begins before the last id of this one.

    Raises:
        NotAllowed.
    """
    _check(by)
    query = select(Delivery).order_by(Delivery.id.desc()).limit(limit)
    if sought.receiver is not None:
        query = query.where(Delivery.receiver == sought.receiver)
    if sought.state is not None:
        query = query.where(Delivery.state == sought.state)
    if sought.before is not None:
        query = query.where(Delivery.id < sought.before)
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def replay(services: Services, delivery_id: int, by: Staff) -> Delivery:
    """Send one again, whatever became of it, under the id it has.

    Raises:
        NotAllowed, NotFound. Conflict: it is on its way now, or its receiver is gone.
    """
    _check(by)
    async with services.db.write() as uow:
        row = await uow.session.get(Delivery, delivery_id, with_for_update=True)
        if row is None:
            raise NotFound("delivery_not_found")
        if row.receiver not in services.company.webhooks:
            raise Conflict("receiver_gone", receiver=row.receiver)
        if row.state in (DeliveryState.QUEUED, DeliveryState.SENDING):
            raise Conflict("delivery_under_way", state=row.state)
        row.next_at = uow.now
        for name, value in _FRESH.items():
            setattr(row, name, value)
        audit.note(uow, audit.by_staff(by.id), "event_replayed", row.event_id, receiver=row.receiver)
        await uow.commit()
        return row


async def replay_dead(services: Services, receiver: str, by: Staff) -> int:
    """Send everything again that a receiver has missed for good; how much that is.

    Raises:
        NotAllowed. NotFound: there is no such receiver.
    """
    _check(by)
    _known(services, receiver)
    now = services.clock.now()
    dead = (Delivery.receiver == receiver, Delivery.state == DeliveryState.DEAD)
    async with services.db.write(now) as uow:
        again = update(Delivery).where(*dead).values(next_at=now, **_FRESH).returning(Delivery.id)
        count = len((await uow.session.scalars(again.execution_options(synchronize_session=False))).all())
        audit.note(uow, audit.by_staff(by.id), "events_replayed", receiver, count=count)
        await uow.commit()
    return count


async def ping(services: Services, receiver: str, by: Staff) -> Delivery:
    """Send a receiver an event that nothing happened, to see whether it takes it.

    Raises:
        NotAllowed. NotFound: there is no such receiver. Conflict: it is paused.
    """
    _check(by)
    known = _known(services, receiver)
    if known.paused:
        raise Conflict("receiver_paused", receiver=receiver)
    now = services.clock.now()
    (row,) = deliveries({receiver: known}, EventType.PING, {"receiver": receiver}, now)
    async with services.db.write(now) as uow:
        uow.session.add(row)
        audit.note(uow, audit.by_staff(by.id), "event_pinged", receiver)
        await uow.commit()
    return row


def _known(services: Services, receiver: str) -> Receiver:
    if receiver not in services.company.webhooks:
        raise NotFound("receiver_not_found", receiver=receiver)
    return services.company.webhooks[receiver]
