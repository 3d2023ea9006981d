"""How many strangers of one address may stand in the queue: sessions cost nothing, and people's time is all there is.

A session's address is kept for a day, from when the session was issued. Who has been a customer for longer is no
stranger and is not counted, nor is anybody whose matter concerns safety.
"""

from __future__ import annotations

import math
from datetime import timedelta

from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import sender_of
from helpdesk.store.tables import Conversation
from helpdesk.usecases.journal import attempts

ISSUED = "session_from"
JOINED = "queue_join"
MOST = 10
WINDOW = timedelta(minutes=10)
STRANGER = timedelta(days=1)


def remember(uow: UnitOfWork, sender: str, network: str) -> None:
    """A new session was issued to somebody at this address."""
    attempts.note(uow, ISSUED, f"{sender}:{network}")


async def may_join(services: Services, uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether there is room in the queue for one more from where this customer is; if there is, it is taken."""
    sender = await sender_of(uow.session, conversation)
    networks = await attempts.keys(uow.session, ISSUED, f"{sender}:", uow.now - STRANGER)
    if not networks:
        return True
    most = max(1, math.ceil(MOST * services.settings.address_room))
    if await attempts.count(uow.session, JOINED, networks[0], uow.now - WINDOW) >= most:
        return False
    attempts.note(uow, JOINED, networks[0])
    return True
