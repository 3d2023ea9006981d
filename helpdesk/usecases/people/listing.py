"""People with what an administrator wants to see beside their accounts; each figure is one question for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from helpdesk.errors import NotFound
from helpdesk.model.conversation import State
from helpdesk.model.ticket import CLOSED
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Staff, StaffInvitation, StaffSession, Ticket
from helpdesk.usecases.people.duty import is_on_duty
from helpdesk.usecases.people.lookup import all_people


@dataclass(frozen=True)
class Entry:
    """One account and what it has in hand."""

    staff: Staff
    is_on_duty: bool
    serving: int
    open_tickets: int
    sessions: int
    last_seen_at: datetime | None
    invited_until: datetime | None


async def list_people(services: Services) -> list[Entry]:
    """Everybody, locked ones last."""
    now = services.clock.now()
    held = (StaffSession.revoked_at.is_(None), StaffSession.expires_at > now)
    unused = (StaffInvitation.used_at.is_(None), StaffInvitation.expires_at > now)
    async with services.db.read() as uow:
        people = await all_people(uow.session)
        serving = await _by_person(uow, Conversation.staff_id, func.count(), Conversation.state == State.STAFF)
        tickets = await _by_person(uow, Ticket.owner_id, func.count(), Ticket.status.not_in(CLOSED))
        sessions = await _by_person(uow, StaffSession.staff_id, func.count(), *held)
        seen = await _by_person(uow, StaffSession.staff_id, func.max(StaffSession.seen_at))
        invited = await _by_person(uow, StaffInvitation.staff_id, func.max(StaffInvitation.expires_at), *unused)
    return [
        Entry(
            staff=one,
            is_on_duty=is_on_duty(one, now),
            serving=serving.get(one.id, 0),
            open_tickets=tickets.get(one.id, 0),
            sessions=sessions.get(one.id, 0),
            last_seen_at=seen.get(one.id),
            invited_until=invited.get(one.id),
        )
        for one in people
    ]


async def person(services: Services, staff_id: str) -> Entry:
    """One of them.

    Raises:
        NotFound: there is nobody with this id.
    """
    found = next((one for one in await list_people(services) if one.staff.id == staff_id), None)
    if found is None:
        raise NotFound("staff_not_found", staff_id=staff_id)
    return found


async def _by_person(uow: UnitOfWork, column: Any, figure: Any, *where: Any) -> dict[str, Any]:
    query: Any = select(column, figure).where(column.is_not(None), *where).group_by(column)
    return dict((await uow.session.execute(query)).all())
