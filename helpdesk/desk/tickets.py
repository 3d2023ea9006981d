"""Tickets and promises."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import matter_views, views
from helpdesk.desk.access import TEXT_LIMIT, Clean, Filled, Filter, Given, Id, Moment, Who, parse_flag
from helpdesk.model.rights import Deed, Part, deeds, may
from helpdesk.model.ticket import Finding
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Promise, Staff, Ticket
from helpdesk.text.fields import shown
from helpdesk.text.masking import names_in
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.letters import letters, notices
from helpdesk.usecases.people import rights
from helpdesk.usecases.promises import pauses, promises, warnings
from helpdesk.usecases.queue import lookup
from helpdesk.usecases.tickets import compensations, investigators, register
from helpdesk.usecases.tickets import work as ticket_work
from helpdesk.usecases.tickets.customer_words import words_of
from helpdesk.usecases.tickets.step import Step
from helpdesk.usecases.tickets.transitions import parse_action, transition

router = APIRouter(tags=["tickets"])


class Move(BaseModel):
    """accept, investigate, answer, correct, satisfy, reinvestigate, conclude, withdraw or resume, with its reasons.

    `finding` of a result: justified (if nothing is said) or unfounded. `force` sends a letter whose language
    was found wanting; that is recorded. `message_id`: the customer's own words (`customer_words`), which satisfy and
    withdraw need unless a supervisor gives a reason in `note`.
    """

    action: Clean = Field(max_length=32)
    note: Clean | None = Field(None, max_length=TEXT_LIMIT)
    cause: Clean | None = Field(None, max_length=TEXT_LIMIT)
    corrective_action: Clean | None = Field(None, max_length=TEXT_LIMIT)
    version: int | None = None
    to: Clean | None = Field(None, max_length=64)
    finding: Finding | None = None
    force: bool = False
    message_id: Clean | None = Field(None, min_length=1, max_length=64)

    def step(self) -> Step:
        """The same for the use-case."""
        return Step(**{**self.model_dump(), "action": parse_action(self.action)})


class Remark(BaseModel):
    """A note on the timeline."""

    text: Filled = Field(max_length=TEXT_LIMIT)


class Contact(BaseModel):
    """How the customer was reached and what came of it."""

    channel: Filled = Field("phone", max_length=32)
    text: Filled = Field(max_length=TEXT_LIMIT)


class Reason(BaseModel):
    """Why somebody looks at masked values."""

    reason: Filled = Field(max_length=500)


class InternalMatter(BaseModel):
    """An internal ticket: what it is about, and which department's work."""

    description: Filled = Field(max_length=TEXT_LIMIT)
    category: Clean | None = Field(None, max_length=64)
    about: Clean | None = Field(None, max_length=64)


class Postponement(BaseModel):
    """A new date, told to the customer before the old one is missed."""

    due_at: Moment
    reason: Filled = Field(max_length=500)


@router.post("/tickets", status_code=201)
async def open_internal(body: InternalMatter, services: Given, who: Who) -> views.TicketDetail:
    """Open an internal ticket; it is answered within a working day with a plan and a date."""
    fields = {"description": body.description, **({"about": body.about} if body.about else {})}
    ticket = await ticket_work.open_own(services, fields, body.category, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.get("/tickets/{number}")
async def detail(number: Id, services: Given, who: Who) -> views.TicketDetail:
    """A ticket with its timeline and promises."""
    return await detail_of(services, number, who.staff)


async def detail_of(services: Services, number: str, viewer: Staff) -> views.TicketDetail:
    """A ticket with all that belongs to it, masked for who is not in charge.

    Raises:
        NotFound.
    """
    async with services.db.read() as uow:
        ticket, owner = await lookup.ticket(uow.session, number)
        values = views.ticket_values(services, ticket, owner, viewer)
        return views.TicketDetail(
            **values, **await _belongings(services, uow, ticket, viewer, masked=bool(values["masked"]))
        )


async def _belongings(
    services: Services, uow: UnitOfWork, ticket: Ticket, viewer: Staff, *, masked: bool
) -> dict[str, Any]:
    parts = await rights.parts(services, uow.session, ticket, viewer)
    customer = await uow.session.get_one(Customer, ticket.customer_id)
    names = names_in(ticket.fields, {"name": customer.name})
    hide = views.Hide(masked, services.company.personal, names)
    events = await register.timeline(uow, ticket.number)
    promised = await promises.of_ticket(uow.session, ticket.number)
    waited = await pauses.of_ticket(uow.session, ticket.number)
    return {
        "timeline": [views.event_view(services, event, hide) for event in events],
        "promises": [
            views.promise_view(one, hide, parts | ({Part.OWNER} if one.owner_id == viewer.id else set()))
            for one in promised
        ],
        "letters": await _letters(uow, ticket, hide),
        "compensations": [
            matter_views.compensation_view(
                one, hide.text, parts | ({Part.AUTHOR} if one.proposed_by == viewer.id else set())
            )
            for one in await compensations.of_ticket(uow, ticket.number)
        ],
        "investigators": matter_views.investigator_views(await investigators.of_ticket(uow, ticket.number)),
        "pauses": [matter_views.pause_view(pause, hide.text) for pause in waited],
        "paused": any(pause.until is None for pause in waited),
        "warnings": await warnings.of_ticket(services, uow.session, ticket, services.clock.now()),
        "may": deeds(parts),
        "customer_words": [views.words_view(one, hide) for one in await words_of(uow.session, ticket)],
    }


async def _letters(uow: UnitOfWork, ticket: Ticket, hide: views.Hide) -> list[matter_views.LetterView]:
    written = await letters.letters_of(uow, ticket.number)
    ways = await letters.deliveries_of(uow, written)
    followed = await notices.of_ticket(uow.session, ticket.number)
    return [matter_views.letter_view(one, ways.get(one.id), hide.text, followed.get(one.id)) for one in written]


@router.post("/tickets/{number}/transitions")
async def move(number: Id, body: Move, services: Given, who: Who) -> views.TicketDetail:
    """Move a ticket; the customer is told."""
    ticket = await transition(services, number.upper(), body.step(), who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/notes", status_code=201)
async def note(number: Id, body: Remark, services: Given, who: Who) -> views.TicketDetail:
    """A remark for colleagues."""
    ticket = await ticket_work.note_ticket(services, number.upper(), body.text, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/contacts", status_code=201)
async def contact(number: Id, body: Contact, services: Given, who: Who) -> views.TicketDetail:
    """The customer was reached by phone or in person."""
    ticket = await ticket_work.contact_customer(services, number.upper(), body.channel, body.text, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/reveal")
async def reveal(number: Id, body: Reason, services: Given, who: Who) -> dict[str, Any]:
    """The fields unmasked; the look is recorded."""
    fields = await ticket_work.reveal(services, number.upper(), body.reason, who.staff)
    return {"fields": shown(services.wording, fields)}


@router.get("/promises")
async def ledger(services: Given, who: Who, state: Filter = None, mine: Filter = None) -> list[views.PromiseView]:
    """The ledger of promises, the next due first."""
    owner_id = who.staff.id if parse_flag(mine) else None
    async with services.db.read(much=True) as uow:
        rows = await promises.list_promises(uow.session, clean(state) if state else None, owner_id)
        theirs = await promises.parts_of_each(services, uow.session, rows, who.staff)
    return [_promise(one, parts) for one, parts in zip(rows, theirs, strict=True)]


async def promise_of(services: Services, uow: UnitOfWork, promise: Promise, viewer: Staff) -> views.PromiseView:
    """A promise as somebody sees it."""
    parts = await promises.parts_of(services, uow.session, promise, await promises.ticket_of(uow, promise), viewer)
    return _promise(promise, parts)


def _promise(promise: Promise, parts: Set[Part]) -> views.PromiseView:
    return views.promise_view(promise, views.Hide(not may(Deed.SEE_CONTACT, parts)), parts)


@router.post("/promises/{promise_id}/postpone")
async def postpone(promise_id: Id, body: Postponement, services: Given, who: Who) -> views.PromiseView:
    """A new date for a promise that will be missed, and why."""
    due_at: datetime = body.due_at
    promise = await promises.postpone(services, promise_id, due_at, body.reason, who.staff)
    async with services.db.read() as uow:
        return await promise_of(services, uow, promise, who.staff)
