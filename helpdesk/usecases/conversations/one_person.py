"""Whatever names one customer names another from now on, for they are one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, select, update

from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Base, Consent, Customer

KEY = "key"
"""The tier of a customer who is treated first."""
Moved = Mapping[str, Sequence[Any]]
"""Table -> keys of the rows that followed."""


def _naming() -> Iterator[tuple[Table, Column[Any]]]:
    """Every table that names customers, and by which column."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is Customer.__table__.c.id for key in column.foreign_keys):
                yield table, column


async def move_all(uow: UnitOfWork, from_id: str, to_id: str) -> dict[str, list[Any]]:
    """Everything of one customer becomes the other's; which rows did. What both agreed to already stays where it is."""
    moved: dict[str, list[Any]] = {}
    for table, column in _naming():
        (key,) = table.primary_key.columns
        query = select(key).where(column == from_id)
        if table is Consent.__table__:
            known = select(Consent.version).where(Consent.customer_id == to_id)
            query = query.where(Consent.version.not_in(known))
        keys = list((await uow.session.scalars(query)).all())
        if keys:
            moved[table.name] = keys
            await uow.session.execute(update(table).where(key.in_(keys)).values({column.name: to_id}))
    return moved


async def move_back(uow: UnitOfWork, moved: Moved, from_id: str, to_id: str) -> None:
    """Those of these rows that are still the one's become the other's again."""
    for table, column in _naming():
        (key,) = table.primary_key.columns
        keys = moved.get(table.name)
        if keys:
            theirs = (key.in_(keys), column == from_id)
            await uow.session.execute(update(table).where(*theirs).values({column.name: to_id}))


FILLED = (
    "name", "phone", "email", "proved_phone", "reach_by", "reach_from", "reach_until", "remark", "keeper_id",
    "kept_since", "class_said",
)  # fmt: skip
"""What a file takes from the other where it has nothing itself."""


def fill(into: Customer, other: Customer) -> None:
    """A file takes what only the other one knows, which is left empty; who refused to be asked stays unasked."""
    into.tier = KEY if KEY in (into.tier, other.tier) else into.tier
    into.proved_at = into.proved_at if into.proved_phone else other.proved_at
    into.last_seen_at = max(into.last_seen_at, other.last_seen_at)
    if into.may_follow_up is None or other.may_follow_up is False:
        into.may_follow_up = other.may_follow_up
    other.may_follow_up = other.proved_at = None
    for name in FILLED:
        setattr(into, name, getattr(into, name) or getattr(other, name))
        setattr(other, name, None)
