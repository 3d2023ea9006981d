"""「劳驾快一点」 about an order, or one that cannot be looked up now: somebody owns it, with an hour (C8, E1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.model.matter import Matter
from helpdesk.model.promise import PromiseKind, PromiseState
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Promise
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import Search, choose_owner
from helpdesk.usecases.promises.due import due_times

Json = dict[str, Any]


async def reserve(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{promised_at}: when the customer is told, as soon as a call-back would be; hurried again, the same hour."""
    same = await _open_promise(uow, conversation, payload)
    due = same.due_at if same else due_times(services, Kind.CALLBACK, Urgency.NORMAL, uow.now)[0]
    return {"promised_at": (due or uow.now).isoformat()}


async def apply(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """A promise in the ledger, with an owner of the department that changes orders; one for an order."""
    audit.note(uow, audit.CUSTOMER, "order_hurried", conversation.id, order=payload["order"])
    await _promise(services, uow, conversation, {**payload, **result}, "promise_order_hurried")
    return []


async def apply_check(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """The system did not answer: a person finds out and tells."""
    audit.note(uow, audit.SYSTEM, "order_not_looked_up", conversation.id, order=payload["order"])
    await _promise(services, uow, conversation, {**payload, **result}, "promise_order_checked")
    return []


async def _promise(services: Services, uow: UnitOfWork, conversation: Conversation, order: Json, wording: str) -> None:
    if await _open_promise(uow, conversation, order):
        return
    matter = Matter(Kind.ORDER_CHANGE, {"order": order.get("order"), "description": order.get("text")})
    department = services.company.department_of(Kind.ORDER_CHANGE, None)
    owner = await choose_owner(services, uow, Search(matter, department))
    promise = Promise(
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        owner_id=owner.id,
        kind=PromiseKind.ORDER,
        text=services.wording.render(wording, order=str(order["order"])),
        due_at=datetime.fromisoformat(order["promised_at"]),
        state=PromiseState.OPEN,
        made_by=audit.BOT,
        made_at=uow.now,
    )
    uow.session.add(promise)


async def _open_promise(uow: UnitOfWork, conversation: Conversation, payload: Json) -> Promise | None:
    """What this customer was promised about the order already, and can still be kept."""
    query = (
        select(Promise)
        .where(Promise.customer_id == conversation.customer_id, Promise.kind == PromiseKind.ORDER)
        .where(Promise.state == PromiseState.OPEN, Promise.due_at > uow.now)
        .where(Promise.text.contains(str(payload["order"]), autoescape=True))
        .order_by(Promise.due_at)
    )
    return (await uow.session.scalars(query)).first()
