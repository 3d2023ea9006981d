"""Turns that need no worker: a person owns the conversation, or the press is one of the service's own."""

from __future__ import annotations

from typing import Any

from helpdesk.model.conversation import State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation
from helpdesk.usecases.conversations.locks import Claim
from helpdesk.usecases.journal import audit
from helpdesk.usecases.queue import handover, hold
from helpdesk.usecases.turns import presses
from helpdesk.usecases.turns.effects import EFFECTS
from helpdesk.usecases.turns.finish import finish


async def desk(services: Services, held: Claim) -> bool:
    """Hand the messages to staff; a waiting customer may leave the queue or is told that it arrived."""

    async def write(uow: UnitOfWork, conversation: Conversation) -> list[Say] | None:
        if conversation.state == State.STAFF:
            hold.lift(uow, conversation, audit.CUSTOMER)
            return []
        if conversation.state != State.WAITING:
            return None  # given back since the claim: the bot answers
        if services.company.queue.leaves(held.text):
            return await handover.leave_queue(services, uow, conversation)
        return await handover.receipt(services, uow, conversation)

    return await finish(services, held, write)


async def service_press(services: Services, held: Claim, press: dict[str, Any]) -> bool:
    """A choice that the service offered: leave the queue, be called, rate the service."""

    async def write(uow: UnitOfWork, conversation: Conversation) -> list[Say]:
        if press["service"] == "rate":
            return await _rate(services, uow, conversation, press)
        return await presses.pressed(services, uow, conversation, press)

    return await finish(services, held, write)


async def _rate(services: Services, uow: UnitOfWork, conversation: Conversation, press: dict[str, Any]) -> list[Say]:
    payload = {"score": press["score"]}
    result = await EFFECTS["rate"].reserve(services, uow, conversation, payload)
    return await EFFECTS["rate"].apply(services, uow, conversation, payload, result)
