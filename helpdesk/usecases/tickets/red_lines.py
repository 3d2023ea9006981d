"""What the bot promises nobody, a supervisor decides (service standard E3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.tickets.internal import open_internal
from helpdesk.usecases.tickets.register import Opening

RED_LINE = "bottom_line"
"""Category of the internal ticket, deed in the audit, reason in the queue: by the name that is in the rows."""


async def flag(
    services: Services,
    uow: UnitOfWork,
    conversation: Conversation,
    payload: dict[str, Any],
    result: dict[str, Any],
) -> list[Say]:
    """An urgent internal ticket for a supervisor with the customer's own words; the customer hears nothing of it.

    payload: {"sign": an id of company/red_lines.yml, "text": what was said}
    """
    sign = services.company.red_lines.signs[str(payload["sign"])]
    text = services.wording.render("task_bottom_line", title=sign.title, text=str(payload.get("text") or ""))
    matter = Matter(Kind.INTERNAL, {"description": text}, RED_LINE, Urgency.URGENT, summary=sign.title)
    audit.note(uow, audit.BOT, RED_LINE, conversation.id, sign=payload["sign"])
    opening = Opening(conversation.customer_id, audit.SYSTEM, owner=await _supervisor(uow))
    await open_internal(services, uow, matter, opening, about=conversation.id)
    return []


async def _supervisor(uow: UnitOfWork) -> Staff | None:
    query = select(Staff).where(Staff.active, Staff.role == "supervisor").order_by(Staff.id).limit(1)
    return await uow.session.scalar(query)
