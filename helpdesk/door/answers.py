"""How a request is refused before it reaches a route: in the one error shape, with what the client should wait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import Scope, Send

from helpdesk.errors import HelpdeskError

WAIT_SECONDS = 5  # where an error does not say how long it makes sense to wait
NOT_NOW = frozenset({429, 503})


def error_body(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The one shape: `{"error": {"code", "message", "details"?}}`."""
    error: dict[str, Any] = {"code": code, "message": message}
    return {"error": {**error, "details": dict(details)} if details else error}


def waiting_headers(error: HelpdeskError) -> dict[str, str]:
    """`Retry-After`, in seconds, where trying again makes sense."""
    if error.status not in NOT_NOW:
        return {}
    return {"Retry-After": str(error.details.get("retry_after_s", WAIT_SECONDS))}


async def refuse(error: HelpdeskError, scope: Scope, send: Send) -> None:
    """Answer with the error. A websocket that was not accepted yet is refused like a request."""
    body = json.dumps(error_body(error.code, str(error), error.details), ensure_ascii=False).encode()
    more = {"Content-Type": "application/json", "Content-Length": str(len(body)), **waiting_headers(error)}
    headers = [(name.lower().encode(), value.encode()) for name, value in more.items()]
    kind = "http"
    if scope["type"] == "websocket":
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        kind = "websocket.http"
    await send({"type": f"{kind}.response.start", "status": error.status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": body})
