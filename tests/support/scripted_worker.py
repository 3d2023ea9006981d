"""A worker of a few lines: it speaks the worker's HTTP contract and answers by a script instead of by a model.

Independent of bot/worker.py on purpose; tests/contract holds both to the same expectations.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.listener import Listener

Json = dict[str, Any]
Script = Callable[[Json], Awaitable[Json]]
STARTS = {"open", "subscribe", "return", "staff_released"}


class Failed(Exception):
    """The script wants this turn to fail."""


def heard(body: Json) -> str:
    """The customer's text, a press's title or a start's name."""
    given = body["input"]
    return str(given.get("text") or given.get("start") or given["press"]["title"])


def answer(body: Json, *texts: str, intent: str = "inform", **reply: Any) -> Json:
    """A turn's answer: one reply a text, `reply` (buttons, custom) on the last, and a state that counts turns."""
    turns = ((body["state"] or {}).get("slots") or {}).get("turns", 0) + 1
    replies: list[Json] = [{"text": text} for text in texts]
    replies[-1] |= reply
    return {
        "replies": replies,
        "understood": {"intent": intent, "confidence": 1.0, "entities": []},
        "state": {"schema": 1, "model_id": "scripted", "slots": {"turns": turns}, "active_loop": None, "tail": []},
    }


async def echo(body: Json) -> Json:
    """Say what was heard; a greeting is understood as one."""
    text = heard(body)
    return answer(body, f"答：{text}", intent="greet" if text.startswith("您好") else "inform")


class ScriptedWorker:
    """The worker; `script` may be replaced while it runs, `asked` and `headers` hold what it was sent."""

    def __init__(self, token: str, port: int, script: Script = echo, host: str = "127.0.0.1") -> None:
        self.script = script
        self.asked: list[Json] = []
        self.headers: list[Headers] = []
        self.url = f"http://{host}:{port}"
        self._host = host
        self._token = token
        self._port = port
        self._server: Listener | None = None

    def app(self) -> Starlette:
        """Its HTTP surface."""
        routes = [Route("/health", self._health), Route("/turn", self._turn, methods=["POST"])]
        return Starlette(routes=routes)

    async def start(self) -> None:
        """Listen; returns when it does."""
        self._server = Listener(self.app(), self._port, self._host)
        await self._server.start()

    async def stop(self) -> None:
        """Stop listening: connections are refused from now on."""
        if self._server is not None:
            await self._server.stop()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ScriptedWorker]:
        """Listening for as long as the block lasts."""
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok", "model_id": "scripted"})

    async def _turn(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._token}"):
            return _error(401, "unauthorized")
        body = await request.json()
        if not _is_turn(body):
            return _error(422, "invalid_body")
        self.asked.append(body)
        self.headers.append(request.headers)
        try:
            return JSONResponse(await self.script(body))
        except Failed as failure:
            return _error(503, str(failure))


def _is_turn(body: Any) -> bool:
    if not isinstance(body, dict) or not body.get("conversation") or not body.get("message_id"):
        return False
    given = body.get("input")
    if not isinstance(given, dict) or len(given) != 1:
        return False
    if "text" in given:
        return isinstance(given["text"], str) and bool(given["text"].strip())
    return given.get("start") in STARTS or isinstance(given.get("press"), dict)


def _error(status: int, code: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": code}}, status_code=status)
