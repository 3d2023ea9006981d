"""Waking whoever answers: told once the message is stored, and of which request it came."""

from __future__ import annotations

from helpdesk.request_id import followed
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Message

PENDING = "pending"


def wake(uow: UnitOfWork, message: Message) -> None:
    """Have the message answered as soon as the unit is committed."""
    uow.announce(PENDING, conversation_id=message.conversation_id, message_id=message.id, request=followed())
