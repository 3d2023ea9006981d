"""A customer of the worker: keeps the state between turns as the service does."""

from __future__ import annotations

from typing import Any

import httpx

Json = dict[str, Any]
TOKEN = "worker-token"


class Chat:
    """One conversation. A turn that fails leaves the state as it was."""

    def __init__(self, client: httpx.AsyncClient, conversation: str = "c1", state: Json | None = None) -> None:
        self.client = client
        self.conversation = conversation
        self.state = state
        self.facts: Json = {}
        self.turns = 0

    async def post(self, given: Json, **more: Any) -> httpx.Response:
        body = {
            "conversation": self.conversation,
            "message_id": f"{self.conversation}-{self.turns}:{self.turns}",
            "state": self.state,
            "facts": self.facts,
            "input": given,
            **more,
        }
        response = await self.client.post("/turn", json=body)
        if response.status_code == 200:
            self.state = response.json()["state"]
            self.turns += 1
        return response

    async def turn(self, given: Json, **more: Any) -> Json:
        response = await self.post(given, **more)
        assert response.status_code == 200, response.text
        return response.json()

    async def say(self, text: str, **more: Any) -> list[str]:
        return texts(await self.turn({"text": text}, **more))

    async def press(self, intent: str, title: str = "", **entities: Any) -> list[str]:
        return texts(await self.turn({"press": {"intent": intent, "entities": entities, "title": title or intent}}))

    async def start(self, how: str, **more: Any) -> list[str]:
        return texts(await self.turn({"start": how}, **more))


def texts(answer: Json) -> list[str]:
    return [reply.get("text", "") for reply in answer["replies"]]
