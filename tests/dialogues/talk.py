"""A conversation as a transcript tells it: say or press, compare, and look at the rows in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from helpdesk.settings import Settings
from helpdesk.store.tables import Conversation, Identity, Rating, Ticket, Unanswered
from helpdesk.testing import eventually

Json = dict[str, Any]
ROWS: Mapping[str, type[Any]] = {"tickets": Ticket, "unanswered": Unanswered, "ratings": Rating}
HIDDEN = re.compile(r"\{[a-z_]+\}|\bNone\b|\bTraceback\b|utter_")
"""What no customer may ever see: an unfilled field, a name of ours."""
FAILURE = ("处理出了问题", "没能处理好", "处理中断了")
"""Apologies of the service for a turn that failed; in a transcript they are always a mistake."""


@dataclass
class Town:
    """The running service, and how to reach it."""

    settings: Settings
    client: httpx.AsyncClient
    password: str
    logs: Sequence[Path]
    tokens: dict[str, str]

    async def staff(self, name: str = "agent") -> Staff:
        """A member of staff, signed in once."""
        if name not in self.tokens:
            response = await self.client.post("/api/session", json={"username": name, "password": self.password})
            response.raise_for_status()
            self.tokens[name] = response.json()["token"]
        return Staff(self.client, {"Authorization": f"Bearer {self.tokens[name]}"})

    async def rows(self, table: str, sender: str) -> list[Json]:
        """The rows of a customer, as they are in the database."""
        model = ROWS[table]
        engine = create_async_engine(self.settings.database_url)
        query = select(model).join(Conversation, Conversation.id == model.conversation_id)
        query = query.join(Identity, Identity.id == Conversation.identity_id).where(Identity.sender == sender)
        try:
            async with engine.connect() as connection:
                found = await connection.execute(query.with_only_columns(*model.__table__.columns))
                return [dict(row) for row in found.mappings()]
        finally:
            await engine.dispose()

    async def state(self, sender: str) -> str:
        """Who answers the customer's next message."""
        engine = create_async_engine(self.settings.database_url)
        query = select(Conversation.state).join(Identity, Identity.id == Conversation.identity_id)
        try:
            async with engine.connect() as connection:
                return str((await connection.execute(query.where(Identity.sender == sender))).scalar_one())
        finally:
            await engine.dispose()

    def log(self) -> str:
        """The ends of the processes' logs, for a failure's message."""
        return "\n".join(path.read_text("utf-8", errors="replace")[-1500:] for path in self.logs if path.exists())


@dataclass
class Staff:
    """A member of staff at work."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def presence(self, state: str) -> None:
        await self._post("/api/presence", {"state": state})

    async def do(self, what: str, conversation_id: str, body: Json | None = None) -> None:
        """claim, messages, release, close."""
        await self._post(f"/api/conversations/{conversation_id}/{what}", body or {})

    async def waiting(self, sender: str) -> Json:
        """The customer's place in the queue."""
        response = await self.client.get("/api/queue", headers=self.headers)
        response.raise_for_status()
        return next(one for one in response.json() if one["sender"] == sender)

    async def _post(self, path: str, body: Json) -> None:
        response = await self.client.post(path, json=body, headers=self.headers)
        assert response.status_code < 300, f"{path}: {response.status_code} {response.text}"


@dataclass
class Talk:
    """One customer's conversation."""

    town: Town
    sender: str = field(default_factory=lambda: f"dialogue-{uuid4().hex[:12]}")
    buttons: dict[str, str] = field(default_factory=dict)
    memory: dict[str, str] = field(default_factory=dict)
    last_id: str = ""

    async def say(self, text: str) -> list[Json]:
        """What comes back to a message; `[标题]` presses the button of that title."""
        pressed = re.fullmatch(r"\[(.+)\]", text)
        said = self.buttons[pressed.group(1)] if pressed else text.replace("{ticket}", self.memory.get("ticket", ""))
        return await self.send(said)

    async def send(self, text: str) -> list[Json]:
        """Send as it is."""
        body = {"sender": self.sender, "message": text, "message_id": uuid4().hex}
        headers = {"Authorization": f"Bearer {self.town.settings.rest_token.get_secret_value()}"}
        response = await self.town.client.post("/webhooks/rest/webhook", json=body, headers=headers)
        assert response.status_code == 200, f"{text}: {response.status_code} {response.text}"
        replies: list[Json] = response.json()
        self._remember(replies)
        return replies

    async def told(self, words: str = "") -> list[Json]:
        """What the customer was told since the last look, by whomever; waits until `words` were among it."""
        page: list[Json] = []

        async def came() -> bool:
            page.extend(await self._page())
            return any(re.search(words, one.get("text") or "") for one in page) or not words

        await eventually(came, f"the customer is told {words}")
        return page

    async def _page(self) -> list[Json]:
        headers = {"Authorization": f"Bearer {self.town.settings.rest_token.get_secret_value()}"}
        query = {"sender": self.sender, "after": self.last_id}
        response = await self.town.client.get("/webhooks/rest/messages", params=query, headers=headers)
        response.raise_for_status()
        page: list[Json] = response.json()
        self.last_id = page[-1]["id"] if page else self.last_id
        self._remember(page)
        return page

    def _remember(self, replies: Sequence[Json]) -> None:
        for reply in replies:
            self.buttons.update({one["title"]: one["payload"] for one in reply.get("buttons") or ()})
            custom = reply.get("custom") or {}
            if custom.get("kind") == "ticket_opened":
                self.memory["ticket"] = custom["number"]


def check(replies: Sequence[Json], expect: Json, said: str) -> None:
    """Compare what came back with what a step expects."""
    text = "\n".join(reply.get("text") or "" for reply in replies)
    customs = [reply["custom"] for reply in replies if reply.get("custom")]
    shown = f"\nsaid: {said}\ncame: {text}\ncustom: {customs}"
    assert not HIDDEN.search(text), f"something of ours was shown{shown}"
    assert not any(words in text for words in FAILURE), f"the turn failed{shown}"
    _check_words(text, expect, shown)
    _check_facts(customs, expect, shown)
    for title in expect.get("buttons") or ():
        assert any(b["title"] == title for r in replies for b in r.get("buttons") or ()), f"no button {title}{shown}"


def _check_words(text: str, expect: Json, shown: str) -> None:
    for words in _listed(expect.get("says")):
        assert any(one in text for one in words.split("|")), f"{words} was not said{shown}"
    for words in _listed(expect.get("never")):
        assert words not in text, f"{words} was said{shown}"
    order = _listed(expect.get("in_order"))
    places = [text.find(words) for words in order]
    assert -1 not in places, f"{order} were not all said{shown}"
    assert places == sorted(places), f"{order} came in another order{shown}"


def _check_facts(customs: Sequence[Json], expect: Json, shown: str) -> None:
    kinds = [custom["kind"] for custom in customs]
    for kind in _listed(expect.get("kinds")):
        assert kind in kinds, f"no {kind}{shown}"
    for kind in _listed(expect.get("no_kinds")):
        assert kind not in kinds, f"{kind} came{shown}"
    pending = [custom for custom in customs if custom["kind"] == "form"]
    if "asks" in expect:
        assert pending, f"nothing is asked{shown}"
        assert pending[-1]["field"] == expect["asks"], f"another field is asked{shown}"
    for field_name in _listed(expect.get("asks_not")):
        assert all(custom["field"] != field_name for custom in pending), f"{field_name} is asked{shown}"
    if "faq" in expect:
        found = [custom.get("faq_id") for custom in customs if custom["kind"] == "faq_answer"]
        assert expect["faq"] in found, f"not answered by {expect['faq']}{shown}"
    if "handoff" in expect:
        assert expect["handoff"] in [c.get("state") for c in customs if c["kind"] == "handoff"], shown


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def fits(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a row has these values; a nested mapping compares only what it names, a list its alternatives."""
    for name, value in wanted.items():
        found = row.get(name)
        if isinstance(value, Mapping):
            if not isinstance(found, Mapping) or not fits(found, value):
                return False
        elif isinstance(value, str) and value.startswith("~"):
            if value[1:] not in str(found):
                return False
        elif found != value:
            return False
    return True
