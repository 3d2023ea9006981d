"""The effects that concern tickets: open one, urge, withdraw, accept its result, add a note.

What the customer hears of these is the bot's reply; a letter follows it where it says more (`ticket_letters`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.errors import InvalidInput, MoveRefused, NotFound
from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import CLOSED, Action, Kind, Status, after
from helpdesk.model.timeline import Standing
from helpdesk.model.urgency import Urgency, raised
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Staff, Ticket
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_ticket_number
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets import improvements, repeats
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets import register as tickets
from helpdesk.usecases.tickets.proofs import may_see
from helpdesk.usecases.tickets.transitions import Step, apply_step

Json = dict[str, Any]

# ---------------------------------------------------------------- opening


async def reserve_ticket(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, promised_at, first_contact_at, result_at, joined}: a new number, or the open ticket's own.

    Raises:
        InvalidInput: an unknown kind, or a required field is missing.
    """
    matter = Matter.parse(payload)
    found = assess(services, matter, now)
    tickets.check_fields(services, matter, found.urgency)
    same = await repeats.find_same(uow, conversation, matter, found.urgency, now)
    if same is not None:
        first, last = repeats.sooner_dates(services, same, now)
        return tickets.Registration(same.number, first, last, joined=True).as_result()
    number = await next_ticket_number(services, uow, now)
    return tickets.Registration(number, found.first_contact_due, found.result_due).as_result()


async def register(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """Store the ticket, or add to the one it joins. The required fields are checked once more."""
    matter = await pictures.with_evidence(services, uow, conversation, Matter.parse(payload))
    tickets.check_fields(services, matter, assess(services, matter, now).urgency)
    registration = tickets.Registration.from_result(result)
    await tickets.remember_customer(uow, conversation.customer_id, matter.fields, audit.CUSTOMER, now)
    if registration.joined:
        ticket = await tickets.lock_ticket(uow, registration.number)
        await repeats.join_ticket(services, uow, ticket, matter, registration, actor=audit.CUSTOMER, now=now)
        return []
    return await open_in_turn(services, uow, conversation, matter, registration, now)


async def open_in_turn(
    services: Services,
    uow: UnitOfWork,
    conversation: Conversation,
    matter: Matter,
    registration: tickets.Registration,
    now: datetime,
    *,
    owner: Staff | None = None,
) -> list[Say]:
    """A new ticket for the customer of this turn; what is said of it after the bot's reply."""
    ticket = await tickets.open_ticket(
        services,
        uow,
        matter,
        registration,
        customer_id=conversation.customer_id,
        conversation=conversation,
        actor=audit.CUSTOMER,
        now=now,
        owner=owner,
    )
    if ticket.kind == Kind.COMPLAINT:
        await improvements.of_product(services, uow, ticket, now)
    return await ticket_letters.acknowledge_in_turn(services, uow, ticket, now)


# ---------------------------------------------------------------- an existing ticket


async def visible(
    uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime, *, lock: bool = False
) -> Ticket:
    """The ticket the payload names, if this customer may see it.

    Raises:
        NotFound: unknown or foreign, which look the same.
    """
    number = str(payload.get("number") or "").strip().upper()
    ticket = await uow.session.get(Ticket, number)
    if ticket is None or not await may_see(uow.session, conversation, ticket, now):
        raise NotFound(f"no ticket {number}")
    return await tickets.lock_ticket(uow, number) if lock else ticket


def told(ticket: Ticket, status: str, promised_at: datetime | None, **more: Any) -> Json:
    """What an action is told of a ticket."""
    return {
        "number": ticket.number,
        "status": status,
        "promised_at": promised_at.isoformat() if promised_at else None,
        **more,
    }


def _require_open(ticket: Ticket) -> None:
    if ticket.status in CLOSED:
        raise MoveRefused(f"ticket {ticket.number} is {ticket.status}", status=ticket.status)


async def reserve_urge(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at}, the date as it will be once the ticket is urgent."""
    ticket = await visible(uow, conversation, payload, now)
    _require_open(ticket)
    first, last = repeats.sooner_dates(services, ticket, now)
    return told(ticket, ticket.status, last or first)


async def urge(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """The customer presses: the ticket is urgent from now on."""
    ticket = await visible(uow, conversation, payload, now, lock=True)
    _require_open(ticket)
    first, last = repeats.sooner_dates(services, ticket, now)
    before = Standing.of(ticket)
    ticket.urgency = raised(Urgency(ticket.urgency))
    await repeats.hasten(uow, ticket, first, last)
    tickets.add_event(uow, ticket, "urged", audit.CUSTOMER, now, before=before, note=payload.get("note"))
    tickets.touch(uow, ticket, now)
    return []


async def _reserve_step(
    uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime, action: Action
) -> Json:
    ticket = await visible(uow, conversation, payload, now)
    return told(ticket, after(Status(ticket.status), action), ticket.result_due)


async def customer_step(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime, action: Action
) -> list[Say]:
    """The customer moves their ticket; the letter that follows the bot's reply."""
    ticket = await visible(uow, conversation, payload, now, lock=True)
    step = Step(action, note=payload.get("reason") or payload.get("note"))
    await apply_step(services, uow, ticket, step, audit.CUSTOMER, now)
    return await ticket_letters.answer_customer(services, uow, ticket, step, now)


async def reserve_withdrawal(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at}; MoveRefused when it is closed already."""
    return await _reserve_step(uow, conversation, payload, now, Action.WITHDRAW)


async def withdraw(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """The customer takes the matter back; nothing is made conditional on it (C11)."""
    return await customer_step(services, uow, conversation, payload, now, Action.WITHDRAW)


async def reserve_satisfaction(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at}; MoveRefused when there is no result to be content with."""
    return await _reserve_step(uow, conversation, payload, now, Action.SATISFY)


async def satisfy(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """The customer is content with the result: the ticket is closed."""
    return await customer_step(services, uow, conversation, payload, now, Action.SATISFY)


# ---------------------------------------------------------------- a note


async def reserve_note(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{number, status, promised_at}.

    Raises:
        InvalidInput: the note is empty.
    """
    if not str(payload.get("text") or "").strip():
        raise InvalidInput("the note is empty")
    ticket = await visible(uow, conversation, payload, now)
    return told(ticket, ticket.status, ticket.result_due)


async def add_note(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """What the customer adds is on the timeline, for whoever is at it."""
    ticket = await visible(uow, conversation, payload, now, lock=True)
    tickets.add_event(uow, ticket, "customer_note", audit.CUSTOMER, now, note=str(payload.get("text") or ""))
    tickets.touch(uow, ticket, now)
    return []
