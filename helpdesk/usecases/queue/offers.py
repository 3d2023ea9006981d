"""An offer of a customer to one person: made under their rows' locks, settled once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict
from helpdesk.model.assignment import Chosen
from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Offer, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import is_on_duty
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.queue import stays
from helpdesk.usecases.queue.position import serving


class Outcome(StrEnum):
    """How an offer ended."""

    ACCEPTED = "accepted"
    PASSED = "passed"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"  # somebody else took the customer, or they left


async def make(services: Services, chosen: Chosen, now: datetime) -> bool:
    """Ask this person, if everything still is as it was when they were chosen; whether they were asked."""
    async with services.db.write(now) as uow:
        conversation = await lock_conversation(uow.session, chosen.conversation_id)
        stay = await stays.open_stay(uow.session, conversation.id)
        if stay is None or not await _may_be_made(uow, conversation, chosen.staff_id):
            return False
        until = now + timedelta(seconds=services.company.assignment.accept_seconds)
        uow.session.add(
            Offer(
                handoff_id=stay.id,
                conversation_id=conversation.id,
                staff_id=chosen.staff_id,
                why=chosen.why,
                offered_at=now,
                until=until,
            )
        )
        audit.note(uow, audit.SYSTEM, "customer_offered", conversation.id, to=chosen.staff_id, why=chosen.why)
        _announce(uow, conversation.id, chosen.staff_id)
        await uow.commit()
    return True


async def _may_be_made(uow: UnitOfWork, conversation: Conversation, staff_id: str) -> bool:
    """Of two processes that chose at the same moment the second finds an offer, or a person who is asked already."""
    if conversation.state != State.WAITING or await open_offer(uow.session, conversation.id) is not None:
        return False
    staff = await locked_person(uow, staff_id)
    query = select(Offer.id).where(Offer.staff_id == staff_id, Offer.settled_at.is_(None))
    is_asked = await uow.session.scalar(query) is not None
    return is_on_duty(staff, uow.now) and not is_asked and await serving(uow.session, staff_id) < staff.capacity


async def open_offer(session: AsyncSession, conversation_id: str) -> Offer | None:
    """Who is being asked about this customer."""
    query = select(Offer).where(Offer.conversation_id == conversation_id, Offer.settled_at.is_(None))
    return await session.scalar(query)


async def open_offers(session: AsyncSession, staff_id: str | None = None) -> dict[str, Offer]:
    """Conversation -> who is being asked; of one person, or of all."""
    query = select(Offer).where(Offer.settled_at.is_(None))
    query = query.where(Offer.staff_id == staff_id) if staff_id else query
    return {offer.conversation_id: offer for offer in (await session.scalars(query)).all()}


async def withdraw(uow: UnitOfWork, conversation_id: str) -> None:
    """The customer waits no longer, or not for this."""
    await _settle(uow, await open_offer(uow.session, conversation_id), Outcome.WITHDRAWN)


async def answered(uow: UnitOfWork, conversation_id: str, staff_id: str) -> str:
    """Somebody takes the customer; the reason why it is they (`pulled`: they were not asked)."""
    offer = await open_offer(uow.session, conversation_id)
    if offer is None or offer.staff_id != staff_id:
        await _settle(uow, offer, Outcome.WITHDRAWN)
        return stays.PULLED
    await _settle(uow, offer, Outcome.ACCEPTED)
    return offer.why


async def pass_on(services: Services, conversation_id: str, staff: Staff) -> None:
    """Somebody would rather not; the next is asked.

    Raises:
        Conflict: they are not being asked (any more).
    """
    async with services.db.write() as uow:
        await lock_conversation(uow.session, conversation_id)
        offer = await open_offer(uow.session, conversation_id)
        if offer is None or offer.staff_id != staff.id:
            raise Conflict("offer_over")
        await _settle(uow, offer, Outcome.PASSED)
        audit.note(uow, audit.by_staff(staff.id), "customer_passed_on", conversation_id, why=offer.why)
        uow.announce("queue")
        await uow.commit()


async def lapse(services: Services, uow: UnitOfWork, conversation_id: str) -> None:
    """Nobody answered in time."""
    await lock_conversation(uow.session, conversation_id)
    offer = await open_offer(uow.session, conversation_id)
    if offer is not None and offer.until <= uow.now:
        await _settle(uow, offer, Outcome.LAPSED)
        audit.note(uow, audit.SYSTEM, "offer_lapsed", conversation_id, staff=offer.staff_id)


async def _settle(uow: UnitOfWork, offer: Offer | None, outcome: Outcome) -> None:
    if offer is not None:
        offer.settled_at, offer.outcome = uow.now, outcome
        await uow.session.flush()  # another may be made in the same unit
        _announce(uow, offer.conversation_id, offer.staff_id)


def _announce(uow: UnitOfWork, conversation_id: str, staff_id: str) -> None:
    """The person's desk asks what they are offered now."""
    uow.announce("offer", conversation_id=conversation_id, staff_id=staff_id)
