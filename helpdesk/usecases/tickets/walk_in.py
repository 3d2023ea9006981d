"""What did not come by chat: a complaint or request by telephone, at the counter, by letter or by mail (C1, C8).

Whoever takes it down owns it. The caller is looked up by the number they give; they get the acknowledgement by the
ways of a notice, or printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput
from helpdesk.model.matter import Matter
from helpdesk.model.notice import Way
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Once, Staff, Ticket, new_id
from helpdesk.text.fields import Accepted, accept
from helpdesk.text.masking import last4
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle
from helpdesk.usecases.journal.numbers import next_ticket_number
from helpdesk.usecases.journal.once import once
from helpdesk.usecases.people.duty import is_complained_of
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets import register, repeats
from helpdesk.usecases.tickets.staff_registration import checked

LOOKS = Throttle("caller", most=60)
"""So many look-ups an hour: enough for a switchboard, too few to try numbers out."""
CALLERS = 5
MATTERS = 10


class Source(StrEnum):
    """How it came in."""

    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    EMAIL = "email"


@dataclass(frozen=True)
class Caller:
    """A customer under this number, and their last matters."""

    customer: Customer
    tickets: Sequence[Ticket]


@dataclass(frozen=True)
class WalkIn:
    """What was taken down. `customer_id`: who they were found to be; the same `client_id` makes no second ticket."""

    source: Source
    kind: str
    category: str | None
    fields: Mapping[str, Any]
    customer_id: str | None = None
    reach_by: Way | None = None
    client_id: str | None = None


async def callers(services: Services, phone: str, by: Staff) -> list[Caller]:
    """Who is known under a number; that somebody looked is written down (F4).

    Raises:
        InvalidInput: it is no telephone number. TooManyTries: they looked often enough for now.
    """
    now = services.clock.now()
    number = _number(services, phone, now)
    async with services.db.write(now) as uow:
        await uow.session.get_one(Staff, by.id, with_for_update=True)  # of many looks at once each counts the others
        await LOOKS.check(uow.session, by.id, now, "callers_too_many")
        LOOKS.note(uow, by.id)
        found = await _callers(uow.session, number)
        audit.note(uow, audit.by_staff(by.id), "caller_looked_up", last4(number) or "", found=len(found))
        await uow.commit()
    return found


def _number(services: Services, phone: str, now: datetime) -> str:
    judged = accept(services.company, "phone", phone, now.astimezone(services.company.profile.zone))
    if not isinstance(judged, Accepted):
        raise InvalidInput("phone_wrong", field="phone", fields=["phone"])
    return str(judged.value)


async def _callers(session: AsyncSession, number: str) -> list[Caller]:
    query = select(Customer).where(Customer.phone == number).order_by(Customer.last_seen_at.desc()).limit(CALLERS)
    return [Caller(one, await _tickets(session, one.id)) for one in (await session.scalars(query)).all()]


async def _tickets(session: AsyncSession, customer_id: str) -> Sequence[Ticket]:
    query = select(Ticket).where(Ticket.customer_id == customer_id, Ticket.kind != Kind.INTERNAL)
    return (await session.scalars(query.order_by(Ticket.created_at.desc()).limit(MATTERS))).all()


# ---------------------------------------------------------------- taken down


async def take_down(services: Services, given: WalkIn, by: Staff) -> register.Registration:
    """Open a ticket, or join the customer's open one about the same matter; the acknowledgement goes its ways.

    Raises:
        InvalidInput: a required field is missing, a value cannot be right (details.fields), or the customer who was
        chosen is not known under this number.
    """
    now = services.clock.now()
    payload = {"kind": given.kind, "category": given.category, "fields": dict(given.fields)}
    async with services.db.write(now) as uow:
        await uow.session.get_one(Staff, by.id, with_for_update=True)  # the same form sent twice at once waits here
        known = await _known(uow.session, given, by)
        if known is not None:
            return register.Registration(known.number, known.first_contact_due, known.result_due)
        matter = checked(services, Matter.parse(payload))
        customer = await _customer(uow, given, matter)
        registration, ticket = await _open(services, uow, matter, customer, by)
        if not registration.joined:
            ticket.source = given.source
        await ticket_letters.acknowledge(services, uow, ticket, audit.by_staff(by.id))
        if given.client_id:
            await once(uow, f"{_key(given, by)}{ticket.number}")
        await uow.commit()
    return registration


def _key(given: WalkIn, by: Staff) -> str:
    return f"walk_in:{by.id}:{given.client_id}:"


async def _known(session: AsyncSession, given: WalkIn, by: Staff) -> Ticket | None:
    if not given.client_id:
        return None
    key = _key(given, by)
    found = await session.scalar(select(Once.key).where(Once.key.startswith(key, autoescape=True)))
    return await session.get(Ticket, found.removeprefix(key)) if found else None


async def _customer(uow: UnitOfWork, given: WalkIn, matter: Matter) -> Customer:
    """Who they were found to be under this number, else a new customer."""
    if given.customer_id:
        found = await uow.session.get(Customer, given.customer_id, with_for_update=True)
        if found is None or found.phone is None or found.phone != matter.phone:
            raise InvalidInput("customer_other_phone", field="phone", fields=["phone"])
    else:
        found = Customer(id=new_id(), created_at=uow.now, last_seen_at=uow.now)
        uow.session.add(found)
        await uow.session.flush()
    found.reach_by, found.last_seen_at = given.reach_by or found.reach_by, uow.now
    return found


async def _open(
    services: Services, uow: UnitOfWork, matter: Matter, customer: Customer, by: Staff
) -> tuple[register.Registration, Ticket]:
    actor = audit.by_staff(by.id)
    found = assess(services, matter, uow.now)
    await register.remember_customer(uow, customer.id, matter.fields, actor)
    same = await repeats.same_of(uow, Ticket.customer_id == customer.id, matter, found.urgency)
    if same is not None:
        first, last = repeats.sooner_dates(services, same, uow.now)
        joined = register.Registration(same.number, first, last, joined=True)
        return joined, await repeats.join_ticket(services, uow, matter, joined, actor)
    number = await next_ticket_number(services, uow)
    registration = register.Registration(number, found.first_contact_due, found.result_due)
    owner = None if is_complained_of(by, matter) else by
    opening = register.Opening(customer.id, actor, owner=owner)
    return registration, await register.open_ticket(services, uow, matter, registration, opening)
