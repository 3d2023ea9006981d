"""A withdrawal taken back: the matter goes on as if it had not been withdrawn, with new dates (C11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.errors import NotFound
from helpdesk.model.say import Say
from helpdesk.model.ticket import Action, Kind, Status, after
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Ticket
from helpdesk.usecases import audit
from helpdesk.usecases.assess import due_times
from helpdesk.usecases.consult import may_see
from helpdesk.usecases.tickets import lock_ticket
from helpdesk.usecases.transitions import Step, apply_step

Json = dict[str, Any]


async def reserve_resumption(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at}, the date as it will be; MoveRefused when it was not withdrawn."""
    ticket = await _visible(uow, conversation, payload, now)
    status = after(Status(ticket.status), Action.RESUME)
    first, last = due_times(services, Kind(ticket.kind), Urgency(ticket.urgency), now)
    promised = last or first
    return {"number": ticket.number, "status": status, "promised_at": promised.isoformat() if promised else None}


async def resume(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """The customer wants the matter to go on after all."""
    await _visible(uow, conversation, payload, now)
    ticket = await lock_ticket(uow, str(payload["number"]))
    await apply_step(services, uow, ticket, Step(Action.RESUME, note=payload.get("reason")), audit.CUSTOMER, now)
    return []


async def _visible(uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime) -> Ticket:
    ticket = await uow.session.get(Ticket, str(payload.get("number") or "").strip().upper())
    if ticket is None or not await may_see(uow.session, conversation, ticket, now):
        raise NotFound(f"no ticket {payload.get('number')}")
    return ticket
