"""A system of the company that is told of events: it checks what it is given and keeps what it took."""

from __future__ import annotations

import base64
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from helpdesk.testing import free_port
from tests.support.listener import listening_on

Answering = Callable[[], Awaitable[Response]]


@dataclass
class EventReceiver:
    """Takes signed events; `answers` are given first, one a call, instead of taking it."""

    port: int = field(default_factory=free_port)
    secret: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0
    calls: list[dict[str, str]] = field(default_factory=list)
    answers: list[Answering] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EventReceiver]:
        """Listening for as long as the block lasts."""
        async with listening_on(Starlette(routes=[Route("/hooks", self._hook, methods=["POST"])]), self.port):
            yield self

    async def _hook(self, request: Request) -> Response:
        body = await request.body()
        self.calls.append(dict(request.headers))
        if self.answers:
            return await self.answers.pop(0)()
        if not self._is_signed(request, body):
            self.forged += 1
            return Response(status_code=401)
        event = await request.json()
        assert event["id"] == request.headers["webhook-id"]
        self.taken.append(event)
        return Response(status_code=204)

    def _is_signed(self, request: Request, body: bytes) -> bool:
        named = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode()
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.new(key, named + body, sha256).digest()).decode()
        return expected in request.headers["webhook-signature"].split()


def answering(status: int, content: bytes = b"", **headers: str) -> Answering:
    """An answer of this kind."""

    async def given() -> Response:
        return Response(content, status_code=status, headers=headers)

    return given
