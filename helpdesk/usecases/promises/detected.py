"""A promise that a reply was read to make (E1): in the ledger at once, then confirmed or put right with a click.

Recognising is by rule and can be wrong; forgetting a promise would be worse. So the entry stands without the
click, and who made it has a few minutes to say that it was none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.model import rights
from helpdesk.model.promise import PromiseKind, PromiseState
from helpdesk.model.rights import Deed, Part
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Message, Promise, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.rights import SAYS
from helpdesk.usecases.promises.promises import lock_promise

TO_PUT_RIGHT = timedelta(minutes=10)
"""After that an entry is postponed or kept like any other: a promise about to be missed cannot be wiped away."""


async def made_by_reply(session: AsyncSession, message: Message) -> Sequence[Promise]:
    """The entries that a reply of staff made and that still stand."""
    query = select(Promise).where(
        Promise.conversation_id == message.conversation_id,
        Promise.kind == PromiseKind.STAFF,
        Promise.made_by == audit.by_staff(message.staff_id or ""),
        Promise.made_at == message.at,
    )
    return (await session.scalars(query.order_by(Promise.due_at))).all()


async def confirm(services: Services, promise_id: str, due_at: datetime | None, by: Staff) -> Promise:
    """Yes, this was promised; `due_at` when the time was read wrongly.

    Raises:
        InvalidInput: the time is past. NotFound, NotAllowed, Conflict: see `_just_made`.
    """
    now = services.clock.now()
    if due_at is not None and due_at <= now:
        raise InvalidInput("time_in_future", field="due_at")
    async with services.db.write(now) as uow:
        promise = await _just_made(uow, promise_id, by)
        read_as = promise.due_at
        promise.due_at = due_at.astimezone(UTC) if due_at else read_as
        changed = {"read_as": read_as.isoformat()} if promise.due_at != read_as else {}
        audit.note(uow, audit.by_staff(by.id), "promise_confirmed", promise.id, text=promise.text, **changed)
        await uow.commit()
    return promise


async def dismiss(services: Services, promise_id: str, by: Staff) -> None:
    """No promise after all: the entry goes, the audit keeps what it said.

    Raises:
        NotFound, NotAllowed, Conflict: see `_just_made`.
    """
    async with services.db.write() as uow:
        promise = await _just_made(uow, promise_id, by)
        detail = {"text": promise.text, "due_at": promise.due_at.isoformat(), "conversation": promise.conversation_id}
        audit.note(uow, audit.by_staff(by.id), "promise_dismissed", promise.id, **detail)
        await uow.session.delete(promise)
        await uow.commit()


async def _just_made(uow: UnitOfWork, promise_id: str, by: Staff) -> Promise:
    """The promise, locked, if `by` recognised it just now and nothing has come of it yet.

    Raises:
        NotFound. NotAllowed: a colleague made it. Conflict: it is too late, or it was settled.
    """
    promise = await lock_promise(uow, promise_id)
    is_theirs = promise.made_by == audit.by_staff(by.id) and promise.kind == PromiseKind.STAFF
    if not rights.may(Deed.PUT_RIGHT, rights.by_role(by.role) | ({Part.AUTHOR} if is_theirs else set())):
        raise NotAllowed(SAYS[Deed.PUT_RIGHT], deed=Deed.PUT_RIGHT)
    if promise.state != PromiseState.OPEN or uow.now - promise.made_at > TO_PUT_RIGHT:
        raise Conflict("promise_checked_too_late", state=promise.state)
    return promise
