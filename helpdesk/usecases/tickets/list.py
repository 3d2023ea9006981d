"""The list of tickets, filtered and a page at a time; it stays fast with ten thousand of them. Reads only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, String, and_, cast, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import Company
from helpdesk.errors import InvalidInput
from helpdesk.model.ticket import Kind, Status
from helpdesk.store import search
from helpdesk.store.tables import Identity, Staff, Ticket
from helpdesk.text.masking import mask_fields, names_in
from helpdesk.usecases.people.rights import seen_tickets
from helpdesk.usecases.promises.overdue import RUNNING, is_overdue, is_paused

PAGE, LARGEST = 100, 200
READ = 300
"""So many masked tickets at most are read for a text; older ones are found by number, order, category."""


class Order(StrEnum):
    """How the list is sorted: the newest first, or (running ones only) the next due first."""

    NEWEST = "newest"
    DUE = "due"


@dataclass(frozen=True)
class Seen:
    """What text may be looked for in: all fields of the tickets that the asker is shown unmasked, else `legible` ones.

    `found`: the numbers of tickets that are masked for them, and whose fields have the text all the same. Whoever is
    shown a mask must not find out by asking what is behind it. `likely`: tickets whose fields may have the text, by
    the index.
    """

    unmasked: ColumnElement[bool]
    legible: Collection[str]
    found: Collection[str]
    likely: ColumnElement[bool]


@dataclass(frozen=True)
class Wanted:
    """What to look for. `status` and `kind` may name several, separated by commas; `text` is looked for in number,
    category and, as far as they are `seen`, fields; `overdue_at`: only what is late at this moment and does not wait
    for its customer."""

    status: str | None = None
    kind: str | None = None
    text: str | None = None
    sender: str | None = None
    owner_id: str | None = None
    department: str | None = None
    overdue_at: datetime | None = None
    seen: Seen | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Of a query on tickets.

        Raises:
            InvalidInput: there is no such status or kind.
        """
        if self.status:
            yield Ticket.status.in_([_checked(one, Status, "status") for one in self.status.split(",")])
        if self.kind:
            yield Ticket.kind.in_([_checked(one, Kind, "kind") for one in self.kind.split(",")])
        if self.owner_id:
            yield Ticket.owner_id == self.owner_id
        if self.department:
            yield Ticket.department == self.department
        if self.sender:
            yield Ticket.customer_id.in_(select(Identity.customer_id).where(Identity.sender == self.sender))
        if self.text:
            yield _mentions(self.text, self.seen)
        if self.overdue_at:
            yield is_overdue(self.overdue_at)


def _checked(value: str, allowed: type[Status] | type[Kind], what: str) -> str:
    if value not in set(allowed):
        raise InvalidInput("no_such_choice", value=value[:40], what=what, allowed=[str(one) for one in allowed])
    return value


def _mentions(text: str, seen: Seen | None) -> ColumnElement[bool]:
    found = [Ticket.number.icontains(text, autoescape=True), Ticket.category.icontains(text, autoescape=True)]
    if seen is not None:
        legible = [Ticket.fields[name].as_string().contains(text, autoescape=True) for name in seen.legible]
        found.append(and_(seen.likely, or_(and_(seen.unmasked, _in_fields(text)), *legible)))
        found.append(Ticket.number.in_(seen.found))
    return or_(*found)


def _in_fields(text: str) -> ColumnElement[bool]:
    """JSON columns are stored with characters beyond ASCII escaped; so is what is looked for in them."""
    return cast(Ticket.fields, String).contains(json.dumps(text)[1:-1], autoescape=True)


async def look(session: AsyncSession, by: Staff, company: Company, text: str | None) -> Seen:
    """What `by` may look for this text in. Of masked tickets the newest are read as they are shown."""
    unmasked = await seen_tickets(session, by)
    found: list[str] = []
    likely = true() if text is None or search.is_too_short(text) else search.has(session, search.TICKETS, text)
    if text:
        query = select(Ticket).where(likely, _in_fields(text), ~unmasked).order_by(Ticket.created_at.desc()).limit(READ)
        found = [one.number for one in (await session.scalars(query)).all() if _shows(company, one, text)]
    return Seen(unmasked, company.legible, found, likely)


def _shows(company: Company, ticket: Ticket, text: str) -> bool:
    shown = mask_fields(ticket.fields, company.personal, names_in(ticket.fields))
    return json.dumps(text)[1:-1] in json.dumps(shown)


def parse_order(name: str | None) -> Order:
    """Read an order's name; none is the newest first.

    Raises:
        InvalidInput: there is no such order.
    """
    if name and name not in set(Order):
        raise InvalidInput("no_such_choice", value=name[:40], what="order", allowed=[str(one) for one in Order])
    return Order(name) if name else Order.NEWEST


async def page(
    session: AsyncSession, wanted: Wanted, *, order: Order = Order.NEWEST, after: str | None = None, limit: int = PAGE
) -> Sequence[tuple[Ticket, Staff, bool]]:
    """Tickets with their owners and whether they wait for the customer; those that follow the ticket `after`.

    Raises:
        InvalidInput: there is no such status, kind, or ticket to go on from.
    """
    key = _sort_key(order)
    query = select(Ticket, Staff, is_paused()).join(Staff, Staff.id == Ticket.owner_id)
    query = query.where(*wanted.conditions(), *_of_order(order, key))
    if after:
        query = query.where(await _follows(session, order, key, after))
    by = (key.asc(), Ticket.number.asc()) if order is Order.DUE else (key.desc(), Ticket.number.desc())
    rows = await session.execute(query.order_by(*by).limit(limit))
    return [(ticket, owner, paused) for ticket, owner, paused in rows]


def _sort_key(order: Order) -> SQLColumnExpression[Any]:
    return func.coalesce(Ticket.result_due, Ticket.first_contact_due) if order is Order.DUE else Ticket.created_at


def _of_order(order: Order, key: SQLColumnExpression[Any]) -> list[ColumnElement[bool]]:
    return [Ticket.status.in_(RUNNING), key.is_not(None)] if order is Order.DUE else []


async def _follows(
    session: AsyncSession, order: Order, key: SQLColumnExpression[Any], after: str
) -> ColumnElement[bool]:
    if await session.get(Ticket, after) is None:
        raise InvalidInput("page_over", field="cursor")
    there: ScalarSelect[Any] = select(key).where(Ticket.number == after).correlate(None).scalar_subquery()
    if order is Order.DUE:
        return or_(key > there, and_(key == there, Ticket.number > after))
    return or_(key < there, and_(key == there, Ticket.number < after))


async def count(session: AsyncSession, wanted: Wanted, order: Order = Order.NEWEST) -> int:
    """How many there are in all."""
    query = select(func.count()).select_from(Ticket).where(*wanted.conditions(), *_of_order(order, _sort_key(order)))
    return await session.scalar(query) or 0
