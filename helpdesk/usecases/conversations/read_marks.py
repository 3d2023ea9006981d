"""Who has read how far. A mark only ever moves forward."""

from __future__ import annotations

from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import ReadMark


async def customer_read(services: Services, conversation_id: str, seq: int) -> None:
    """The customer has seen everything up to `seq`."""
    await _move(services, conversation_id, "customer", seq)


async def staff_read(services: Services, conversation_id: str, seq: int) -> None:
    """The member of staff who serves has seen everything up to `seq`."""
    await _move(services, conversation_id, "staff", seq)


async def customer_mark(services: Services, conversation_id: str) -> int:
    """Up to which `seq` the customer has seen what they were told."""
    async with services.db.read() as uow:
        mark = await uow.session.get(ReadMark, conversation_id)
    return mark.customer_seq if mark else 0


async def _move(services: Services, conversation_id: str, author: str, seq: int) -> None:
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        mark = await uow.session.get(ReadMark, conversation_id)
        if mark is None:
            mark = ReadMark(conversation_id=conversation_id, customer_seq=0, staff_seq=0)
            uow.session.add(mark)
        column = f"{author}_seq"
        reached = min(seq, conversation.last_seq)
        if reached <= getattr(mark, column):
            return
        setattr(mark, column, reached)
        uow.announce("receipt", conversation_id=conversation_id, author=author, seq=reached)
        await uow.commit()
