"""A supervisor at the staff API: what the desk shows of a customer, and serving one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

Json = dict[str, Any]
AT_ONCE = 3
"""So many customers one person serves (company/limits.yml)."""
INTERNAL = "internal"
"""Tickets among colleagues are no customer's."""
WITH_PEOPLE = frozenset({"waiting", "staff"})


@dataclass(frozen=True)
class Seen:
    """What the desk knows of one customer at a moment."""

    conversation: Json = field(default_factory=dict)
    tickets: Sequence[Json] = ()
    """In full, the newest first."""
    promises: Sequence[Json] = ()

    @property
    def state(self) -> str:
        """Who answers the customer."""
        return str(self.conversation.get("state") or "")


@dataclass
class Desk:
    """Someone who sees everything and may serve anybody."""

    client: httpx.AsyncClient
    headers: dict[str, str]
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def look(self, sender: str) -> Seen:
        """Everything there is of a customer of the REST channel."""
        conversation = await self._conversation(sender)
        rows = await self._get("/api/tickets", sender=sender)
        numbers = [row["number"] for row in rows if row["kind"] != INTERNAL]
        tickets = [await self._get(f"/api/tickets/{number}") for number in numbers]
        promises = await self._get("/api/promises", state="open")
        own = {conversation.get("conversation_id"), *numbers} - {None}
        return Seen(conversation, tickets, [one for one in promises if own & {one["conversation_id"], one["ticket"]}])

    async def claim(self, sender: str) -> None:
        """Take the customer."""
        await self._act(sender, "claim", {})

    async def write(self, sender: str, text: str) -> None:
        """Tell the customer something."""
        await self._act(sender, "messages", {"text": text, "client_id": uuid4().hex, "force": True})

    async def close(self, sender: str) -> None:
        """End the conversation."""
        await self._act(sender, "close", {})

    async def presence(self, state: str) -> None:
        """Be there, or away."""
        await self._post("/api/presence", {"state": state})

    async def _conversation(self, sender: str) -> Json:
        rows = await self._get("/api/conversations", sender=sender, channel="rest")
        return dict(await self._get(f"/api/conversations/{rows[0]['conversation_id']}")) if rows else {}

    async def _act(self, sender: str, what: str, body: Json) -> None:
        (row, *_) = await self._get("/api/conversations", sender=sender, channel="rest")
        await self._post(f"/api/conversations/{row['conversation_id']}/{what}", body)

    async def _get(self, path: str, **query: str) -> Any:
        response = await self.client.get(path, params=query, headers=self.headers)
        response.raise_for_status()
        return response.json()

    async def _post(self, path: str, body: Json) -> None:
        response = await self.client.post(path, json=body, headers=self.headers)
        response.raise_for_status()


async def sign_in(client: httpx.AsyncClient, password: str, name: str = "supervisor") -> Desk:
    """A demo account at its desk."""
    response = await client.post("/api/session", json={"username": name, "password": password})
    response.raise_for_status()
    return Desk(client, {"Authorization": f"Bearer {response.json()['token']}"})
