"""The list of tickets, filtered and a page at a time; it stays fast with ten thousand of them. Reads only."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, and_, func, or_, select
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
FOUND = 1000
"""So many of the newest tickets that have a text are listed."""
_OF_NUMBERS = re.compile(r"[TS0-9-]+")


class Order(StrEnum):
    """How the list is sorted: the newest first, or (running ones only) the next due first."""

    NEWEST = "newest"
    DUE = "due"


@dataclass(frozen=True)
class Wanted:
    """What to look for. `status` and `kind` may name several, separated by commas; `numbers`: none but these, which
    were `find`ed; `overdue_at`: only what is late at this moment and does not wait for its customer."""

    status: str | None = None
    kind: str | None = None
    sender: str | None = None
    owner_id: str | None = None
    department: str | None = None
    overdue_at: datetime | None = None
    numbers: Collection[str] | None = None

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
        if self.numbers is not None:
            yield Ticket.number.in_(self.numbers)
        if self.overdue_at:
            yield is_overdue(self.overdue_at)


def _checked(value: str, allowed: type[Status] | type[Kind], what: str) -> str:
    if value not in set(allowed):
        raise InvalidInput("no_such_choice", value=value[:40], what=what, allowed=[str(one) for one in allowed])
    return value


async def find(session: AsyncSession, by: Staff, company: Company, wanted: Wanted, text: str) -> Set[str]:
    """The numbers of the newest tickets that have the text in number, category or what `by` may read of the fields."""
    conditions = list(wanted.conditions())
    plain: list[ColumnElement[bool]] = [
        Ticket.category.in_([one for one in company.complaints.categories if text.lower() in one])
    ]
    if _OF_NUMBERS.fullmatch(text.upper()):
        plain.append(Ticket.number.contains(text.upper(), autoescape=True))
    found = await _in_fields_of(session, by, company, conditions, text)
    for either in plain:
        query = select(Ticket.number).where(either, *conditions).order_by(Ticket.created_at.desc()).limit(FOUND)
        found |= set((await session.scalars(query)).all())
    return found


async def _in_fields_of(
    session: AsyncSession, by: Staff, company: Company, conditions: Sequence[ColumnElement[bool]], text: str
) -> set[str]:
    """Whoever is shown a mask must not find out by asking what is behind it: there it is looked for in what they are
    shown, of the newest, and of the others in the fields that everybody reads."""
    is_open = (await seen_tickets(session, by)).label("is_open")
    found: set[str] = set()
    for places in search.registered(session, text):
        query = select(Ticket.number, Ticket.fields, is_open).join(places, places.c.key == Ticket.number)
        query = query.where(*conditions).order_by(places.c.place.desc()).limit(FOUND)
        found |= set(_readable(company, (await session.execute(query)).all(), text))
        if len(found) >= search.MANY_LATELY:
            break
    return found


def _readable(company: Company, rows: Iterable[Any], text: str) -> Iterator[str]:
    masked = 0
    for number, fields, is_open in rows:
        masked += not is_open
        if is_open or (_shows(company, fields, text) if masked <= READ else _tells(company, fields, text)):
            yield number


def _tells(company: Company, fields: Mapping[str, Any], text: str) -> bool:
    return any(text in str(fields[name]) for name in company.legible if name in fields)


def _shows(company: Company, fields: Mapping[str, Any], text: str) -> bool:
    shown = mask_fields(fields, company.personal, names_in(fields))
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
