"""「劳驾快一点」 about an order: somebody owns it from then on and has promised an hour (C8, E1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.model.matter import Matter
from helpdesk.model.promise import PromiseKind, PromiseState
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Promise
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import choose_owner
from helpdesk.usecases.promises.due import due_times

Json = dict[str, Any]


async def reserve(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, now: datetime
) -> Json:
    """{promised_at}: when the customer is told, as soon as a call-back would be."""
    due, _ = due_times(services, Kind.CALLBACK, Urgency.NORMAL, now)
    return {"promised_at": (due or now).isoformat()}


async def apply(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json, now: datetime
) -> list[Say]:
    """A promise in the ledger, with an owner of the department that changes orders."""
    matter = Matter(Kind.ORDER_CHANGE, {"order": payload.get("order"), "description": payload.get("text")})
    department = services.company.department_of(Kind.ORDER_CHANGE, None)
    owner = await choose_owner(services, uow, matter, department, now)
    text = services.wording.render("promise_order_hurried", order=str(payload["order"]))
    promise = Promise(
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        owner_id=owner.id,
        kind=PromiseKind.ORDER,
        text=text,
        due_at=datetime.fromisoformat(result["promised_at"]),
        state=PromiseState.OPEN,
        made_by=audit.BOT,
        made_at=now,
    )
    uow.session.add(promise)
    audit.note(uow, audit.CUSTOMER, "order_hurried", conversation.id, now, order=payload["order"])
    return []
