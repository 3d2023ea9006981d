"""What a customer decides about a matter in words: a withdrawal taken back, an offer taken or not (C5, C11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.errors import NotFound
from helpdesk.model.say import Say
from helpdesk.model.ticket import Action, Kind, Status, after
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Compensation, Conversation
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.due import due_times
from helpdesk.usecases.tickets import compensations
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.step import Step
from helpdesk.usecases.tickets.transitions import apply_step
from helpdesk.usecases.turns.customer_decisions import visible

Json = dict[str, Any]


async def reserve_resumption(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at}, the date as it will be; MoveRefused when it was not withdrawn."""
    ticket = await visible(uow, conversation, payload, now)
    status = after(Status(ticket.status), Action.RESUME)
    first, last = due_times(services, Kind(ticket.kind), Urgency(ticket.urgency), now)
    promised = last or first
    return {"number": ticket.number, "status": status, "promised_at": promised.isoformat() if promised else None}


async def resume(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """The customer wants the matter to go on after all."""
    ticket = await visible(uow, conversation, payload, now, lock=True)
    step = Step(Action.RESUME, note=payload.get("reason"))
    await apply_step(services, uow, ticket, step, audit.CUSTOMER, now)
    return await ticket_letters.answer_customer(services, uow, ticket, step, now)


async def reserve_opinion_of_offer(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number}; NotFound for an offer that was made to somebody else."""
    offer = await uow.session.get(Compensation, str(payload.get("id") or ""))
    if offer is None:
        raise NotFound("no such offer")
    ticket = await visible(uow, conversation, {"number": offer.number}, now)
    return {"number": ticket.number}


async def answer_offer(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """A compensation accepted or refused in words; the bot's reply says so, so nothing is said here."""
    await compensations.answer(services, uow, str(payload["id"]), accept=bool(payload["accept"]), now=now)
    return []
