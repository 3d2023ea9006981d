"""A result disputed (C6, C7): investigated again, noted with what is under way, or a new complaint naming the old."""

from __future__ import annotations

from datetime import datetime

from helpdesk.model.matter import Matter
from helpdesk.model.ticket import IN_HAND, Kind, Status
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Ticket
from helpdesk.usecases.letters.letters import last_result
from helpdesk.usecases.letters.notices import received_at

AGAIN, NOTED, NEW = "reinvestigating", "noted", "new"
"""What a dispute comes to."""


async def outcome(services: Services, uow: UnitOfWork, ticket: Ticket) -> str:
    """AGAIN: an answered ticket, in time. NOTED: there is no result yet. NEW: too late or closed."""
    if ticket.status in IN_HAND:
        return NOTED
    is_answered = ticket.status == Status.ANSWERED
    return AGAIN if is_answered and await in_time(services, uow, ticket) else NEW


async def in_time(services: Services, uow: UnitOfWork, ticket: Ticket) -> bool:
    """Whether a result may still be appealed against: until the end of the last day, counted from its receipt."""
    received = await _received_at(uow, ticket)
    if received is None:
        return True
    zone = services.company.profile.zone
    days = (uow.now.astimezone(zone).date() - received.astimezone(zone).date()).days
    return days <= services.company.limits.appeal_days


async def _received_at(uow: UnitOfWork, ticket: Ticket) -> datetime | None:
    """When the result reached the customer: delivered or opened; None while nothing tells so."""
    letter = await last_result(uow, ticket.number)
    return await received_at(uow, letter) if letter is not None else ticket.answered_at


def objection(ticket: Ticket, reason: str) -> Matter:
    """A new complaint made of the old one and the reason for disputing it."""
    fields = {**ticket.fields, "description": reason or ticket.fields.get("description"), "ticket": ticket.number}
    return Matter(Kind.COMPLAINT, fields, ticket.category, Urgency(ticket.urgency), summary=reason or None)
