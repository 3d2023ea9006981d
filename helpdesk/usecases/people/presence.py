"""Presence of open desks: the live connection is the heartbeat, so that a browser tab in the background counts.

A desk whose connection ends is gone after a short grace; its customers then go back into the queue (timers).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import or_, update

from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases.people.duty import AWAY, ONLINE, announce_presence
from helpdesk.usecases.people.sign_in import BROWSER_STAYS

TO_RECONNECT = timedelta(seconds=20)
LATELY = timedelta(minutes=10)


async def await_return(services: Services) -> None:
    """At the start of a service: who was here before it stopped could give no sign of life, and may come back first."""
    now = services.clock.now()
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.present_until > now - LATELY, Staff.present_until < now + TO_RECONNECT)
            .values(present_until=now + TO_RECONNECT)
        )
        await uow.commit()


async def stay(services: Services, staff_ids: Collection[str]) -> None:
    """These people's desks are open: who is on duty stays so."""
    until = services.clock.now() + BROWSER_STAYS
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.id.in_(staff_ids), Staff.presence == ONLINE)
            .where(or_(Staff.present_until.is_(None), Staff.present_until < until))
            .values(present_until=until)
        )
        await uow.commit()


async def gone(services: Services, staff_id: str) -> None:
    """The last desk of this person is closed or cut off. Who is on duty for longer through a program stays."""
    now = services.clock.now()
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.id == staff_id, Staff.present_until > now, Staff.present_until <= now + BROWSER_STAYS)
            .values(present_until=now)
        )
        announce_presence(uow, staff_id, AWAY)
        await uow.commit()
