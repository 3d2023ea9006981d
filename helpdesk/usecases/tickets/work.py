"""What staff do with a ticket besides moving it: note, contact, alternative, look at masked values, open their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.errors import Conflict, InvalidInput
from helpdesk.model.matter import Matter
from helpdesk.model.promise import PromiseKind
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.tables import Staff, Ticket
from helpdesk.text.masking import MASKS
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets import register
from helpdesk.usecases.tickets.consequences import contacted
from helpdesk.usecases.tickets.internal import house, open_internal
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.register import Opening

SHORTEST_REASON = 4  # letters, characters or digits
LOOKS = Throttle("reveal", most=20)
"""So many tickets an hour: enough for work, too few to copy the customers out."""
REACHED = {PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK}


async def note_ticket(services: Services, number: str, text: str, by: Staff) -> Ticket:
    """A remark on the timeline; the customer does not see it.

    Raises:
        NotFound.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.NOTE)
        register.add_event(uow, ticket, Line("note", audit.by_staff(by.id), note=text))
        register.touch(uow, ticket)
        await uow.commit()
    return ticket


async def contact_customer(services: Services, number: str, channel: str, text: str, by: Staff) -> Ticket:
    """The customer was reached outside the chat (by phone, at home): first contact and call-back are kept.

    Raises:
        NotFound. Conflict: the ticket is closed.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.CONTACT)
        require_open(ticket)
        await contacted(uow, ticket, REACHED)
        register.add_event(
            uow, ticket, Line("contacted", audit.by_staff(by.id), note=text, detail={"channel": channel})
        )
        register.touch(uow, ticket)
        await uow.commit()
    return ticket


def require_open(ticket: Ticket) -> None:
    """Raises Conflict for a ticket that is closed."""
    if ticket.status in CLOSED:
        raise Conflict("ticket_over", status=ticket.status)


async def offer_alternative(services: Services, number: str, text: str, by: Staff) -> Ticket:
    """The wish could not be met and something else was offered (第三条路, C11).

    Raises:
        NotFound. Conflict: the ticket is closed.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.ALTERNATIVE)
        require_open(ticket)
        register.add_event(uow, ticket, Line("alternative_offered", audit.by_staff(by.id), note=text))
        register.touch(uow, ticket)
        await uow.commit()
    return ticket


async def reveal(services: Services, number: str, reason: str, by: Staff) -> dict[str, Any]:
    """The fields of a ticket unmasked; who looked, when and why is in the audit (F4).

    Raises:
        NotFound, NotAllowed. InvalidInput: the reason says nothing. TooManyTries: they looked often enough for now.
    """
    async with services.db.write() as uow:
        ticket = await register.lock_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.REVEAL)
        if sum(sign.isalnum() for sign in reason) < SHORTEST_REASON:
            raise InvalidInput("reason_wanted", least=SHORTEST_REASON, field="reason")
        await uow.session.get_one(Staff, by.id, with_for_update=True)  # of many looks at once each counts the others
        await LOOKS.check(uow.session, by.id, uow.now, "reveals_too_many")
        LOOKS.note(uow, by.id)
        shown = sorted((set(MASKS) | services.company.personal) & set(ticket.fields))
        audit.note(uow, audit.by_staff(by.id), "fields_revealed", number, reason=reason, fields=shown)
        await uow.commit()
    return dict(ticket.fields)


async def open_own(services: Services, fields: Mapping[str, Any], category: str | None, by: Staff) -> Ticket:
    """An internal ticket (C10): about another department, passed on from a customer, or an improvement.

    Raises:
        InvalidInput: the description is missing.
    """
    now = services.clock.now()
    matter = Matter(Kind.INTERNAL, dict(fields), category)
    async with services.db.write(now) as uow:
        customer = await house(services, uow)
        ticket = await open_internal(services, uow, matter, Opening(customer.id, audit.by_staff(by.id)))
        await uow.commit()
    return ticket
