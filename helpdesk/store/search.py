"""Words are looked up in what was said, registered and is known of customers, by pairs of neighbouring characters.

Chinese has no gaps between words, and two characters are a word already. The indexes are the databases' own (migration
0014), so that nothing which writes has to think of them; a table that is ever made anew needs its triggers again.
SQLite gives the newest places first and stops when there are enough of them. PostgreSQL has to fetch all places before
it can sort them; so what was said last is read through first, and a word that is rare there is looked up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Select,
    String,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.store.tables import Base, Conversation, Customer, Message, Ticket, UtcDateTime

SHORTEST = 2
PLACES = 5000
"""So many of the newest places of a text are looked at; conditions on them are tried on no others."""
ENOUGH = 1000
"""So many of them are given."""
LATELY, MANY_LATELY = 5000, 100
"""So many of the last messages PostgreSQL reads through first; with so many of them its index is not asked."""


@dataclass(frozen=True)
class Source:
    """A table that is searched, and its key."""

    table: type[Base]
    key: InstrumentedAttribute[str]

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)


MESSAGES = Source(Message, Message.id)
TICKETS = Source(Ticket, Ticket.number)
CUSTOMERS = Source(Customer, Customer.id)
Conditions = Collection[ColumnElement[bool]]
_TRUTH = Boolean()
SAID: Select[Any] = select(Message.id, Message.conversation_id, Message.text)  # type: ignore[assignment]
"""What a `Place` is made of."""
_SAID_WHEN: Select[Any] = select(Message.id, Message.conversation_id, Message.text, Message.at)  # type: ignore[assignment]


def is_too_short(text: str) -> bool:
    """Whether a text has no pair of characters that could be looked up."""
    return len(text.strip()) < SHORTEST or not any(sign.isalnum() for sign in text)


def has(session: AsyncSession, source: Source, text: str) -> ColumnElement[bool]:
    """Rows of a source that may have the text: whoever shows them looks once more."""
    if _is_sqlite(session):
        rows = _rows_of(source)
        return source.key.in_(select(rows.c.key).where(rows.c.id.in_(_places(source, text))))
    return _has_pairs(source, text)


@dataclass(frozen=True)
class Place:
    """Where a text was said."""

    message_id: str
    conversation_id: str
    words: str


@dataclass(frozen=True)
class Asked:
    """A text, and where it is looked for: in conversations that meet the `conditions`, in messages whose moment is
    `between` what it was asked for, older than the message `before`."""

    text: str
    conditions: Conditions = ()
    between: Callable[[Any], Iterable[ColumnElement[bool]]] = lambda _moment: ()
    before: Message | None = None


async def said(session: AsyncSession, asked: Asked) -> list[Place]:
    """Messages that may have the text, the newest first."""
    if not _is_sqlite(session):
        lately = await _all(session, _said_lately(asked))
        if len(lately) >= MANY_LATELY:
            return lately
    return await _all(session, through_index(session, asked))


async def _all(session: AsyncSession, query: Select[Any]) -> list[Place]:
    return [Place(*row) for row in await session.execute(query.limit(ENOUGH))]


def through_index(session: AsyncSession, asked: Asked) -> Select[Any]:
    """The query that asks the database's index for messages with the text."""
    return _said_sqlite(asked) if _is_sqlite(session) else _said_ever(asked)


def _of_talks(query: Select[Any], conversation_id: Any, asked: Asked) -> Select[Any]:
    """Without conditions on conversations nobody reads them."""
    if not asked.conditions:
        return query
    return query.join(Conversation, Conversation.id == conversation_id).where(*asked.conditions)


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def registered(session: AsyncSession, text: str) -> list[CTE]:
    """Tickets with a text somewhere in their fields, and what sorts the newest last (`key`, `place`): each of these is
    asked only where those before it found few."""
    newest = select(Ticket.number.label("key"), Ticket.created_at.label("place"), Ticket.fields)
    lately = newest.order_by(Ticket.created_at.desc()).limit(LATELY)
    if is_too_short(text):
        return [_with(text, lately)]
    if not _is_sqlite(session):
        return [_with(text, lately), _with(text, newest.where(_has_pairs(TICKETS, text)).limit(PLACES))]
    rows, some = _rows_of(TICKETS), _places(TICKETS, text).order_by(literal_column("rowid").desc()).limit(PLACES)
    places = some.subquery("places")
    ever = select(rows.c.key, places.c.place, Ticket.fields).select_from(places)
    return [_with(text, ever.join(rows, rows.c.id == places.c.place).join(Ticket, Ticket.number == rows.c.key))]


def _with(text: str, tickets: Select[Any]) -> CTE:
    """JSON columns are stored with characters beyond ASCII escaped; so is what is looked for in them. The text is
    looked for in these tickets first: PostgreSQL would rather look in all."""
    some = tickets.subquery("some")
    found = select(some.c.key, some.c.place)
    has_it = cast(some.c.fields, String).contains(json.dumps(text)[1:-1], autoescape=True)
    return found.where(has_it).cte("registered").prefix_with("MATERIALIZED", dialect="postgresql")


# ---------------------------------------------------------------- SQLite


def _rows_of(source: Source) -> Any:
    return table(f"{source.name}_search_rows", column("id"), column("key"))


def _places(source: Source, text: str) -> Select[Any]:
    """Ids of its rows; a phrase of pairs is the text itself."""
    name = f"{source.name}_search"
    is_there = literal_column(name).op("MATCH")(_phrase(text))
    return select(column("rowid").label("place")).select_from(table(name)).where(type_coerce(is_there, _TRUTH))


def _phrase(text: str) -> str:
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return '"' + " ".join(pairs).replace('"', '""').replace("\0", " ") + '"'


def _said_sqlite(asked: Asked) -> Select[Any]:
    rows = _rows_of(MESSAGES)
    newest = _places(MESSAGES, asked.text).order_by(literal_column("rowid").desc()).limit(PLACES)
    if asked.before:
        older = select(rows.c.id).where(rows.c.key == asked.before.id).scalar_subquery()
        newest = newest.where(literal_column("rowid") < older)
    places = newest.subquery("places")
    query = SAID.select_from(places).join(rows, rows.c.id == places.c.place).join(Message, Message.id == rows.c.key)
    query = query.where(*asked.between(Message.at)).order_by(places.c.place.desc())
    return _of_talks(query, Message.conversation_id, asked)


# ---------------------------------------------------------------- PostgreSQL


def _has_pairs(source: Source, text: str) -> ColumnElement[bool]:
    pairs: Any = func.search_pairs(_words_of(source))
    return type_coerce(pairs.op("@>")(func.search_pairs(cast(text, String))), _TRUTH)


def _words_of(source: Source) -> Any:
    """As its index has it (migration 0014)."""
    if source is TICKETS:
        return func.search_words(Ticket.fields)
    if source is CUSTOMERS:
        gap: Any = literal_column("' / '")
        none: Any = literal_column("''")
        name, phone, email = (func.coalesce(one, none) for one in (Customer.name, Customer.phone, Customer.email))
        return name.op("||")(gap).op("||")(phone).op("||")(gap).op("||")(email)
    return Message.text


def _said_lately(asked: Asked) -> Select[Any]:
    return _in_order(_older(_SAID_WHEN, asked).order_by(Message.at.desc(), Message.id.desc()).limit(LATELY), asked)


def _said_ever(asked: Asked) -> Select[Any]:
    return _in_order(_older(_SAID_WHEN, asked).where(_has_pairs(MESSAGES, asked.text)).limit(PLACES), asked)


def _older(query: Select[Any], asked: Asked) -> Select[Any]:
    query = query.where(*asked.between(Message.at))
    if asked.before is None:
        return query
    last = tuple_(literal(asked.before.at, UtcDateTime), literal(asked.before.id))
    return query.where(tuple_(Message.at, Message.id) < last)


def _in_order(query: Select[Any], asked: Asked) -> Select[Any]:
    """Those of some messages that do have the text, the newest first."""
    some = query.cte("some").prefix_with("MATERIALIZED")
    contains = func.strpos(func.lower(some.c.text), func.lower(cast(asked.text, String))) > 0
    found = select(some.c.id, some.c.conversation_id, some.c.text).where(contains)
    return _of_talks(found.order_by(some.c.at.desc(), some.c.id.desc()), some.c.conversation_id, asked)
