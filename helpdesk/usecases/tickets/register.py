"""Tickets: opened once, owned always, moved by one table, told to the customer at each change (C4, C5, C8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.errors import NotFound
from helpdesk.model.conversation import State
from helpdesk.model.matter import Matter
from helpdesk.model.promise import PromiseKind
from helpdesk.model.ticket import Kind, Status, require_fields
from helpdesk.model.timeline import Line, Standing, with_changes
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Customer, Staff, Ticket, TicketEvent
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import Search, choose_owner, is_complained_of
from helpdesk.usecases.promises import promises
from helpdesk.usecases.promises.due import CALL_BACK_KINDS, Assessment, assess

BASICS = ("description",)


@dataclass(frozen=True)
class Registration:
    """What was reserved for a ticket when the customer was told of it; ISO datetimes in `as_result`."""

    number: str
    first_contact_due: datetime | None
    result_due: datetime | None
    joined: bool = False

    @property
    def promised_at(self) -> datetime | None:
        """The date the customer is told."""
        return self.result_due or self.first_contact_due

    def as_result(self) -> dict[str, Any]:
        """The effect's result: {number, promised_at, first_contact_at, result_at, joined}."""
        return {
            "number": self.number,
            "promised_at": _iso(self.promised_at),
            "first_contact_at": _iso(self.first_contact_due),
            "result_at": _iso(self.result_due),
            "joined": self.joined,
        }

    @classmethod
    def from_result(cls, result: Mapping[str, Any]) -> Registration:
        """Read back what `as_result` wrote."""
        first, last = _moment(result["first_contact_at"]), _moment(result["result_at"])
        return cls(result["number"], first, last, result["joined"])


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def check_fields(services: Services, matter: Matter, urgency: Urgency) -> None:
    """Every required field has a value. In danger, and for a message left with us, the bare account is enough.

    Raises:
        InvalidInput: with the missing names in its details.
    """
    if urgency is Urgency.SAFETY or matter.kind is Kind.OFFLINE_MESSAGE:
        require_fields(BASICS, matter.fields)
        return
    specs = services.company.fields
    names = services.company.required_fields(matter.kind, matter.fields)
    require_fields([(name, *specs[name].alternatives) for name in names], matter.fields)


@dataclass(frozen=True)
class Opening:
    """Whose ticket is opened, by whom and where; without an `owner` whoever is on duty for it has it."""

    customer_id: str
    actor: str
    conversation: Conversation | None = None
    owner: Staff | None = None


async def open_ticket(
    services: Services, uow: UnitOfWork, matter: Matter, registration: Registration, opening: Opening
) -> Ticket:
    """Store a ticket with its first event and its promises."""
    found = assess(services, matter, uow.now)
    owner = opening.owner or await first_contact(services, uow, matter, found, opening.conversation)
    ticket = _new_ticket(matter, registration, found, replace(opening, owner=owner), uow.now)
    uow.session.add(ticket)
    await uow.session.flush()
    add_event(uow, ticket, Line("registered", opening.actor, note=matter.summary), moved=True)
    promise_dates(services, uow, ticket, opening.actor)
    uow.announce("ticket", number=ticket.number)
    return ticket


async def first_contact(
    services: Services,
    uow: UnitOfWork,
    matter: Matter,
    found: Assessment,
    conversation: Conversation | None,
) -> Staff:
    """Whoever serves the customer owns the matter, unless it is about them; else whoever is on duty for it."""
    if conversation is not None and conversation.state == State.STAFF and conversation.staff_id:
        serving = await uow.session.get_one(Staff, conversation.staff_id)
        if not is_complained_of(serving, matter):
            return serving
    return await choose_owner(services, uow, Search(matter, found.department))


def _new_ticket(
    matter: Matter,
    registration: Registration,
    found: Assessment,
    opening: Opening,
    now: datetime,
) -> Ticket:
    assert opening.owner is not None
    return Ticket(
        number=registration.number,
        kind=matter.kind,
        status=Status.REGISTERED,
        level="department",
        round=1,
        urgency=found.urgency,
        category=matter.category,
        department=found.department,
        owner_id=opening.owner.id,
        customer_id=opening.customer_id,
        conversation_id=opening.conversation.id if opening.conversation else None,
        fields=dict(matter.fields),
        first_contact_due=registration.first_contact_due,
        result_due=registration.result_due,
        created_at=now,
        updated_at=now,
        version=1,
    )


def promise_dates(
    services: Services, uow: UnitOfWork, ticket: Ticket, made_by: str, *, first_again: bool = True
) -> None:
    """A ticket's due times are promises: the first contact (or the call) and the result."""
    called = ticket.kind in CALL_BACK_KINDS
    first = PromiseKind.CALLBACK if called else PromiseKind.FIRST_CONTACT
    dates = {first: ticket.first_contact_due if first_again else None, PromiseKind.RESULT: ticket.result_due}
    for kind, due_at in dates.items():
        if due_at is not None:
            text = services.wording.render(f"promise_{kind}")
            promises.make_promise(uow, ticket, promises.Given(kind, text, due_at, made_by))


def add_event(
    uow: UnitOfWork, ticket: Ticket, line: Line, *, before: Standing | None = None, moved: bool = False
) -> None:
    """One line of the timeline; nothing is ever changed or removed there.

    Give `before`, the ticket's standing until now, wherever owner, department, level, round or urgency may
    have changed: the timeline alone must tell where every ticket stands. `moved`: from one status to another,
    or registered; without `before` it is the first line and tells everything.
    """
    after, detail = Standing.of(ticket), line.detail
    if before is not None or moved:
        detail = with_changes(detail, before, after)
    uow.session.add(
        TicketEvent(
            number=ticket.number,
            at=uow.now,
            actor=line.actor,
            action=line.action,
            from_status=before.status if before and moved else None,
            to_status=after.status if moved else None,
            note=line.note,
            detail=dict(detail) if detail else None,
        )
    )


def touch(uow: UnitOfWork, ticket: Ticket) -> None:
    """Every change raises the version and is announced."""
    ticket.updated_at = uow.now
    ticket.version += 1
    uow.announce("ticket", number=ticket.number)


async def lock_ticket(uow: UnitOfWork, number: str) -> Ticket:
    """The ticket as it is now, its row locked until the unit ends.

    Raises:
        NotFound: no such ticket.
    """
    query = select(Ticket).where(Ticket.number == number).with_for_update().execution_options(populate_existing=True)
    found = await uow.session.scalar(query)
    if found is None:
        raise NotFound("ticket_not_found", number=number)
    return found


async def timeline(uow: UnitOfWork, number: str) -> Sequence[TicketEvent]:
    """A ticket's events, oldest first."""
    query = select(TicketEvent).where(TicketEvent.number == number).order_by(TicketEvent.id)
    return (await uow.session.scalars(query)).all()


async def remember_customer(uow: UnitOfWork, customer_id: str, fields: Mapping[str, Any], actor: str) -> None:
    """Keep name, phone and mail in the customer's file; what changes is noted with its old value (F1)."""
    customer = await uow.session.get_one(Customer, customer_id)
    changed = {}
    for name in ("name", "phone", "email"):
        value = fields.get(name)
        if isinstance(value, str) and value and value != getattr(customer, name):
            changed[name] = getattr(customer, name)
            setattr(customer, name, value[:255])
    if any(old is not None for old in changed.values()):
        audit.note(uow, actor, "customer_changed", customer_id, before=changed)
