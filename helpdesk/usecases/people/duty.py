"""Who is on duty, and who owns a matter (首问负责: whoever is first concerned; never nobody)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import WEEKDAYS, Periods
from helpdesk.errors import NotReady
from helpdesk.model.matter import Matter
from helpdesk.model.ticket import CLOSED
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import CAN_TAKE, ONLINE
from helpdesk.store.tables import Staff, Ticket
from zhtext.normalise import fold
from zhtext.values.found import visible

AWAY = "away"
ROLE_ORDER = ("agent", "supervisor", "admin")
_PERIODS: TypeAdapter[Periods] = TypeAdapter(Periods)
_ON_DUTY = select(Staff).where(CAN_TAKE).order_by(Staff.id)


def is_reachable(staff: Staff, now: datetime) -> bool:
    """A sign of life came lately; who is not reachable loses conversations back to the queue."""
    return staff.active and staff.present_until is not None and staff.present_until > now


def is_on_duty(staff: Staff, now: datetime) -> bool:
    """Reachable and ready to take customers: what `CAN_TAKE` asks of a row."""
    return is_reachable(staff, now) and staff.presence == ONLINE


async def on_duty(session: AsyncSession, now: datetime) -> Sequence[Staff]:
    """Everyone who can take a customer now."""
    return (await session.scalars(_ON_DUTY, {"now": now})).all()


def announce_presence(uow: UnitOfWork, staff_id: str, state: str) -> None:
    """Every desk shows at once who is here; the queue's estimate depends on it."""
    uow.announce("presence", staff_id=staff_id, state=state)
    uow.announce("queue")


@dataclass(frozen=True)
class Search:
    """For whom an owner is looked for: `not_these` handled the matter before, the last of them now.

    `senior`: it has gone up, so that who leads is asked before anybody else.
    """

    matter: Matter
    department: str
    not_these: Collection[str] = ()
    senior: bool = False


async def choose_owner(services: Services, uow: UnitOfWork, search: Search) -> Staff:
    """Who owns a matter: on duty, then by skill, department and role, then who has least to do.

    Nobody investigates a complaint about themselves (C6). If that and `search` leave no one, those who handled it
    longer ago come back in, rather than nobody.
    """
    everyone = await _active(uow)
    fit = [one for one in everyone if not is_complained_of(one, search.matter)] or everyone
    people = _freshest(fit, list(search.not_these), search.senior)
    load = await _load(uow.session)
    return min(people, key=lambda one: _fitness(services, one, search, load.get(one.id, 0), uow.now))


def _freshest(fit: list[Staff], handlers: list[str], senior: bool) -> list[Staff]:
    """The first group that is not empty: leading and new to it, leading and not at it now, new, not now, everyone."""
    leading = [one for one in fit if one.role != ROLE_ORDER[0]] if senior else []
    groups = (
        [one for one in people if one.id not in known]
        for people in (leading, fit)
        for known in (handlers, handlers[-1:])
    )
    return next(filter(None, groups), fit)


async def _active(uow: UnitOfWork) -> list[Staff]:
    found = list((await uow.session.scalars(select(Staff).where(Staff.active))).all())
    if not found:
        raise NotReady(why="nobody is there to own a matter: run `python -m helpdesk staff add`")
    return found


async def _load(session: AsyncSession) -> dict[str, int]:
    query = select(Ticket.owner_id, func.count()).where(Ticket.status.not_in(CLOSED)).group_by(Ticket.owner_id)
    return dict((await session.execute(query)).all())


def _fitness(
    services: Services, staff: Staff, search: Search, load: int, now: datetime
) -> tuple[bool, bool, bool, int, int, str]:
    present = is_on_duty(staff, now) or is_rostered(services, staff, now)
    skilled = search.matter.category is not None and search.matter.category in staff.skills
    return (
        not present,
        not skilled,
        staff.department != search.department,
        ROLE_ORDER.index(staff.role) if staff.role in ROLE_ORDER else len(ROLE_ORDER),
        load,
        staff.id,
    )


def is_rostered(services: Services, staff: Staff, now: datetime) -> bool:
    """Whether this person's duty hours say that they are here at `now`."""
    local = now.astimezone(services.company.profile.zone)
    periods = _PERIODS.validate_python(staff.duty.get(WEEKDAYS[local.weekday()], ()))
    return any(period.opens <= local.time() < period.closes for period in periods)


def is_complained_of(staff: Staff, matter: Matter) -> bool:
    """Whether the customer named this person, by name or 工号, however it was typed, as the one the matter is about."""
    named = matter.known("staff_name")
    if named is None:
        return False
    told = bare(named)
    number = rf"(?<![0-9a-z]){re.escape(bare(staff.number))}(?!\d)"  # S100 is not S1001
    return bare(staff.name) in told or re.search(number, told) is not None


def bare(text: str) -> str:
    """A text to find names in: without spaces and invisible signs, every letter and digit in one form."""
    return "".join(visible(fold(text)).lower().split())
