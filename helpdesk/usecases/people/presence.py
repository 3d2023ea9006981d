"""Who is here: said by themselves, shown by their work, or by an open desk.

A desk's live connection is the heartbeat, so that a browser tab in the background counts. Who has no desk open any
more, at any process, is gone after a minute's grace; their customers then go back into the queue (timers).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, update

from helpdesk.errors import InvalidInput
from helpdesk.services import Services
from helpdesk.store.queries import ONLINE
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import seats
from helpdesk.usecases.people.duty import AWAY, announce_presence, is_on_duty
from helpdesk.usecases.people.seats import BROWSER_STAYS
from helpdesk.usecases.people.sign_in import SignedIn

PROGRAM_STAYS = timedelta(minutes=10)
LATELY = timedelta(minutes=10)


async def set_presence(services: Services, who: SignedIn, state: str) -> datetime:
    """On duty or away; until when this counts without another sign of life.

    Raises:
        InvalidInput: `state` is neither online nor away.
    """
    if state not in {ONLINE, AWAY}:
        raise InvalidInput("presence_wrong", state=state)
    now = services.clock.now()
    until = now + (BROWSER_STAYS if who.by_cookie else PROGRAM_STAYS)
    async with services.db.write(now) as uow:
        staff = await uow.session.get_one(Staff, who.staff.id, populate_existing=True)
        if staff.presence != state:
            audit.note(uow, audit.by_staff(staff.id), f"presence_{state}", staff.id)
        was_on_duty = is_on_duty(staff, now)
        staff.presence = state
        staff.present_until = until if state == ONLINE else max(until, staff.present_until or until)
        if is_on_duty(staff, now) != was_on_duty:
            announce_presence(uow, staff.id, state)
        await uow.commit()
    return until


async def keep_alive(services: Services, who: SignedIn) -> None:
    """Work is a sign of life: who serves a customer is here. It puts a program on duty; a person says so themselves."""
    now = services.clock.now()
    until = now + (BROWSER_STAYS if who.by_cookie else PROGRAM_STAYS)
    values = {"present_until": until} if who.by_cookie else {"present_until": until, "presence": ONLINE}
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.id == who.staff.id)
            .where((Staff.present_until.is_(None)) | (Staff.present_until < until))
            .values(**values)
        )
        await uow.commit()


# ---------------------------------------------------------------- open desks


async def await_return(services: Services) -> None:
    """At the start of a service: who was here before it stopped could give no sign of life, and may come back first."""
    now = services.clock.now()
    async with services.db.write() as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.present_until > now - LATELY, Staff.present_until < now + BROWSER_STAYS)
            .values(present_until=now + BROWSER_STAYS)
        )
        await uow.commit()


async def come(services: Services, process: str, staff_id: str) -> None:
    """This person has opened a desk at this process."""
    async with services.db.write() as uow:
        await seats.take(services, uow, process, [staff_id])
        await uow.commit()


async def stay(services: Services, process: str, staff_ids: Collection[str]) -> None:
    """These people's desks are open at this process: who is on duty stays so."""
    now = services.clock.now()
    until = now + BROWSER_STAYS
    async with services.db.write(now) as uow:
        await uow.session.execute(
            update(Staff)
            .where(Staff.id.in_(staff_ids), Staff.presence == ONLINE)
            .where(or_(Staff.present_until.is_(None), Staff.present_until < until))
            .values(present_until=until)
        )
        await seats.take(services, uow, process, staff_ids)
        await uow.commit()


async def gone(services: Services, process: str, staff_id: str) -> None:
    """The last desk of this person at this process is closed or cut off: they are gone, unless another process has one.

    Who is on duty for longer through a program stays. The person's row is locked, or two processes that lose the last
    two desks at once would each see the other's.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        staff = await uow.session.get_one(Staff, staff_id, with_for_update=True, populate_existing=True)
        await seats.leave(uow, process, staff_id)
        if not await seats.is_held(uow.session, staff_id, now):
            if staff.present_until is not None and now < staff.present_until <= now + BROWSER_STAYS:
                staff.present_until = now
            announce_presence(uow, staff_id, AWAY)
        await uow.commit()
