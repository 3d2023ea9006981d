"""What staff may do about a message on its way to a channel that is called: call it back, or send it once more."""

from __future__ import annotations

from sqlalchemy import select

from helpdesk.errors import Conflict
from helpdesk.model.delivery import Status, Via
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Outbox
from helpdesk.usecases.conversations.speak import DUE


async def withdraw(uow: UnitOfWork, message_id: str) -> bool:
    """Take back what has not left yet; whether nothing of it is, or may be, on the customer's phone.

    A message of a channel that comes and fetches is on no way at all. The conversation must be locked.
    """
    row = await uow.session.scalar(select(Outbox).where(Outbox.message_id == message_id))
    if row is None:
        return True
    if row.status not in (Status.QUEUED, Status.FAILED) or row.via == Via.PASSIVE or row.parts:
        return False
    await uow.session.delete(row)
    return True


async def send_again(uow: UnitOfWork, message_id: str) -> None:
    """Try once more what was refused or got no answer; what the channel has taken of it is not sent twice.

    Raises:
        Conflict: it has arrived, is under way, or goes by itself with the customer's next message.
    """
    row = await uow.session.scalar(select(Outbox).where(Outbox.message_id == message_id).with_for_update())
    if row is None or row.waits or row.status not in (Status.FAILED, Status.UNKNOWN):
        raise Conflict("resend_needless", message_id=message_id)
    row.status, row.via, row.attempts, row.next_at, row.error = Status.QUEUED, None, 0, uow.now, None
    uow.announce(DUE, at=uow.now)
