"""Internal tickets: follow-up tasks, and what staff report about our own work (C10)."""

from __future__ import annotations

from helpdesk.model.matter import Matter
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Ticket
from helpdesk.usecases.journal.numbers import next_internal_number
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets.register import Opening, Registration, check_fields, open_ticket

HOUSE = "house"
"""The customer of internal tickets: our own house (内部客户)."""


async def house(services: Services, uow: UnitOfWork) -> Customer:
    """Our own house as a customer."""
    found = await uow.session.get(Customer, HOUSE)
    if found is None:
        found = Customer(id=HOUSE, name=services.company.profile.name, created_at=uow.now, last_seen_at=uow.now)
        uow.session.add(found)
        await uow.session.flush()
    return found


async def open_internal(
    services: Services,
    uow: UnitOfWork,
    matter: Matter,
    opening: Opening,
    *,
    about: str | None = None,
) -> Ticket:
    """Open a ticket that no customer hears of; `about` is the conversation it came from.

    Raises:
        InvalidInput: a required field is missing.
    """
    found = assess(services, matter, uow.now)
    check_fields(services, matter, found.urgency)
    fields = {**matter.fields, **({"conversation": about} if about else {})}
    matter = Matter(matter.kind, fields, matter.category, matter.hint, matter.summary)
    number = await next_internal_number(services, uow)
    registration = Registration(number, found.first_contact_due, found.result_due)
    return await open_ticket(services, uow, matter, registration, opening)
