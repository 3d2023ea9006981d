"""Every request has an id, in its answer and in every line about it."""

from __future__ import annotations

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk.door.bounds import header
from helpdesk.request_id import HEADER, follow, is_well_formed

_RAW = HEADER.lower().encode()


class RequestIds:
    """ASGI middleware; goes around all others, so that a refusal is told with its id, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = _given(scope) or secrets.token_hex(8)
        follow(request_id)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                message["headers"] = [*message["headers"], (_RAW, request_id.encode())]
            await send(message)

        await self._app(scope, receive, told)


def _given(scope: Scope) -> str:
    """What the client or a proxy calls it, where that is well-formed."""
    given = (header(scope, _RAW) or b"").decode("latin-1")
    return given if is_well_formed(given) else ""
