"""Customers and their tiers from a spreadsheet: what would change is shown first, and taken all at once or not at all.

A row is found again by its phone. Whoever has that number gets the row's tier; a name or a mail address is only
added where none is known, for what customers told us themselves counts more. Nobody is deleted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, Reason
from helpdesk.services import Services
from helpdesk.sheets import Row, rows_of
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, new_id
from helpdesk.text.fields import Accepted, accept
from helpdesk.usecases.journal import audit

HEADINGS = {
    "phone": "phone", "电话": "phone", "手机": "phone", "手机号": "phone",
    "name": "name", "称呼": "name", "姓名": "name",
    "email": "email", "邮箱": "email",
    "tier": "tier", "等级": "tier",
}  # fmt: skip
TIERS = {"normal": "normal", "普通": "normal", "key": "key", "重点": "key", "重点客户": "key"}
FILLED = ("name", "email")
AT_ONCE = 500  # phones asked for with one question


@dataclass(frozen=True)
class WrongRow:
    """A row that cannot be taken, and which cell of it why."""

    row: int
    key: str
    problem: Reason


@dataclass(frozen=True)
class CustomerRow:
    """A row as it is taken. `fields`: what it changes; `known`: ids of the customers who have the number."""

    row: int
    phone: str
    values: Mapping[str, str]
    known: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CustomerPlan:
    """What would happen. With anything wrong nothing does; `digest` confirms exactly this."""

    rows: tuple[CustomerRow, ...]
    wrong: tuple[WrongRow, ...]
    digest: str

    @property
    def new(self) -> int:
        """Customers that there are not yet."""
        return sum(not one.known for one in self.rows)

    @property
    def changed(self) -> int:
        """Rows that change somebody we know."""
        return sum(bool(one.known and one.fields) for one in self.rows)


async def plan(services: Services, content: bytes) -> CustomerPlan:
    """Look at a file; nothing changes.

    Raises:
        InvalidInput: it is no spreadsheet of customers.
    """
    async with services.db.read(much=True) as uow:
        return await _plan(services, uow.session, content)


async def take(services: Services, content: bytes, digest: str, actor: str) -> CustomerPlan:
    """Do what the plan with this digest says, in one transaction.

    Raises:
        InvalidInput: a row is wrong; nothing was taken. Conflict: file or customers are not what was shown.
    """
    async with services.db.write() as uow:
        planned = await _plan(services, uow.session, content)
        if planned.wrong:
            first = planned.wrong[0]
            raise InvalidInput("import_row_wrong", row=first.row, column=first.key, problem=first.problem, field="file")
        if planned.digest != digest:
            raise Conflict("import_changed")
        for one in planned.rows:
            await _take(uow, one)
            if not one.known:
                values = {"tier": "normal", **one.values}
                uow.session.add(
                    Customer(id=new_id(), phone=one.phone, created_at=uow.now, last_seen_at=uow.now, **values)
                )
        counts = {"new": planned.new, "changed": planned.changed}
        audit.note(uow, actor, "customers_imported", "customers", counts=counts)
        await uow.commit()
    return planned


async def _take(uow: UnitOfWork, one: CustomerRow) -> None:
    for customer_id in one.known if one.fields else ():
        customer = await uow.session.get_one(Customer, customer_id, with_for_update=True, populate_existing=True)
        for name in _changes(customer, one.values):
            setattr(customer, name, one.values[name])


async def _plan(services: Services, session: AsyncSession, content: bytes) -> CustomerPlan:
    rows = await asyncio.to_thread(rows_of, content, HEADINGS, ("phone",))
    read, wrong = _read(services, rows)
    known = await _known(session, list(read))
    planned = [_row(row, phone, values, known.get(phone, [])) for phone, (row, values) in read.items()]
    seen = repr([(one.phone, one.known, one.fields) for one in planned])
    return CustomerPlan(tuple(planned), tuple(wrong), sha256(content + seen.encode()).hexdigest())


def _read(services: Services, rows: Sequence[Row]) -> tuple[dict[str, tuple[int, dict[str, str]]], list[WrongRow]]:
    read: dict[str, tuple[int, dict[str, str]]] = {}
    wrong: list[WrongRow] = []
    for row in rows:
        values, problems = _values(services, row)
        phone = values.pop("phone", "")
        if phone in read:
            problems = [WrongRow(row.number, "phone", Reason("import_phone_twice", row=read[phone][0]))]
        wrong += problems
        if not problems:
            read[phone] = (row.number, values)
    return read, wrong


def _values(services: Services, row: Row) -> tuple[dict[str, str], list[WrongRow]]:
    values: dict[str, str] = {}
    problems: list[WrongRow] = []
    if "phone" not in row.cells:
        problems.append(WrongRow(row.number, "phone", Reason("import_no_phone")))
    for name, cell in row.cells.items():
        value = TIERS.get(cell.lower()) if name == "tier" else _accepted(services, name, cell)
        if value is None:
            problems.append(WrongRow(row.number, name, _wrong(name, cell[:40])))
        else:
            values[name] = value
    return values, problems


def _wrong(name: str, cell: str) -> Reason:
    if name == "tier":
        return Reason("import_tier_wrong", allowed=list(TIERS), value=cell)
    return Reason("import_value_wrong", value=cell)


def _accepted(services: Services, name: str, cell: str) -> str | None:
    now = services.clock.now().astimezone(services.company.profile.zone)
    verdict = accept(services.company, name, cell, now)
    return verdict.value if isinstance(verdict, Accepted) and isinstance(verdict.value, str) else None


async def _known(session: AsyncSession, phones: Sequence[str]) -> dict[str, list[Customer]]:
    found: dict[str, list[Customer]] = {}
    bare = func.replace(func.replace(Customer.phone, " ", ""), "-", "")
    for start in range(0, len(phones), AT_ONCE):
        query = select(Customer).where(bare.in_(phones[start : start + AT_ONCE])).order_by(Customer.id)
        for customer in (await session.scalars(query)).all():
            found.setdefault(str(customer.phone).replace(" ", "").replace("-", ""), []).append(customer)
    return found


def _row(number: int, phone: str, values: Mapping[str, str], known: Sequence[Customer]) -> CustomerRow:
    changed = {name for customer in known for name in _changes(customer, values)}
    return CustomerRow(
        number, phone, values, tuple(one.id for one in known), tuple(sorted(changed or (() if known else values)))
    )


def _changes(customer: Customer, values: Mapping[str, str]) -> list[str]:
    fills = [name for name in FILLED if name in values and not getattr(customer, name)]
    return [*fills, *(["tier"] if values.get("tier") not in (None, customer.tier) else [])]
