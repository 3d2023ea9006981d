"""A desk on a real database, its clock in our hands; customers' turns are applied as the turn's end does it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.datastructures import State

from helpdesk.app import public_app
from helpdesk.clock import ManualClock
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Base, Conversation, Message, Staff
from helpdesk.testing import Databases, settings_for
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.events.recording import record
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.people.sign_in import open_session
from helpdesk.usecases.turns.effects import EFFECTS
from tests.support.fixtures import Reopened, services_of, shipped_knowledge

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""A working day, 10:00 in Shanghai; nothing is special about the week."""

COMPLAINT: dict[str, Any] = {
    "kind": "complaint",
    "category": "quality",
    "fields": {
        "name": "王小明",
        "phone": "13812345678",
        "category": "quality",
        "description": "冰箱送到第二天就不制冷了",
        "occurred": "2026-11-20",
        "order": "2026110812345",
        "product": "双门冰箱",
        "danger": "stopped",
        "outcome": "换一台新的",
    },
}


def complaint(**changes: Any) -> dict[str, Any]:
    """A complete complaint; `changes` are fields, a None leaves one out."""
    fields = {name: value for name, value in {**COMPLAINT["fields"], **changes}.items() if value is not None}
    return {**COMPLAINT, "fields": fields, "category": fields.get("category")}


@dataclass
class Desk:
    """Services, and the deeds of customers and staff."""

    services: Services
    clock: ManualClock
    client: httpx.AsyncClient = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)

    async def customer(self, sender: str = "wang", words: str = "您好") -> str:
        """A customer who has written; the conversation's id."""
        message = await receive(self.services, Incoming("rest", sender, words))
        return message.conversation_id

    async def turn(self, conversation_id: str, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Reserve an effect, then apply it, as an action and the turn's end do; what was reserved."""
        result = await self.reserve(conversation_id, kind, payload)
        await self.apply(conversation_id, kind, payload, result)
        return result

    async def reserve(self, conversation_id: str, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        async with self.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, conversation_id)
            result = await EFFECTS[kind].reserve(self.services, uow, conversation, payload)
            await uow.commit()
        return result

    async def apply(self, conversation_id: str, kind: str, payload: dict[str, Any], result: dict[str, Any]) -> None:
        async with self.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, conversation_id)
            says = await EFFECTS[kind].apply(self.services, uow, conversation, payload, result)
            await say(uow, conversation, says, answers=None, in_reply_to=[])
            await uow.commit()

    async def waiting(self, sender: str = "wang", **payload: Any) -> str:
        """A customer in the queue."""
        conversation_id = await self.customer(sender, "转人工")
        result = await self.turn(conversation_id, "join_queue", {"reason": "customer_asked", **payload})
        assert result["state"] == "waiting"
        return conversation_id

    async def set_dialogue(self, conversation_id: str, form: str | None = None, **slots: Any) -> None:
        """What the bot knows so far."""
        loop = {"name": form} if form else None
        async with self.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, conversation_id)
            conversation.dialogue = {"schema": 1, "model_id": "m", "slots": slots, "active_loop": loop, "tail": []}
            await uow.commit()

    async def change(self, table: type[Base], key: str, **values: Any) -> None:
        """Set columns of one row."""
        async with self.services.db.write() as uow:
            row = await uow.session.get_one(table, key)
            for name, value in values.items():
                setattr(row, name, value)
            await uow.commit()

    async def rows(self, table: type[Base], **where: Any) -> list[Any]:
        """Rows as they are now."""
        async with self.services.db.read() as uow:
            return list((await uow.session.scalars(select(table).filter_by(**where))).all())

    async def row(self, table: type[Base], **where: Any) -> Any:
        """The only such row."""
        (found,) = await self.rows(table, **where)
        return found

    async def state(self, conversation_id: str) -> str:
        found: Conversation = await self.row(Conversation, id=conversation_id)
        return found.state

    async def told(self, conversation_id: str) -> list[Message]:
        """What this customer was told, in order."""
        messages = await self.rows(Message, conversation_id=conversation_id)
        return sorted((m for m in messages if m.author != "customer"), key=lambda m: m.seq)

    async def sign_in(self, staff_id: str = "agent", *, on_duty: bool = True) -> dict[str, str]:
        """The headers of a program that is signed in."""
        if staff_id not in self.tokens:
            staff = await self.row(Staff, id=staff_id)
            self.tokens[staff_id] = await open_session(self.services, staff, self.clock.now())
        headers = {"Authorization": f"Bearer {self.tokens[staff_id]}"}
        if on_duty:
            present = await self.client.post("/api/presence", json={"state": "online"}, headers=headers)
            assert present.status_code == 200, present.text
        return headers

    async def call(self, method: str, path: str, staff_id: str = "agent", /, **body: Any) -> httpx.Response:
        """A request of a signed-in member of staff."""
        headers = await self.sign_in(staff_id, on_duty=False)
        return await self.client.request(method, f"/api{path}", json=body or None, headers=headers)

    async def ok(self, method: str, path: str, staff_id: str = "agent", /, **body: Any) -> Any:
        """The same, which must succeed; its answer."""
        response = await self.call(method, path, staff_id, **body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def refused(
        self, status: int, method: str, path: str, staff_id: str = "agent", /, **body: Any
    ) -> dict[str, Any]:
        """The same, which must fail with `status` in the one error shape; the error."""
        response = await self.call(method, path, staff_id, **body)
        assert response.status_code == status, response.text
        error: dict[str, Any] = response.json()["error"]
        assert set(error) <= {"code", "reason", "message", "details"}
        return error


@pytest.fixture(scope="session")
def template() -> Services:
    """Everything that is the same for all tests and slow to load."""
    settings = settings_for("sqlite+aiosqlite:///never-opened.db", demo=True)
    return services_of(settings, knowledge=shipped_knowledge())


@cache
def shared_app() -> FastAPI:
    """The application, whose routes take long to prepare: each is prepared at its first request, once for all tests."""
    return public_app(services_of(settings_for("sqlite+aiosqlite:///never-opened.db")))


def app_of(services: Services) -> FastAPI:
    """The same application with these services; nothing is live in it."""
    app = copy(shared_app())
    app.state = State({"services": services})
    return app


@asynccontextmanager
async def desk_on(url: str, template: Services, **changes: Any) -> AsyncIterator[Desk]:
    """A desk on the database at `url`."""
    clock = ManualClock(MONDAY)
    settings = settings_for(url, demo=True, **changes)
    parts = {**vars(template), "settings": settings, "clock": clock, "db": Reopened(url, template.bus, clock)}
    desk = Desk(Services(**parts), clock)
    desk.services.db.witness = partial(record, desk.services)
    await ensure_staff(desk.services)
    transport = httpx.ASGITransport(app_of(desk.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", timeout=60) as desk.client:
        yield desk
    await desk.services.db.close()


@pytest.fixture
def url(databases: Databases) -> str:
    """An empty database: SQLite, then PostgreSQL."""
    return databases.fresh()


@pytest.fixture
async def desk(url: str, template: Services) -> AsyncIterator[Desk]:
    """On SQLite, then on PostgreSQL."""
    async with desk_on(url, template) as made:
        yield made


@pytest.fixture
async def sqlite_desk(sqlite: Databases, template: Services) -> AsyncIterator[Desk]:
    """For what has nothing to do with the database."""
    async with desk_on(sqlite.fresh(), template) as made:
        yield made
