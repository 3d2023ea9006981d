"""Whether a customer who wants a person may wait for one: outside hours or with nobody on duty nobody is put in line.

Reserved while the action runs, so that the bot says which it is and offers a ticket instead; applied at the turn's end.
"""

from __future__ import annotations

from typing import Any

from helpdesk.errors import InvalidInput
from helpdesk.model.conversation import Priority, State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation
from helpdesk.usecases.journal import queue_joins
from helpdesk.usecases.queue import queueing
from helpdesk.usecases.queue.position import position_in_queue

Json = dict[str, Any]

OFFLINE = "offline"
EVEN_UNSTAFFED = frozenset({"worker_failed"})
"""Reasons to wait for a person although none is on duty: the bot cannot serve this customer."""


async def reserve(services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json) -> Json:
    """{state: waiting | offline, position, estimate_s, priority}.

    Offline outside hours, with nobody on duty, and for one more stranger of an address that sent many just now.
    """
    priority = await queueing.priority_of(uow, conversation, _priority(payload.get("priority")))
    found = await position_in_queue(uow.session, uow.now, conversation_id=conversation.id, joining=priority)
    is_served = services.calendar.is_open(uow.now) and found.staff_online > 0
    waits = payload.get("reason") in EVEN_UNSTAFFED or (priority is Priority.SAFETY and is_served)
    if is_served and not waits:
        waits = await queue_joins.may_join(services, uow, conversation)
    return {
        "state": State.WAITING if waits else OFFLINE,
        "position": found.position if waits else 0,
        "estimate_s": found.estimate_s if waits else None,
        "priority": priority,
    }


def _priority(value: Any) -> Priority:
    if value is None or value == "":
        return Priority.NORMAL
    if value not in set(Priority):
        raise InvalidInput("no_such_choice", value=str(value)[:40], what="priority")
    return Priority(value)


async def apply(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Json, result: Json
) -> list[Say]:
    """Into the queue, if that is what was reserved."""
    if result["state"] == OFFLINE:
        return []
    reason, priority = str(payload.get("reason") or "request"), Priority(result["priority"])
    return await queueing.join(services, uow, conversation, queueing.Wish(reason, priority, payload.get("mood")))
