"""Waiting customers are offered to staff as the company chose (company/assignment.yml), by whichever process is first.

Each process looks when the queue changes at it, when an offer runs out, and every few seconds; what two of them want
at once is decided by the rows' locks (`offers.make`).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.bus import Feed
from helpdesk.model.assignment import Mode, Need, Seat, distribute
from helpdesk.model.conversation import Priority, State
from helpdesk.model.queue import Waiting
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Handoff, Offer, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import ROLE_ORDER, is_rostered, on_duty
from helpdesk.usecases.queue import offers, stays

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
LATELY = timedelta(hours=1)
"""Offers older than this say nothing of who answers."""


async def assign(services: Services, now: datetime) -> None:
    """Offers that ran out end, customers are offered, and who was left without a word raises an alarm."""
    for conversation_id in await _run_out(services, now):
        async with services.db.write(now) as uow:
            await offers.lapse(services, uow, conversation_id)
            await uow.commit()
    for chosen in await _chosen(services, now):
        await offers.make(services, chosen, now)
    await _alarm(services, now)


async def _run_out(services: Services, now: datetime) -> Sequence[str]:
    query = select(Offer.conversation_id).where(Offer.settled_at.is_(None), Offer.until <= now)
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


# ---------------------------------------------------------------- who is asked


async def _chosen(services: Services, now: datetime) -> Sequence[Any]:
    rules = services.company.assignment.rules
    async with services.db.read() as uow:
        rows = (await uow.session.execute(_waiting(rules.mode))).all()
        if not rows:
            return ()
        asked = await _asked(uow.session, [stay.id for _, stay in rows])
        seats = await _seats(services, uow.session, now)
    needs = [_need(conversation, stay, asked.get(stay.id, {})) for conversation, stay in rows]
    return distribute(needs, seats, rules, now)


def _waiting(mode: Mode) -> Select[Conversation, Handoff]:
    """Who waits and is offered to nobody; where staff choose, only who asked for somebody."""
    is_offered = select(Offer.id).where(Offer.handoff_id == Handoff.id, Offer.settled_at.is_(None)).exists()
    query = (
        select(Conversation, Handoff)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .where(Conversation.state == State.WAITING, Handoff.ended_at.is_(None), ~is_offered)
    )
    return query if mode is Mode.AUTOMATIC else query.where(Handoff.wished_id.is_not(None))


async def _asked(session: AsyncSession, stays_: Sequence[str]) -> dict[str, dict[str, datetime]]:
    """Stay -> who was asked about it already, and when they were last."""
    query = (
        select(Offer.handoff_id, Offer.staff_id, func.max(Offer.offered_at))
        .where(Offer.handoff_id.in_(stays_))
        .group_by(Offer.handoff_id, Offer.staff_id)
    )
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for stay, staff_id, at in (await session.execute(query)).all():
        found[stay][staff_id] = at
    return found


def _need(conversation: Conversation, stay: Handoff, asked: dict[str, datetime]) -> Need:
    since = conversation.queued_at or stay.wished_at
    return Need(
        Waiting(conversation.id, Priority(conversation.priority), since),
        department=stay.department,
        skill=stay.category,
        wished=stay.wished_id,
        last_staff=conversation.last_staff_id if stay.reason != stays.HANDED_ON else None,
        asked=asked,
        barred=frozenset(stay.barred),
    )


async def _seats(services: Services, session: AsyncSession, now: datetime) -> list[Seat]:
    """Everybody on duty with what they have to do."""
    served = select(Conversation.staff_id, func.count().label("served")).where(Conversation.state == State.STAFF)
    rows = (await session.execute(served.group_by(Conversation.staff_id))).all()
    load: Counter[str | None] = Counter()
    load.update({row.staff_id: row.served for row in rows})
    query = select(Offer).where(Offer.offered_at > now - LATELY).order_by(Offer.offered_at)
    last = {offer.staff_id: offer for offer in (await session.scalars(query)).all()}
    return [_seat(services, one, load[one.id], last.get(one.id), now) for one in await on_duty(session, now)]


def _seat(services: Services, staff: Staff, load: int, last: Offer | None, now: datetime) -> Seat:
    helps_out = ROLE_ORDER.index(staff.role) if staff.role in ROLE_ORDER else len(ROLE_ORDER)
    known: dict[str, Any] = {"last_given": last.offered_at, "is_asked": last.settled_at is None} if last else {}
    return Seat(
        staff_id=staff.id,
        department=staff.department,
        skills=frozenset(staff.skills),
        capacity=staff.capacity,
        load=load,
        rank=2 * helps_out + (not is_rostered(services, staff, now)),
        has_missed=last is not None and last.outcome == offers.Outcome.LAPSED,
        **known,
    )


# ---------------------------------------------------------------- the first word


async def _alarm(services: Services, now: datetime) -> None:
    """Who wished for a person and heard no word of one in time: every desk is told, once a stay."""
    async with services.db.read() as uow:
        late = (await uow.session.scalars(_unanswered(services, now))).all()
    for stay in late:
        async with services.db.write(now) as uow:
            mark = update(Handoff).where(Handoff.id == stay.id, Handoff.alarmed_at.is_(None), _NO_WORD)
            done = await uow.session.scalar(mark.values(alarmed_at=now).returning(Handoff.id))
            if done is not None:
                audit.note(uow, audit.SYSTEM, "answer_late", stay.conversation_id, staff=stay.staff_id)
                uow.announce("alarm", conversation_id=stay.conversation_id)
                await uow.commit()


_NO_WORD = Handoff.first_word_at.is_(None) & Handoff.ended_at.is_(None)


def _unanswered(services: Services, now: datetime) -> Select[Handoff]:
    limit = timedelta(seconds=services.company.assignment.answer_seconds)
    return select(Handoff).where(
        _NO_WORD, Handoff.alarmed_at.is_(None), Handoff.reason != stays.BY_STAFF, Handoff.wished_at <= now - limit
    )


# ---------------------------------------------------------------- by itself


async def assign_by_itself(services: Services) -> None:
    """Run until cancelled."""
    async with services.bus.subscribe("queue") as feed:
        while True:
            await _change(feed, await _round(services))


async def _round(services: Services) -> float:
    """Assign once; for how many seconds nothing happens by itself."""
    now = services.clock.now()
    try:
        if not await _is_anybody_unheard(services):
            return LOOK_SECONDS
        await assign(services, now)
        return await _until_next(services, now)
    except Exception:
        log.exception("assigning_failed")
        return LOOK_SECONDS


async def _is_anybody_unheard(services: Services) -> bool:
    """Whether there is anything to do; what is asked of the database when nobody waits."""
    async with services.db.read() as uow:
        return await uow.session.scalar(select(Handoff.id).where(_NO_WORD).limit(1)) is not None


async def _change(feed: Feed, seconds: float) -> None:
    """Until the queue changes at this process, or time is up; what came meanwhile is looked at together."""
    until = time.monotonic() + seconds
    while (news := await feed.wait(until - time.monotonic())) is not None and news.is_far:
        pass  # the process where it happened assigns
    while feed.get_now() is not None:
        pass


async def _until_next(services: Services, now: datetime) -> float:
    """Seconds until an offer runs out or somebody has waited too long for a word; at most `LOOK_SECONDS`."""
    answer = timedelta(seconds=services.company.assignment.answer_seconds)
    async with services.db.read() as uow:
        ends = await uow.session.scalar(select(func.min(Offer.until)).where(Offer.settled_at.is_(None)))
        wished = select(func.min(Handoff.wished_at)).where(
            _NO_WORD, Handoff.alarmed_at.is_(None), Handoff.reason != stays.BY_STAFF
        )
        since = await uow.session.scalar(wished)
    moments = [ends, since + answer if since else None]
    left = [(one - now).total_seconds() for one in moments if one is not None]
    return min([LOOK_SECONDS, *(max(0.05, seconds) for seconds in left)])
