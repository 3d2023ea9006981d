"""What several tests of the desk do: a word of a customer, a press, a deed of staff, a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import (
    Customer,
    Ticket,
)
from helpdesk.usecases.conversations.locks import claim
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.timers import run_timers
from helpdesk.usecases.turns.finish import finish
from helpdesk.usecases.turns.presses import pressed
from tests.integration.desk.conftest import Desk, complaint


async def taken(desk: Desk, by: str = "agent", **more: Any) -> dict[str, Any]:
    """What registering a complaint by telephone gives; `more` replaces parts of the body."""
    made: dict[str, Any] = await desk.ok("POST", "/walk-ins", by, **{"source": "phone", **complaint(), **more})
    return made


async def ended(desk: Desk, sender: str = "wang", **changes: Any) -> Ticket:
    """A complaint that was settled just now."""
    number = (await desk.turn(await desk.customer(sender), "open_ticket", complaint(**changes)))["number"]
    await desk.change(Ticket, number, status="concluded", closed_at=desk.clock.now())
    ticket: Ticket = await desk.row(Ticket, number=number)
    await desk.change(Customer, ticket.customer_id, keeper_id="agent")
    return ticket


def shanghai(text: str) -> datetime:
    """`2026-11-30 21:00` on our customers' clocks."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


async def until(desk: Desk, moment: str) -> None:
    desk.tokens.clear()
    desk.clock.set(shanghai(moment))
    await run_timers(desk.services, desk.clock.now())


async def hears(desk: Desk, conversation_id: str) -> None:
    """What is pending is answered with nothing, as a turn's end does it."""
    held = await claim(desk.services, conversation_id)
    assert held is not None

    async def nothing(*_: Any) -> list[Any]:
        return []

    await finish(desk.services, held, nothing)


async def says(desk: Desk, text: str, sender: str = "wang") -> str:
    """The customer writes, and is heard; the conversation's id."""
    message = await receive(desk.services, Incoming("rest", sender, text))
    await hears(desk, message.conversation_id)
    return message.conversation_id


async def names(desk: Desk) -> list[str]:
    return [place["sender"] for place in await desk.ok("GET", "/queue")]


async def answered(desk: Desk, conversation_id: str) -> str:
    """A complaint with a result."""
    number = str((await desk.turn(conversation_id, "open_ticket", complaint()))["number"])
    for action in ("accept", "investigate"):
        await desk.ok("POST", f"/tickets/{number}/transitions", action=action)
    reasons = {"note": "已安排换新", "cause": "压缩机故障", "corrective_action": "更换供应商批次"}
    await desk.ok("POST", f"/tickets/{number}/transitions", action="answer", **reasons)
    return number


async def ticket_of(desk: Desk, sender: str = "wang") -> str:
    return str((await desk.turn(await desk.customer(sender), "open_ticket", complaint()))["number"])


async def press(desk: Desk, conversation_id: str, service: str, **more: Any) -> list[str]:
    """The kinds of what the service says to a press."""
    async with desk.services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        says = await pressed(desk.services, uow, conversation, {"service": service, **more})
        await uow.commit()
    return [str((one.custom or {}).get("kind")) for one in says]


async def key_of(desk: Desk, *scopes: str, name: str = "crm", days: int = 30) -> str:
    """A key that an administrator made; its token."""
    until = (desk.clock.now() + timedelta(days=days)).isoformat()
    made = await desk.ok("POST", "/keys", "admin", name=name, scopes=list(scopes), expires_at=until)
    assert made["token"].startswith(made["key"]["hint"])
    return str(made["token"])


async def ask(desk: Desk, key: str, method: str, path: str, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return await desk.client.request(method, f"/api{path}", json=body or None, headers=headers)
