"""What staff do with a ticket besides moving it: note, contact, hand on, look at masked values, open their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk.errors import Conflict
from helpdesk.model.masking import SENSITIVE
from helpdesk.model.matter import Matter
from helpdesk.model.promise import PromiseKind
from helpdesk.model.say import Say
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Customer, Staff, Ticket
from helpdesk.usecases import audit, promises, tickets
from helpdesk.usecases.internal import open_internal
from helpdesk.usecases.promises import due_words
from helpdesk.usecases.speak import say
from helpdesk.usecases.transitions import active_staff, contacted, locked_ticket

HOUSE = "house"
"""The customer of internal tickets: our own house (内部客户)."""

REACHED = {PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK}


async def note_ticket(services: Services, number: str, text: str, by: Staff) -> Ticket:
    """A remark on the timeline; the customer does not see it.

    Raises:
        NotFound.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        tickets.add_event(uow, ticket, "note", audit.by_staff(by.id), now, note=text)
        tickets.touch(uow, ticket, now)
        await uow.commit()
    return ticket


async def contact_customer(services: Services, number: str, channel: str, text: str, by: Staff) -> Ticket:
    """The customer was reached outside the chat (by phone, at home): first contact and call-back are kept.

    Raises:
        NotFound. Conflict: the ticket is closed.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        _require_open(ticket)
        await contacted(uow, ticket, now, REACHED)
        tickets.add_event(uow, ticket, "contacted", audit.by_staff(by.id), now, note=text, detail={"channel": channel})
        tickets.touch(uow, ticket, now)
        await uow.commit()
    return ticket


def _require_open(ticket: Ticket) -> None:
    if ticket.status in CLOSED:
        raise Conflict("工单已经结束", status=ticket.status)


async def hand_on(services: Services, number: str, to: str, text: str | None, by: Staff) -> Ticket:
    """Give a ticket to a colleague, who owns it and its promises from now on; it is never without an owner (C8).

    Raises:
        NotFound. Conflict: it is closed. InvalidInput: there is no such colleague.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        _require_open(ticket)
        other = await active_staff(uow, to)
        detail = {"from_owner": ticket.owner_id, "to_owner": other.id}
        ticket.owner_id = other.id
        await promises.hand_on(uow, ticket)
        tickets.add_event(uow, ticket, "handed_on", audit.by_staff(by.id), now, note=text, detail=detail)
        tickets.touch(uow, ticket, now)
        await _introduce(services, uow, ticket, other, now)
        await uow.commit()
    return ticket


async def _introduce(services: Services, uow: UnitOfWork, ticket: Ticket, owner: Staff, now: datetime) -> None:
    """The customer is told who has it now."""
    if ticket.conversation_id is None or ticket.kind == Kind.INTERNAL:
        return
    conversation = await lock_conversation(uow.session, ticket.conversation_id)
    text = services.wording.render(
        "ticket_handed_on",
        variant_seed=f"{ticket.number}:{ticket.version}",
        number=ticket.number,
        kind=services.wording.render(f"kind_{ticket.kind}"),
        owner=services.wording.render("staff_title", name=owner.name, number=owner.number),
        due=due_words(services, ticket.result_due or ticket.first_contact_due or now),
    )
    custom = {"kind": "ticket_status", "number": ticket.number, "status": ticket.status}
    await say(uow, conversation, [Say(text, custom=custom)], answers=None, in_reply_to=[], now=now)


async def reveal(services: Services, number: str, reason: str, by: Staff) -> dict[str, Any]:
    """The fields of a ticket unmasked; who looked, when and why is in the audit (F4).

    Raises:
        NotFound.
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        ticket = await tickets.lock_ticket(uow, number)
        shown = sorted(SENSITIVE & set(ticket.fields))
        audit.note(uow, audit.by_staff(by.id), "fields_revealed", number, now, reason=reason, fields=shown)
        await uow.commit()
    return dict(ticket.fields)


async def open_own(services: Services, fields: Mapping[str, Any], category: str | None, by: Staff) -> Ticket:
    """An internal ticket (C10): about another department, passed on from a customer, or an improvement.

    Raises:
        InvalidInput: the description is missing.
    """
    now = services.clock.now()
    matter = Matter(Kind.INTERNAL, dict(fields), category)
    async with services.db.write() as uow:
        house = await _house(services, uow, now)
        ticket = await open_internal(services, uow, matter, house.id, audit.by_staff(by.id), now)
        await uow.commit()
    return ticket


async def _house(services: Services, uow: UnitOfWork, now: datetime) -> Customer:
    found = await uow.session.get(Customer, HOUSE)
    if found is None:
        found = Customer(id=HOUSE, name=services.company.profile.name, created_at=now, last_seen_at=now)
        uow.session.add(found)
        await uow.session.flush()
    return found
