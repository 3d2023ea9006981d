"""The list of customers' files, and what one of them holds. Reads only.

Whoever is shown a mask does not find what is behind it: names and numbers are looked up only in files that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model import customer as model
from helpdesk.model.customer import Class
from helpdesk.model.place import Place
from helpdesk.model.rights import Deed, by_role, may
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.services import Services
from helpdesk.store import search
from helpdesk.store.tables import Audit, Conversation, Customer, CustomerMerge, Identity, Promise, Staff, Ticket
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets.internal import HOUSE

PAGE, LARGEST = 50, 200
PROMISES, CHANGES, TWINS = 20, 30, 10
LOOKED_AT = "customer_seen"
"""The audit line of who was shown a file with its names and numbers (F4)."""
HAS_A_NAME = or_(Customer.name.is_not(None), Customer.phone.is_not(None), Customer.email.is_not(None))
IS_A_FILE = and_(HAS_A_NAME, Customer.merged_into.is_(None), Customer.id != HOUSE)
"""A visitor of whom nothing is known has no file yet."""


@dataclass(frozen=True)
class Wanted:
    """Conditions on files; `stale_before`: nobody came and nobody looked through it since; `unkept`: nobody keeps."""

    text: str | None = None
    keeper_id: str | None = None
    tier: str | None = None
    class_: str | None = None
    stale_before: datetime | None = None
    unkept: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Of a query on customers.

        Raises:
            InvalidInput: there is no such class.
        """
        if self.keeper_id:
            yield Customer.keeper_id == self.keeper_id
        if self.unkept:
            yield Customer.keeper_id.is_(None)
        if self.tier:
            yield Customer.tier == self.tier
        if self.class_:
            yield _is_of(self.class_)
        if self.stale_before:
            yield stale(self.stale_before)


def stale(before: datetime) -> ColumnElement[bool]:
    """Of files of which nobody has heard, and which nobody has looked through, since then."""
    reviewed = or_(Customer.reviewed_at.is_(None), Customer.reviewed_at <= before)
    return and_(Customer.last_seen_at <= before, reviewed)


_SERVED_NOW = exists().where(
    Ticket.customer_id == Customer.id, Ticket.status.not_in(CLOSED), Ticket.kind != Kind.INTERNAL
)
_SERVED_BEFORE = or_(
    exists().where(Ticket.customer_id == Customer.id, Ticket.status.in_(CLOSED), Ticket.kind != Kind.INTERNAL),
    exists().where(Conversation.customer_id == Customer.id, Conversation.last_staff_id.is_not(None)),
)
_HAS_NOTHING = and_(~_SERVED_NOW, ~_SERVED_BEFORE)
_REFERRED = Customer.class_said == Class.REFERRED
_IS: dict[str, ColumnElement[bool]] = {
    Class.SERVING: _SERVED_NOW,
    Class.SERVED: and_(~_SERVED_NOW, _SERVED_BEFORE),
    Class.REFERRED: and_(_HAS_NOTHING, _REFERRED),
    Class.PROSPECTIVE: and_(_HAS_NOTHING, or_(Customer.class_said.is_(None), ~_REFERRED)),
}
"""What `model.customer.class_of` says, asked of the database."""


def _is_of(name: str) -> ColumnElement[bool]:
    if name not in _IS:
        raise InvalidInput("no_such_choice", value=name[:40], field="class", allowed=[str(one) for one in _IS])
    return _IS[name]


@dataclass(frozen=True)
class File:
    """A customer as somebody sees them: their class, whether the file is stale, whether its words are hidden."""

    customer: Customer
    class_: Class
    stale: bool
    masked: bool


@dataclass(frozen=True)
class Eyes:
    """Who looks, and what they are shown of files."""

    by: Staff
    accusers: Set[str]

    def masked(self, customer: Customer) -> bool:
        """Whether names and numbers are hidden from them."""
        return not may(Deed.SEE_CONTACT, rights.to_file(customer, self.by, self.accusers))

    def in_charge(self) -> ColumnElement[bool]:
        """Of files that they are shown as they are."""
        not_theirs = Customer.id.not_in(self.accusers)
        if may(Deed.SEE_CONTACT, by_role(self.by.role)):
            return not_theirs
        return and_(Customer.keeper_id == self.by.id, not_theirs)


async def eyes_of(session: AsyncSession, by: Staff) -> Eyes:
    """What somebody is shown of files."""
    return Eyes(by, await rights.accusers(session, by))


# ---------------------------------------------------------------- the list


async def page(
    services: Services,
    session: AsyncSession,
    eyes: Eyes,
    wanted: Wanted,
    place: Place,
) -> list[File]:
    """Files, who came last first; those behind the file `place.after`.

    Raises:
        InvalidInput: the text is too short, or there is no such class or file to go on from.
    """
    query = select(Customer).where(IS_A_FILE, *wanted.conditions())
    if wanted.text:
        if search.is_too_short(wanted.text):
            raise InvalidInput("search_too_short", field="q")
        query = query.where(search.has(session, search.CUSTOMERS, wanted.text), eyes.in_charge())
    if place.after:
        query = query.where(await _behind(session, place.after))
    ordered = query.order_by(Customer.last_seen_at.desc(), Customer.id.desc()).limit(place.limit)
    found = [one for one in (await session.scalars(ordered)).all() if _has(one, wanted.text)]
    return await _as_files(services, session, eyes, found)


def _has(customer: Customer, text: str | None) -> bool:
    values = (customer.name, customer.phone, customer.email)
    return not text or any(text.casefold() in value.casefold() for value in values if value)


async def _behind(session: AsyncSession, after: str) -> ColumnElement[bool]:
    there = await session.get(Customer, after)
    if there is None:
        raise InvalidInput("page_over", field="cursor")
    same_moment = and_(Customer.last_seen_at == there.last_seen_at, Customer.id < there.id)
    return or_(Customer.last_seen_at < there.last_seen_at, same_moment)


async def _as_files(services: Services, session: AsyncSession, eyes: Eyes, customers: Sequence[Customer]) -> list[File]:
    ids = [one.id for one in customers]
    now, before = await _that(session, ids, _SERVED_NOW), await _that(session, ids, _SERVED_BEFORE)
    after, moment = services.company.customer_files.stale_after, services.clock.now()
    return [
        File(
            one,
            model.class_of(one.class_said, is_served=one.id in now, was_served=one.id in before),
            model.is_stale(one.last_seen_at, one.reviewed_at, moment, after),
            eyes.masked(one),
        )
        for one in customers
    ]


async def _that(session: AsyncSession, ids: Sequence[str], holds: ColumnElement[bool]) -> Set[str]:
    return set((await session.scalars(select(Customer.id).where(Customer.id.in_(ids), holds))).all())


# ---------------------------------------------------------------- one file


@dataclass(frozen=True)
class Whole:
    """A file with all that hangs on it but talks and tickets, which `queue.history` reads."""

    file: File
    identities: Sequence[Identity]
    promises: Sequence[Promise]
    changes: Sequence[Audit]
    merges: Sequence[CustomerMerge]
    twins: Sequence[File]


async def find(services: Services, session: AsyncSession, customer_id: str, eyes: Eyes) -> File:
    """One file.

    Raises:
        NotFound: there is none, or it became part of another, which `merged_into` in the details names.
    """
    customer = await session.get(Customer, customer_id)
    if customer is None or customer.id == HOUSE:
        raise NotFound("customer_not_found", customer_id=customer_id)
    if customer.merged_into:
        raise NotFound("customer_merged", customer_id=customer_id, merged_into=customer.merged_into)
    (found,) = await _as_files(services, session, eyes, [customer])
    return found


async def whole(services: Services, session: AsyncSession, file: File, eyes: Eyes) -> Whole:
    """The same with all that hangs on it."""
    theirs = file.customer.id
    identities = select(Identity).where(Identity.customer_id == theirs).order_by(Identity.created_at)
    promises = select(Promise).where(Promise.customer_id == theirs).order_by(Promise.due_at.desc()).limit(PROMISES)
    changes = select(Audit).where(Audit.subject == theirs, Audit.action != LOOKED_AT)
    merges = select(CustomerMerge).where(CustomerMerge.into_id == theirs, CustomerMerge.undone_at.is_(None))
    return Whole(
        file,
        (await session.scalars(identities)).all(),
        (await session.scalars(promises)).all(),
        (await session.scalars(changes.order_by(Audit.id.desc()).limit(CHANGES))).all(),
        (await session.scalars(merges.order_by(CustomerMerge.at.desc()))).all(),
        await _twins(services, session, file, eyes),
    )


async def _twins(services: Services, session: AsyncSession, file: File, eyes: Eyes) -> list[File]:
    """Files with the same number or mail address: perhaps the same person. Nothing to whoever is shown a mask."""
    told = [column == value for column, value in _numbers(file.customer) if value]
    if file.masked or not told:
        return []
    query = select(Customer).where(IS_A_FILE, Customer.id != file.customer.id, or_(*told), eyes.in_charge())
    return await _as_files(services, session, eyes, (await session.scalars(query.limit(TWINS))).all())


def _numbers(customer: Customer) -> Iterator[tuple[ColumnElement[str | None], str | None]]:
    yield Customer.phone, customer.phone  # type: ignore[misc]
    yield Customer.email, customer.email  # type: ignore[misc]
