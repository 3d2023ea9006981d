"""A customer's matter becomes a ticket: its number reserved, then stored, or added to their open one.

Reserved and stored are two steps because the customer is told the number before the turn that opens it has ended.
"""

from __future__ import annotations

from typing import Any

from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Staff
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_ticket_number
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets import improvements, repeats
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.register import Opening, Registration, check_fields, open_ticket, remember_customer

Json = dict[str, Any]


async def reserve_ticket(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{number, promised_at, first_contact_at, result_at, joined}: a new number, or the open ticket's own.

    Raises:
        InvalidInput: an unknown kind, or a required field is missing.
    """
    matter = Matter.parse(payload)
    found = assess(services, matter, uow.now)
    check_fields(services, matter, found.urgency)
    same = await repeats.find_same(uow, conversation, matter, found.urgency)
    if same is not None:
        first, last = repeats.sooner_dates(services, same, uow.now)
        return Registration(same.number, first, last, joined=True).as_result()
    number = await next_ticket_number(services, uow)
    return Registration(number, found.first_contact_due, found.result_due).as_result()


async def register(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """Store the ticket, or add to the one it joins. The required fields are checked once more."""
    matter = await pictures.with_evidence(services, uow, conversation, Matter.parse(payload))
    check_fields(services, matter, assess(services, matter, uow.now).urgency)
    registration = Registration.from_result(result)
    await remember_customer(uow, conversation.customer_id, matter.fields, audit.CUSTOMER)
    if registration.joined:
        await repeats.join_ticket(services, uow, matter, registration, audit.CUSTOMER)
        return []
    return await open_in_turn(services, uow, matter, registration, of_turn(conversation))


def of_turn(conversation: Conversation, owner: Staff | None = None) -> Opening:
    """A ticket that the customer of this turn opens."""
    return Opening(conversation.customer_id, audit.CUSTOMER, conversation, owner)


async def open_in_turn(
    services: Services, uow: UnitOfWork, matter: Matter, registration: Registration, opening: Opening
) -> list[Say]:
    """A new ticket for the customer of this turn; what is said of it after the bot's reply."""
    ticket = await open_ticket(services, uow, matter, registration, opening)
    if ticket.kind == Kind.COMPLAINT:
        await improvements.of_product(services, uow, ticket)
    return await ticket_letters.acknowledge_in_turn(services, uow, ticket)
