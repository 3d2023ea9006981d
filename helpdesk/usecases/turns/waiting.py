"""What a customer who waits for a person may want of the bot: the place, a receipt, leaving, help at once."""

from __future__ import annotations

from typing import Any

from helpdesk.model.conversation import Priority, State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation
from helpdesk.usecases.journal import audit
from helpdesk.usecases.queue import queueing, wishes

Json = dict[str, Any]
PLACEHOLDER = "queue"
"""The fact on a reply of the bot that stands for what the queue itself says; it is not shown."""


async def leave(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """Out of the queue, in the customer's own words; who was taken over meanwhile stays where they are.

    Where the bot goes on with what else the words wanted (`goes_on`), it says so itself.
    """
    if conversation.state != State.WAITING:
        return []
    if payload.get("goes_on"):
        await queueing.leave(uow, conversation)
        return []
    return await queueing.leave_queue(services, uow, conversation)


async def tell_place(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The place and the honest estimate, as often as it is asked for."""
    if conversation.state != State.WAITING:
        return []
    wished = await wishes.heard_in_queue(services, uow, conversation)
    return [*wished, await queueing.told(services, uow, conversation, "queue_place")]


async def acknowledge(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """What was added arrived: a fact is told with the place each time, mere words at most once a minute."""
    if conversation.state != State.WAITING:
        return []
    wished = await wishes.heard_in_queue(services, uow, conversation)
    return wished or await queueing.receipt(services, uow, conversation, is_fact=bool(payload.get("fact")))


async def first_of_all(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """Somebody in danger waits no longer than it takes."""
    if conversation.state == State.WAITING:
        conversation.priority = Priority.SAFETY
        audit.note(uow, audit.CUSTOMER, "queue_raised", conversation.id, priority=Priority.SAFETY)
        queueing.announce(uow, conversation)
    return []
