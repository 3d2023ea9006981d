"""Two files are one person, says somebody who leads; as long as what was before is kept, they can be taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Customer, CustomerMerge, Staff, new_id
from helpdesk.usecases.conversations.one_person import FILLED, fill, move_all, move_back
from helpdesk.usecases.customers.edit import locked_file
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import rights

DATES = frozenset({"proved_at", "kept_since", "last_seen_at"})
KEPT = tuple(dict.fromkeys((*FILLED, "tier", "may_follow_up", "user_id", *sorted(DATES))))
"""What a file says, as far as making it one with another changes it."""


async def merge(services: Services, into_id: str, from_id: str, reason: str, by: Staff) -> CustomerMerge:
    """The file `from_id` becomes part of `into_id`, with all its conversations, tickets and promises.

    Raises:
        NotAllowed, NotFound. InvalidInput: it is the same file. Conflict: both are known to the company's own site as
        two customers.
    """
    rights.require_in_house(by, Deed.MERGE_CUSTOMERS)
    if into_id == from_id:
        raise InvalidInput("merge_other_file", field="other")
    async with services.db.write() as uow:
        pair = {one: await locked_file(uow, one) for one in sorted((into_id, from_id))}
        into, other = pair[into_id], pair[from_id]
        for one in pair.values():
            await rights.require_for_file(uow.session, one, by, Deed.MERGE_CUSTOMERS)
        if into.user_id and other.user_id:
            raise Conflict("merge_two_users")
        await _lock_talks(uow, *pair)
        made = await _merged(uow, into, other, reason, by)
        await uow.commit()
    return made


async def _merged(uow: UnitOfWork, into: Customer, other: Customer, reason: str, by: Staff) -> CustomerMerge:
    before = {"from": _values(other), "into": _values(into)}
    moved = await move_all(uow, other.id, into.id)
    user_id, other.user_id = into.user_id or other.user_id, None
    await uow.session.flush()  # no two rows may have the same, not even for a moment
    into.user_id = user_id
    fill(into, other)
    other.merged_into, into.changed_at = into.id, uow.now
    made = CustomerMerge(
        id=new_id(),
        into_id=into.id,
        from_id=other.id,
        reason=reason,
        before={**before, "after": _values(into)},
        moved=moved,
        by=by.id,
        at=uow.now,
    )
    uow.session.add(made)
    detail = {"joined": other.id, "reason": reason}
    audit.note(uow, audit.by_staff(by.id), "customers_merged", into.id, **detail)
    await _announce(uow, into.id)
    return made


def _values(customer: Customer) -> dict[str, Any]:
    found = {name: getattr(customer, name) for name in KEPT}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in DATES and value else value


async def _lock_talks(uow: UnitOfWork, *customers: str) -> None:
    """Turns under way end first."""
    query = select(Conversation.id).where(Conversation.customer_id.in_(customers)).order_by(Conversation.id)
    await uow.session.execute(query.with_for_update())


async def _announce(uow: UnitOfWork, *customers: str) -> None:
    """Their conversations and tickets are read again wherever they are open."""
    await uow.session.flush()
    theirs = select(Conversation.id).where(Conversation.customer_id.in_(customers))
    for conversation_id in (await uow.session.scalars(theirs)).all():
        uow.announce("conversation", conversation_id=conversation_id)


# ---------------------------------------------------------------- taken apart again


async def undo(services: Services, merge_id: str, by: Staff) -> Customer:
    """Take two files apart: each has again what was its own; what came to the one since stays there. The other file.

    Raises:
        NotAllowed. NotFound: nobody made such files one, or it is too long ago. Conflict: they are apart already.
    """
    rights.require_in_house(by, Deed.MERGE_CUSTOMERS)
    async with services.db.write() as uow:
        made = await uow.session.get(CustomerMerge, merge_id, with_for_update=True)
        if made is None:
            raise NotFound("merge_not_found")
        if made.undone_at is not None:
            raise Conflict("merge_undone")
        into = await locked_file(uow, made.into_id)
        await rights.require_for_file(uow.session, into, by, Deed.MERGE_CUSTOMERS)
        other = await uow.session.get_one(Customer, made.from_id, with_for_update=True, populate_existing=True)
        await _lock_talks(uow, into.id)
        await _apart(uow, made, into, other)
        made.undone_at, made.undone_by, made.before, made.moved = uow.now, by.id, {}, {}
        into.changed_at = other.changed_at = uow.now
        audit.note(uow, audit.by_staff(by.id), "customers_parted", into.id, joined=other.id)
        await _announce(uow, into.id, other.id)
        await uow.commit()
    return other


async def _apart(uow: UnitOfWork, made: CustomerMerge, into: Customer, other: Customer) -> None:
    await move_back(uow, made.moved, into.id, other.id)
    now, before = _values(into), made.before
    _put(into, {name: value for name, value in before["into"].items() if now[name] == before["after"][name]})
    await uow.session.flush()
    _put(other, before["from"])
    other.merged_into = None


def _put(customer: Customer, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(customer, name, _read(name, value))
