"""A result that its customer does not accept: investigated again, noted, or a new complaint (C6, C7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import IN_HAND, Action, Kind, Status
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Ticket
from helpdesk.usecases.journal.numbers import next_ticket_number
from helpdesk.usecases.letters.letters import last_result
from helpdesk.usecases.people.duty import choose_owner
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets.register import Registration
from helpdesk.usecases.turns.customer_decisions import add_note, customer_step, open_in_turn, told, visible

Json = dict[str, Any]
AGAIN, NOTED, NEW = "reinvestigating", "noted", "new"


async def reserve_dispute(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at, outcome, previous?}.

    outcome `reinvestigating`: an answered ticket, in time (C7). `noted`: there is no result yet, the objection
    goes to whoever is at it. `new`: too late or closed; a new complaint that names the old one (C7).
    """
    ticket = await visible(uow, conversation, payload, now)
    outcome = await _outcome(services, uow, ticket, now)
    if outcome == NOTED:
        return told(ticket, ticket.status, ticket.result_due, outcome=outcome)
    found = assess(services, _objection(ticket, payload), now)
    if outcome == AGAIN:
        return told(ticket, Status.INVESTIGATING, found.result_due, outcome=outcome)
    number = await next_ticket_number(services, uow, now)
    registration = Registration(number, found.first_contact_due, found.result_due)
    return {
        **registration.as_result(),
        "status": Status.REGISTERED,
        "outcome": outcome,
        "previous": ticket.number,
    }


async def _outcome(services: Services, uow: UnitOfWork, ticket: Ticket, now: datetime) -> str:
    if ticket.status in IN_HAND:
        return NOTED
    is_answered = ticket.status == Status.ANSWERED
    return AGAIN if is_answered and await in_time(services, uow, ticket, now) else NEW


async def in_time(services: Services, uow: UnitOfWork, ticket: Ticket, now: datetime) -> bool:
    """Whether a result may still be appealed against: until the end of the last day, counted from its receipt."""
    received = await _received_at(uow, ticket)
    if received is None:
        return True
    zone = services.company.profile.zone
    days = (now.astimezone(zone).date() - received.astimezone(zone).date()).days
    return days <= services.company.limits.appeal_days


async def _received_at(uow: UnitOfWork, ticket: Ticket) -> datetime | None:
    """When the result reached the customer: its letter may have waited for the morning, or wait still (None)."""
    letter = await last_result(uow, ticket.number)
    return letter.sent_at if letter is not None else ticket.answered_at


def _objection(ticket: Ticket, payload: Json) -> Matter:
    """A new complaint made of the old one and the reason for disputing it."""
    reason = str(payload.get("reason") or "")
    fields = {**ticket.fields, "description": reason or ticket.fields.get("description"), "ticket": ticket.number}
    return Matter(Kind.COMPLAINT, fields, ticket.category, Urgency(ticket.urgency), summary=reason or None)


async def dispute(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """Investigate again, or register what came too late as a new complaint, with somebody else."""
    if result["outcome"] == AGAIN:
        return await customer_step(services, uow, conversation, payload, now, Action.REINVESTIGATE)
    if result["outcome"] == NOTED:
        return await add_note(services, uow, conversation, {**payload, "text": payload.get("reason")}, result, now)
    old = await visible(uow, conversation, payload, now)
    matter = _objection(old, payload)
    registration = Registration.from_result(result)
    department = assess(services, matter, now).department
    owner = await choose_owner(services, uow, matter, department, now, not_these={old.owner_id})
    return await open_in_turn(services, uow, conversation, matter, registration, now, owner=owner)
