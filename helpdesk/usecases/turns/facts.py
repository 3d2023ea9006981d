"""What the bot is told with each turn: the hour, who is on duty, who the customer is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.model.conversation import State
from helpdesk.model.ticket import Status
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Compensation, Ticket
from helpdesk.usecases.conversations.locks import Claim
from helpdesk.usecases.conversations.standing import OWED

OFFERED = "approved"
"""The state of a compensation that its customer has been told of and has not answered."""
PARTS_OF_DAY = ((5, "night"), (11, "morning"), (13, "noon"), (18, "afternoon"), (23, "evening"), (24, "night"))


def part_of_day(hour: int) -> str:
    """Which greeting fits a local hour of 0-23: before 5 night, before 11 morning, and so on."""
    return next(name for end, name in PARTS_OF_DAY if hour < end)


async def facts(services: Services, held: Claim) -> dict[str, Any]:
    """The facts of one turn, as JSON."""
    now = services.clock.now()
    found = held.standing
    matters = await _open_matters(services, held.customer_id) if found.is_owed else {}
    return {
        "name": found.name,
        "tier": found.tier,
        **matters,
        **({"phone": phone} if (phone := found.phone if found.user_id else found.proved_phone) else {}),
        "known": held.session_no > 1,
        "new_session": held.opens_session,
        "hours": "open" if services.calendar.is_open(now) else "closed",
        "hours_text": services.company.opening_hours.text,
        "staff_on_duty": found.on_duty,
        "part_of_day": _part_of_day(services, now),
        "at": held.said_at.astimezone(services.company.profile.zone).isoformat(),
        "channel": held.channel,
        "company": services.company.profile.name,
        "rating_asked": (found.last_said or {}).get("kind") == "rating_request" or None,
        "queue": True if held.state == State.WAITING else None,
    }


def _part_of_day(services: Services, now: datetime) -> str:
    return part_of_day(now.astimezone(services.company.profile.zone).hour)


async def _open_matters(services: Services, customer_id: str) -> dict[str, Any]:
    """The latest open ticket, the latest with a result that waits for an opinion, and an offer that does."""
    query = (
        select(Ticket.number, Ticket.status)
        .where(Ticket.customer_id == customer_id, OWED)
        .order_by(Ticket.created_at.desc())
    )
    async with services.db.read() as uow:
        rows = (await uow.session.execute(query)).all()
        if not rows:  # closed a moment ago
            return {}
        offer = await _offer(uow, [number for number, _ in rows])
    answered = next((number for number, status in rows if status == Status.ANSWERED), None)
    found = {"open_ticket_number": rows[0][0], "answered_ticket_number": answered, "offer": offer}
    return {name: value for name, value in found.items() if value}


async def _offer(uow: UnitOfWork, numbers: list[str]) -> dict[str, Any] | None:
    """A compensation that was offered and not answered yet: {id, number, amount in 元}."""
    query = (
        select(Compensation)
        .where(Compensation.number.in_(numbers), Compensation.state == OFFERED)
        .order_by(Compensation.decided_at.desc())
        .limit(1)
    )
    found = (await uow.session.scalars(query)).first()
    return {"id": found.id, "number": found.number, "amount": f"{found.cents / 100:.2f}"} if found else None
