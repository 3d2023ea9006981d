"""Lock an account, and let it in again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from helpdesk.errors import Conflict
from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Staff, StaffInvitation
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import accounts, news
from helpdesk.usecases.people.duty import AWAY, announce_presence
from helpdesk.usecases.people.lookup import locked_person
from helpdesk.usecases.people.sessions import revoke_all
from helpdesk.usecases.queue import queueing


async def lock(services: Services, staff_id: str, actor: str) -> int:
    """Shut somebody out at once: sessions and open desks end, customers go back to their old place in the queue.

    Tickets and promises stay until `hand_on` gives them to others. Returns how many customers went back.

    Raises:
        NotFound. Conflict: it is oneself, or nobody could manage people any more.
    """
    if actor == audit.by_staff(staff_id):
        raise Conflict("own_account")
    async with services.db.write() as uow:
        staff = await locked_person(uow, staff_id)
        if staff.role == accounts.ADMIN:
            await accounts.require_other_admin(uow, staff)
        await _shut_out(services, uow, staff, actor)
        await uow.commit()
    return sum([await _put_back(services, one, staff_id, uow.now) for one in await served_by(services, staff_id)])


async def _shut_out(services: Services, uow: UnitOfWork, staff: Staff, actor: str) -> None:
    staff.active, staff.presence, staff.present_until = False, AWAY, uow.now
    await revoke_all(uow, staff.id)
    query = select(StaffInvitation).where(StaffInvitation.staff_id == staff.id, StaffInvitation.used_at.is_(None))
    for invitation in await uow.session.scalars(query):
        invitation.used_at = uow.now
    audit.note(uow, actor, "staff_locked", staff.id)
    announce_presence(uow, staff.id, AWAY)
    await news.changed(services, uow)


async def served_by(services: Services, staff_id: str) -> Sequence[str]:
    """The conversations somebody serves."""
    query = select(Conversation.id).where(Conversation.staff_id == staff_id, Conversation.state == State.STAFF)
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def _put_back(services: Services, conversation_id: str, staff_id: str, now: datetime) -> bool:
    async with services.db.write(now) as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        if conversation.state != State.STAFF or conversation.staff_id != staff_id:
            return False
        audit.note(uow, audit.SYSTEM, "conversation_requeued", conversation_id, staff=staff_id)
        says = await queueing.requeue(services, uow, conversation)
        await say(uow, conversation, says, answers=None, in_reply_to=[])
        await uow.commit()
    return True


async def unlock(services: Services, staff_id: str, actor: str) -> Staff:
    """Let somebody in again, with the password they had.

    Raises:
        NotFound.
    """
    async with services.db.write() as uow:
        staff = await locked_person(uow, staff_id)
        staff.active = True
        audit.note(uow, actor, "staff_unlocked", staff_id)
        await news.changed(services, uow)
        await uow.commit()
    return staff
