"""Key customers are marked by hand too, with a reason (F2); who waits is moved in the queue at once."""

from __future__ import annotations

from sqlalchemy import select

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.conversation import Priority, State
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Customer, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.rights import require_in_house
from helpdesk.usecases.queue.queueing import announce

NORMAL, KEY = "normal", "key"


async def set_tier(services: Services, customer_id: str, tier: str, reason: str, by: Staff) -> Customer:
    """Mark a customer as a key customer, or no longer; the reason is in the audit.

    Raises:
        NotAllowed: whoever does not lead. NotFound: no such customer. InvalidInput: no such tier.
    """
    require_in_house(by, Deed.SET_TIER)
    if tier not in (NORMAL, KEY):
        raise InvalidInput("tier_wrong", field="tier")
    async with services.db.write() as uow:
        query = select(Customer).where(Customer.id == customer_id).with_for_update()
        customer = await uow.session.scalar(query)
        if customer is None:
            raise NotFound("customer_not_found", customer_id=customer_id)
        if customer.tier != tier:
            detail = {"from_tier": customer.tier, "to_tier": tier, "reason": reason}
            audit.note(uow, audit.by_staff(by.id), "tier_set", customer.id, **detail)
            customer.tier = tier
            await _move_in_queue(uow, customer)
        await uow.commit()
    return customer


async def _move_in_queue(uow: UnitOfWork, customer: Customer) -> None:
    """Nobody who waits for a danger or an urgent matter is moved by it."""
    before, then = (Priority.NORMAL, Priority.KEY) if customer.tier == KEY else (Priority.KEY, Priority.NORMAL)
    theirs = select(Conversation.id).where(
        Conversation.customer_id == customer.id,
        Conversation.state.in_((State.WAITING, State.STAFF)),
        Conversation.priority == before,
    )
    for conversation_id in (await uow.session.scalars(theirs)).all():
        conversation = await lock_conversation(uow.session, conversation_id)
        if conversation.priority == before:
            conversation.priority = then
            announce(uow, conversation)
