"""What a customer decides about a ticket in words: urge it, withdraw it and take that back, add a note, be content
with the result or not, take an offer or not (C5, C6, C7, C11).

Each is an effect with its two steps. What the customer hears is the bot's reply; a letter follows it where it says
more (`tickets/letters.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.errors import InvalidInput, MoveRefused, NotFound
from helpdesk.model.say import Say
from helpdesk.model.ticket import CLOSED, IN_HAND, Action, Kind, Status, after
from helpdesk.model.timeline import Line, Standing
from helpdesk.model.urgency import Urgency, raised
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Compensation, Conversation, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_ticket_number
from helpdesk.usecases.people.duty import Search, choose_owner
from helpdesk.usecases.promises.due import assess, due_times
from helpdesk.usecases.tickets import compensations, disputes, repeats
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.disputes import AGAIN, NOTED, objection
from helpdesk.usecases.tickets.move import apply_step
from helpdesk.usecases.tickets.opening import of_turn, open_in_turn
from helpdesk.usecases.tickets.proofs import may_see
from helpdesk.usecases.tickets.register import Registration, add_event, lock_ticket, touch
from helpdesk.usecases.tickets.step import Step

Json = dict[str, Any]

# ---------------------------------------------------------------- an existing ticket


async def visible(uow: UnitOfWork, conversation: Conversation, payload: Json, *, lock: bool = False) -> Ticket:
    """The ticket the payload names, if this customer may see it.

    Raises:
        NotFound: unknown or foreign, which look the same.
    """
    number = str(payload.get("number") or "").strip().upper()
    ticket = await uow.session.get(Ticket, number)
    if ticket is None or not await may_see(uow.session, conversation, ticket, uow.now):
        raise NotFound("ticket_not_found", number=number)
    return await lock_ticket(uow, number) if lock else ticket


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
        raise MoveRefused("ticket_over", status=ticket.status)


async def reserve_urge(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, status, promised_at}, the date as it will be once the ticket is urgent."""
    ticket = await visible(uow, conversation, payload)
    _require_open(ticket)
    first, last = repeats.sooner_dates(services, ticket, uow.now)
    return told(ticket, ticket.status, last or first)


async def urge(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The customer presses: the ticket is urgent from now on."""
    ticket = await visible(uow, conversation, payload, lock=True)
    _require_open(ticket)
    first, last = repeats.sooner_dates(services, ticket, uow.now)
    before = Standing.of(ticket)
    ticket.urgency = raised(Urgency(ticket.urgency))
    await repeats.hasten(uow, ticket, first, last)
    add_event(uow, ticket, Line("urged", audit.CUSTOMER, note=payload.get("note")), before=before)
    touch(uow, ticket)
    return []


async def _reserve_step(uow: UnitOfWork, conversation: Conversation, payload: Json, action: Action) -> Json:
    ticket = await visible(uow, conversation, payload)
    return told(ticket, after(Status(ticket.status), action), ticket.result_due)


async def customer_step(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, action: Action
) -> list[Say]:
    """The customer moves their ticket; the letter that follows the bot's reply."""
    ticket = await visible(uow, conversation, payload, lock=True)
    step = Step(action, note=payload.get("reason") or payload.get("note"))
    await apply_step(services, uow, ticket, step, audit.CUSTOMER)
    return await ticket_letters.answer_customer(services, uow, ticket, step)


async def reserve_withdrawal(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, status, promised_at}; MoveRefused when it is closed already."""
    return await _reserve_step(uow, conversation, payload, Action.WITHDRAW)


async def withdraw(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The customer takes the matter back; nothing is made conditional on it (C11)."""
    return await customer_step(services, uow, conversation, payload, Action.WITHDRAW)


async def reserve_satisfaction(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, status, promised_at}; MoveRefused when there is no result to be content with."""
    return await _reserve_step(uow, conversation, payload, Action.SATISFY)


async def satisfy(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The customer is content with the result: the ticket is closed."""
    return await customer_step(services, uow, conversation, payload, Action.SATISFY)


# ---------------------------------------------------------------- a note


async def reserve_note(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, status, promised_at, changed}: whether the ticket itself will have the values, and the kind, named.

    Raises:
        InvalidInput: the note is empty.
    """
    if not str(payload.get("text") or "").strip():
        raise InvalidInput("text_wanted")
    ticket = await visible(uow, conversation, payload)
    return told(ticket, ticket.status, ticket.result_due, changed=_may_change(services, ticket, payload.get("kind")))


def _may_change(services: Services, ticket: Ticket, kind: str | None) -> bool:
    """While it is in hand, and to a kind that it may become."""
    is_other = kind is not None and kind not in services.company.kinds[ticket.kind].becomes
    return ticket.status in IN_HAND and not is_other


async def add_note(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """What the customer adds is on the timeline; values put right are the ticket's from now on."""
    ticket = await visible(uow, conversation, payload, lock=True)
    if _may_change(services, ticket, payload.get("kind")):
        fields = {**ticket.fields, **(payload.get("fields") or {})}
        ticket.fields = {name: value for name, value in fields.items() if value is not None}
        ticket.kind = Kind(payload.get("kind") or ticket.kind)
    add_event(uow, ticket, Line("customer_note", audit.CUSTOMER, note=str(payload.get("text") or "")))
    touch(uow, ticket)
    return []


# ---------------------------------------------------------------- a withdrawal taken back


async def reserve_resumption(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, status, promised_at}, the date as it will be; MoveRefused when it was not withdrawn."""
    ticket = await visible(uow, conversation, payload)
    status = after(Status(ticket.status), Action.RESUME)
    first, last = due_times(services, Kind(ticket.kind), Urgency(ticket.urgency), uow.now)
    return told(ticket, status, last or first)


async def resume(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The customer wants the matter to go on after all."""
    ticket = await visible(uow, conversation, payload, lock=True)
    step = Step(Action.RESUME, note=payload.get("reason"))
    await apply_step(services, uow, ticket, step, audit.CUSTOMER)
    return await ticket_letters.answer_customer(services, uow, ticket, step)


# ---------------------------------------------------------------- a result disputed


async def reserve_dispute(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, status, promised_at, outcome, previous?}.

    outcome `reinvestigating`: an answered ticket, in time (C7). `noted`: there is no result yet, the objection
    goes to whoever is at it. `new`: too late or closed; a new complaint that names the old one (C7).
    """
    ticket = await visible(uow, conversation, payload)
    outcome = await disputes.outcome(services, uow, ticket)
    if outcome == NOTED:
        return told(ticket, ticket.status, ticket.result_due, outcome=outcome)
    found = assess(services, objection(ticket, _reason(payload)), uow.now)
    if outcome == AGAIN:
        return told(ticket, Status.INVESTIGATING, found.result_due, outcome=outcome)
    number = await next_ticket_number(services, uow)
    registration = Registration(number, found.first_contact_due, found.result_due)
    return {
        **registration.as_result(),
        "status": Status.REGISTERED,
        "outcome": outcome,
        "previous": ticket.number,
    }


def _reason(payload: Json) -> str:
    return str(payload.get("reason") or "")


async def dispute(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """Investigate again, or register what came too late as a new complaint, with somebody else."""
    if result["outcome"] == AGAIN:
        return await customer_step(services, uow, conversation, payload, Action.REINVESTIGATE)
    if result["outcome"] == NOTED:
        return await add_note(services, uow, conversation, {**payload, "text": payload.get("reason")}, result)
    old = await visible(uow, conversation, payload)
    matter = objection(old, _reason(payload))
    registration = Registration.from_result(result)
    department = assess(services, matter, uow.now).department
    owner = await choose_owner(services, uow, Search(matter, department, not_these={old.owner_id}))
    return await open_in_turn(services, uow, matter, registration, of_turn(conversation, owner))


# ---------------------------------------------------------------- an offer


async def reserve_opinion_of_offer(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json
) -> Json:
    """{number}; NotFound for an offer that was made to somebody else."""
    offer = await uow.session.get(Compensation, str(payload.get("id") or ""))
    if offer is None:
        raise NotFound("compensation_not_found")
    ticket = await visible(uow, conversation, {"number": offer.number})
    return {"number": ticket.number}


async def answer_offer(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """A compensation accepted or refused in words; the bot's reply says so, so nothing is said here."""
    await compensations.answer(services, uow, str(payload["id"]), accept=bool(payload["accept"]))
    return []
