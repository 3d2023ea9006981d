"""Greet who opens the chat, before they have to ask (service standard A1), and only once (A7)."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import is_pending
from helpdesk.store.tables import Conversation
from helpdesk.usecases.conversations.receive import conversation_of
from helpdesk.usecases.conversations.sessions import STILL_GREETED, has_been_answered, request_start


async def greet(services: Services, channel: str, sender: str) -> bool:
    """Ask the bot to speak first if a greeting is due; whether it is."""
    async with services.db.write() as uow:
        conversation = await conversation_of(uow, channel, sender)
        due = await _is_due(uow, conversation, timedelta(hours=services.settings.session_idle_hours))
        if due:
            await request_start(uow, conversation, "open")
        await uow.commit()
    return due


async def _is_due(uow: UnitOfWork, conversation: Conversation, idle: timedelta) -> bool:
    """A new customer, or one whose last session is over for a while; whoever waits for an answer gets that instead."""
    if await is_pending(uow.session, conversation.id):
        return False
    if conversation.state == State.CLOSED:
        return conversation.closed_at is None or uow.now - conversation.closed_at > STILL_GREETED
    if conversation.state != State.BOT:
        return False
    if not has_been_answered(conversation):
        return True
    last = conversation.last_customer_at
    return last is not None and uow.now - last > idle
