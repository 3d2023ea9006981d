"""What a supervisor sees of this moment: who is on and how loaded, who waits for a word, what is due today (D2, G4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import State
from helpdesk.model.promise import PromiseState
from helpdesk.model.ticket import CLOSED
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Customer, Handoff, Identity, Promise, Staff, Ticket
from helpdesk.usecases.people.duty import is_on_duty, is_rostered
from helpdesk.usecases.queue import stays

MOST = 200
"""Rows of one kind; whoever has more to do than this needs another list."""


@dataclass(frozen=True)
class OnDuty:
    """A colleague, what they do, and whether the roster says that they are here."""

    staff: Staff
    online: bool
    rostered: bool
    serving: int


@dataclass(frozen=True)
class Unheard:
    """A customer who is with a person, or waits for one."""

    conversation: Conversation
    stay: Handoff
    customer: Customer
    identity: Identity


async def staff_now(services: Services, session: AsyncSession, now: datetime) -> list[OnDuty]:
    """Everybody who is here or should be, and how many customers each has."""
    served = select(Conversation.staff_id, func.count().label("served")).where(Conversation.state == State.STAFF)
    rows = (await session.execute(served.group_by(Conversation.staff_id))).all()
    load = {row.staff_id: row.served for row in rows}
    found = (await session.scalars(select(Staff).where(Staff.active).order_by(Staff.number))).all()
    people = [OnDuty(one, is_on_duty(one, now), is_rostered(services, one, now), load.get(one.id, 0)) for one in found]
    return [one for one in people if one.online or one.rostered or one.serving]


async def with_people(session: AsyncSession) -> list[Unheard]:
    """Every customer who is with a person or waits for one, who wished for one first before the others."""
    query = (
        select(Conversation, Handoff, Customer, Identity)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .join(Identity, Identity.id == Conversation.identity_id)
        .where(Handoff.ended_at.is_(None), Conversation.state.in_((State.WAITING, State.STAFF)))
        .order_by(Handoff.wished_at)
        .limit(MOST)
    )
    return [Unheard(talk, stay, customer, identity) for talk, stay, customer, identity in await session.execute(query)]


def is_late(services: Services, stay: Handoff, now: datetime) -> bool:
    """Whether a customer who wished for a person has heard no word of one in time."""
    limit = timedelta(seconds=services.company.assignment.answer_seconds)
    is_unheard = stay.first_word_at is None and stay.reason != stays.BY_STAFF
    return is_unheard and now - stay.wished_at >= limit


def end_of_day(services: Services, now: datetime) -> datetime:
    """Midnight where the company is."""
    local = now.astimezone(services.company.profile.zone)
    return datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)


async def promises_today(services: Services, session: AsyncSession, now: datetime) -> Sequence[Promise]:
    """Open promises that are due before midnight, those that are over among them, the first due first."""
    query = select(Promise).where(Promise.state == PromiseState.OPEN, Promise.due_at < end_of_day(services, now))
    return (await session.scalars(query.order_by(Promise.due_at).limit(MOST))).all()


async def clocks_today(services: Services, session: AsyncSession, now: datetime) -> Sequence[Ticket]:
    """Open tickets one of whose clocks runs out before midnight: the first contact, or the result."""
    until = end_of_day(services, now)
    due = or_(
        (Ticket.first_contact_at.is_(None)) & (Ticket.first_contact_due < until),
        (Ticket.answered_at.is_(None)) & (Ticket.result_due < until),
    )
    query = select(Ticket).where(Ticket.status.not_in(CLOSED), due).order_by(Ticket.result_due).limit(MOST)
    return (await session.scalars(query)).all()
