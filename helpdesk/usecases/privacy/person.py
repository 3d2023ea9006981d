"""A person: the customers that are one, what we know them by, and who else has the same number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import Company
from helpdesk.model import dialogue
from helpdesk.model.field import known
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.store.holdings import HOLDINGS, Holding, belongs
from helpdesk.store.tables import Conversation, Customer, Draft, Promise, Ticket
from helpdesk.usecases.tickets.internal import HOUSE
from zhtext.values.names import TITLES

CONTACTS = ("name", "phone", "email")
SHORTEST_NUMBER, SHORTEST_NAME, LONGEST_SURNAME = 7, 2, 2


@dataclass(frozen=True)
class Overview:
    """What there is of a person: rows a table, and matters that are still open."""

    counts: Mapping[str, int]
    open_tickets: tuple[str, ...]
    open_promises: int
    talks: tuple[str, ...]
    """Ids of conversations in which a person serves them, or is waited for."""


async def overview(session: AsyncSession, customers: Sequence[str], but: str | None = None) -> Overview:
    """What an export holds and a deletion would end; `but`: the ticket that asks for it."""
    counts = {holding.name: await _count(session, holding, customers) for holding in HOLDINGS}
    tickets = select(Ticket.number).where(
        Ticket.customer_id.in_(customers), Ticket.status.not_in(CLOSED), Ticket.kind != Kind.INTERNAL
    )
    talks = select(Conversation.id).where(
        Conversation.customer_id.in_(customers), Conversation.state.in_(("waiting", "staff"))
    )
    promises = select(func.count()).where(
        Promise.customer_id.in_(customers), Promise.state == "open", Promise.ticket_number.is_(None)
    )
    return Overview(
        {name: count for name, count in counts.items() if count},
        tuple(sorted(number for number in (await session.scalars(tickets)).all() if number != but)),
        int(await session.scalar(promises) or 0),
        tuple((await session.scalars(talks)).all()),
    )


async def _count(session: AsyncSession, holding: Holding, customers: Sequence[str]) -> int:
    query = select(func.count()).select_from(holding.table).where(belongs(holding, customers))
    return int(await session.scalar(query) or 0)


async def namesakes(session: AsyncSession, ticket: Ticket) -> Sequence[Customer]:
    """Other customers who gave the number that a ticket gives: perhaps the same person, perhaps not."""
    told = known(ticket.fields.get("phone"))
    customer = await session.get_one(Customer, ticket.customer_id)
    phones = {one for one in (_digits(told), _digits(customer.phone)) if len(one) >= SHORTEST_NUMBER}
    if not phones:
        return []
    query = select(Customer).where(Customer.phone.is_not(None), Customer.id.not_in((ticket.customer_id, HOUSE)))
    query = query.where(func.replace(func.replace(Customer.phone, " ", ""), "-", "").in_(phones))
    return (await session.scalars(query.order_by(Customer.created_at))).all()


def _digits(value: Any) -> str:
    return re.sub(r"\D", "", str(value or "").split("（", 1)[0])


# ---------------------------------------------------------------- what they are known by


async def traces(session: AsyncSession, company: Company, customers: Sequence[str]) -> frozenset[str]:
    """What tells this person wherever it stands: full names, numbers, addresses as they were told."""
    found: set[str] = set()
    for values in await _told(session, customers):
        for name in (*CONTACTS, *company.personal):
            found.update(_tells(known(values.get(name))))
    return frozenset(found)


async def _told(session: AsyncSession, customers: Sequence[str]) -> list[Mapping[str, Any]]:
    rows = (await session.scalars(select(Customer).where(Customer.id.in_(customers)))).all()
    fields = (await session.scalars(select(Ticket.fields).where(Ticket.customer_id.in_(customers)))).all()
    slots = (await session.scalars(select(Draft.slots).where(Draft.customer_id.in_(customers)))).all()
    states = await session.scalars(select(Conversation.dialogue).where(Conversation.customer_id.in_(customers)))
    return [
        *({name: getattr(row, name) for name in CONTACTS} for row in rows),
        *fields,
        *slots,
        *(dialogue.slots(state) for state in states),
    ]


def _tells(value: Any) -> Iterator[str]:
    """The ways in which a value is written, if it is nobody else's: 王女士 may be anybody."""
    text = str(value or "").split("（", 1)[0].strip()
    digits = _digits(text)
    if len(digits) >= SHORTEST_NUMBER:
        yield from {text, digits, *_spaced(digits)}
    elif _is_full_name(text):
        yield text


def _is_full_name(text: str) -> bool:
    is_surname = text.endswith(TITLES) and len(text) <= SHORTEST_NAME + LONGEST_SURNAME
    return not is_surname and len(text) >= SHORTEST_NAME + text.isascii()


def _spaced(digits: str) -> Iterator[str]:
    if len(digits) == 11:
        yield from (sign.join((digits[:3], digits[3:7], digits[7:])) for sign in (" ", "-"))


def without(value: Any, told: Collection[str]) -> Any:
    """A value of a row in which these traces are stars."""
    if isinstance(value, str):
        for one in sorted(told, key=len, reverse=True):
            value = value.replace(one, "*" * min(len(one), 3))
        return value
    if isinstance(value, list):
        return [without(one, told) for one in value]
    if isinstance(value, dict):
        return {name: without(one, told) for name, one in value.items()}
    return value
