"""What actions may look up. Nothing here changes what a person can see; who may see what is in `tickets/proofs.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Priority, TurnRef
from helpdesk.model.field import known
from helpdesk.model.ticket import CLOSED, Kind, Status
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Promise, Staff, Ticket, TicketEvent
from helpdesk.usecases.queue.position import position_in_queue
from helpdesk.usecases.tickets.proofs import may_see, prove, prove_by_contact

TAKEN_BACK_WITHIN = timedelta(days=30)
TOLD_TO_CUSTOMER = ("answer", "conclude")
AGREED = ("visit_time", "callback_time")


class HandoffOptions(TypedDict):
    """Whether a person can be reached now, and what waiting would mean. `next_open` is ISO."""

    open: bool
    staff_online: int
    next_open: str | None
    position: int
    estimate_s: int | None


@dataclass(frozen=True)
class TicketView:
    """What a customer may know of a ticket."""

    number: str
    kind: str
    kind_title: str
    status: str
    status_title: str
    promised_at: datetime | None
    updated_at: datetime
    owner_name: str
    level: str
    round: int
    last_note_for_customer: str | None
    visit_time: str = ""
    """When somebody comes, as the customer wished; empty where none was told."""
    callback_time: str = ""
    """When to call, as the customer wished."""
    product: str = ""
    about: str = ""
    """What was told of it, so that it is found by what is said of it."""


async def handoff_options(services: Services) -> HandoffOptions:
    """Opening hours, staff on duty, and the place a customer joining now would have."""
    now = services.clock.now()
    async with services.db.read() as uow:
        found = await position_in_queue(uow.session, now, joining=Priority.NORMAL)
    opens = None if services.calendar.is_open(now) else services.calendar.next_open(now)
    return HandoffOptions(
        open=services.calendar.is_open(now),
        staff_online=found.staff_online,
        next_open=opens.isoformat() if opens else None,
        position=found.position,
        estimate_s=found.estimate_s,
    )


async def find_ticket(
    services: Services, turn: TurnRef, number: str, phone_last4: str | None = None
) -> TicketView | None:
    """The ticket if this customer may see it; None for unknown and foreign numbers alike.

    Raises:
        TooManyTries: five wrong sets of digits within an hour.
    """
    number = number.strip().upper()
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        ticket = await uow.session.get(Ticket, number)
        if ticket is not None and await may_see(uow.session, conversation, ticket, services.clock.now()):
            return await view(services, uow.session, ticket)
    if phone_last4 is None:
        return None
    return await _by_digits(services, conversation, number, phone_last4)


async def _by_digits(services: Services, conversation: Conversation, number: str, digits: str) -> TicketView | None:
    async with services.db.write() as uow:
        ticket = await prove(uow, conversation, number, digits)
        found = await view(services, uow.session, ticket) if ticket is not None else None
        await uow.commit()
    return found


async def find_tickets_of(services: Services, turn: TurnRef, phone: str, surname: str) -> list[TicketView]:
    """The matters registered under this full phone number and surname, the newest first.

    Raises:
        TooManyTries: five wrong ones within an hour.
    """
    async with services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        tickets = await prove_by_contact(uow, conversation, phone, surname)
        found = [await view(services, uow.session, ticket) for ticket in tickets]
        await uow.commit()
    return found


async def view(services: Services, session: AsyncSession, ticket: Ticket) -> TicketView:
    """A ticket as its customer may read it."""
    owner = await session.get_one(Staff, ticket.owner_id)
    return TicketView(
        number=ticket.number,
        kind=ticket.kind,
        kind_title=services.wording.render(f"kind_{ticket.kind}"),
        status=ticket.status,
        status_title=services.wording.render(f"status_{ticket.status}"),
        promised_at=ticket.result_due or ticket.first_contact_due,
        updated_at=ticket.updated_at,
        owner_name=owner.name,
        level=ticket.level,
        round=ticket.round,
        last_note_for_customer=await _last_note(session, ticket.number),
        product=_said(ticket, "product"),
        about=_said(ticket, "description"),
        **{name: _said(ticket, name) for name in AGREED},
    )


def _said(ticket: Ticket, field: str) -> str:
    return str(known(ticket.fields.get(field)) or "")


async def _last_note(session: AsyncSession, number: str) -> str | None:
    query = (
        select(TicketEvent.note)
        .where(TicketEvent.number == number, TicketEvent.action.in_(TOLD_TO_CUSTOMER))
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def open_tickets(services: Services, turn: TurnRef) -> list[TicketView]:
    """The customer's tickets that are not closed, the newest first."""
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        query = (
            select(Ticket)
            .where(Ticket.customer_id == conversation.customer_id, Ticket.status.not_in(CLOSED))
            .where(Ticket.kind != "internal")
            .order_by(Ticket.created_at.desc())
        )
        tickets: Sequence[Ticket] = (await uow.session.scalars(query)).all()
        return [await view(services, uow.session, ticket) for ticket in tickets]


async def open_complaints(services: Services, turn: TurnRef) -> list[dict[str, Any]]:
    """The fields of the customer's own complaints that are under way, so that a further account can join one."""
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        query = (
            select(Ticket.fields, Ticket.category)
            .where(Ticket.customer_id == conversation.customer_id, Ticket.kind == Kind.COMPLAINT)
            .where(Ticket.status.not_in(CLOSED))
        )
        rows = (await uow.session.execute(query)).all()
    return [{**fields, "category": fields.get("category") or category} for fields, category in rows]


async def withdrawn_tickets(services: Services, turn: TurnRef) -> list[TicketView]:
    """What the customer has withdrawn lately and may take up again, the latest first."""
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        query = (
            select(Ticket)
            .where(Ticket.customer_id == conversation.customer_id, Ticket.status == Status.WITHDRAWN)
            .where(Ticket.closed_at > services.clock.now() - TAKEN_BACK_WITHIN)
            .order_by(Ticket.closed_at.desc())
        )
        return [await view(services, uow.session, ticket) for ticket in (await uow.session.scalars(query)).all()]


async def promises(services: Services, turn: TurnRef) -> list[dict[str, Any]]:
    """What this customer was promised and is still owed: [{number, kind, text, due_at}], the next due first."""
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        query = (
            select(Promise)
            .where(Promise.customer_id == conversation.customer_id, Promise.state == "open")
            .where(Promise.conversation_id.is_not(None))  # what we promised among ourselves is not theirs
            .order_by(Promise.due_at)
        )
        rows = (await uow.session.scalars(query)).all()
    return [{"number": p.ticket_number, "kind": p.kind, "text": _owed(services, p), "due_at": p.due_at} for p in rows]


def _owed(services: Services, promise: Promise) -> str:
    """A promise in words to the customer; what staff promised stands in their own."""
    key = f"owed_{promise.kind}"
    return services.wording.render(key) if key in services.wording.keys else promise.text
