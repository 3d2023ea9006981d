"""A customer at the REST channel, who remembers what was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

Json = dict[str, Any]
CONFIRM = "confirm"
SUBMIT = re.compile("提交|确认|没错|无误")
REPEATS = 6
"""So often a message is sent again while its answer is still being worked on (a POST waits 25 seconds)."""


def customs(replies: Sequence[Json], kind: str) -> list[Json]:
    """The facts of one kind that replies carry."""
    facts = [reply.get("custom") or {} for reply in replies]
    return [fact for fact in facts if fact.get("kind") == kind]


def asked(replies: Sequence[Json]) -> list[str]:
    """The fields that are asked, `confirm` for a read-back."""
    return [CONFIRM if one.get("state") == CONFIRM else str(one.get("field")) for one in customs(replies, "form")]


def buttons(replies: Sequence[Json]) -> list[Json]:
    """All choices of the replies, in their order."""
    return [button for reply in replies for button in reply.get("buttons") or ()]


@dataclass
class Customer:
    """One sender; nobody before used this name."""

    client: httpx.AsyncClient
    token: str
    sender: str = field(default_factory=lambda: f"case-{uuid4().hex[:12]}")
    last: list[Json] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    cursor: str = ""

    @property
    def pending(self) -> str | None:
        """The field that was asked last, `confirm`, or nothing."""
        return next(iter(reversed(asked(self.last))), None)

    @property
    def was_handed_over(self) -> bool:
        """Whether a person has been called for this customer."""
        return bool(customs(self.told, "handoff"))

    async def say(self, text: str) -> list[Json]:
        """Send words or a button's payload; what comes back."""
        body = {"sender": self.sender, "message": text, "message_id": uuid4().hex}
        for _ in range(REPEATS):
            response = await self.client.post("/webhooks/rest/webhook", json=body, headers=self._headers)
            response.raise_for_status()
            if response.status_code == httpx.codes.OK:
                break
        else:
            raise TimeoutError(f"no answer to {text}")
        self._remember(response.json())
        return self.last

    def submit(self) -> str:
        """What says yes to the read-back: its button, else words."""
        found = (button["payload"] for button in buttons(self.last) if SUBMIT.search(button["title"]))
        return next(found, "确认提交")

    async def catch_up(self) -> None:
        """Overlook what was said until now."""
        await self._page()

    async def listen(self) -> None:
        """Take in what was said since, by whomever."""
        self._remember(await self._page())

    async def _page(self) -> list[Json]:
        query = {"sender": self.sender, "after": self.cursor}
        response = await self.client.get("/webhooks/rest/messages", params=query, headers=self._headers)
        response.raise_for_status()
        page: list[Json] = response.json()
        self.cursor = page[-1]["id"] if page else self.cursor
        return page

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _remember(self, replies: list[Json]) -> None:
        self.last = replies
        self.told += replies
        self.tickets += [one["number"] for one in customs(replies, "ticket_opened")]
