"""Waking whoever answers: told once the message is stored, of which request it came and with which claim."""

from __future__ import annotations

from typing import Any

from helpdesk.request_id import followed
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Message

PENDING = "pending"


def wake(uow: UnitOfWork, message: Message, held: Any = None) -> None:
    """Have the message answered as soon as the unit is committed; `held`: the `locks.Claim` to do so, taken in it."""
    about = {"conversation_id": message.conversation_id, "message_id": message.id}
    uow.announce(PENDING, **about, request=followed(), held=held)
