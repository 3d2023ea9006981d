"""How a request is refused: in the one error shape, in the company's words, with what the client should wait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from starlette.types import Scope, Send

from helpdesk.errors import HelpdeskError, Reason

WAIT_SECONDS = 5  # where an error does not say how long it makes sense to wait
NOT_NOW = frozenset({429, 503})


ONLY_LOGGED = frozenset({"why"})


class Says(Protocol):
    """What knows the company's words."""

    def refusal(self, error: HelpdeskError) -> str:
        """The sentence of an error."""

    def why(self, reason: Reason) -> str:
        """The sentence of a reason."""


def error_body(error: HelpdeskError, says: Says | None) -> dict[str, Any]:
    """The one shape: `{"error": {"code", "reason", "message", "details"?}}`. `says` None: where no company is read."""
    details = {name: _told(value, says) for name, value in error.details.items() if name not in ONLY_LOGGED}
    message = says.refusal(error) if says else str(error)
    body = {"code": error.code, "reason": error.reason, "message": message}
    return {"error": {**body, "details": details} if details else body}


def words_of(scope: Scope) -> Says | None:
    """The words of the application that a request came to."""
    services = getattr(scope["app"].state, "services", None) if "app" in scope else None
    return services.wording if services else None


def _told(value: Any, says: Says | None) -> Any:
    """A detail as JSON: reasons become sentences, one or a field's each."""
    if isinstance(value, Mapping):
        return {name: _told(one, says) for name, one in value.items()}
    if not isinstance(value, Reason):
        return value
    return says.why(value) if says else value.key


def waiting_headers(error: HelpdeskError) -> dict[str, str]:
    """`Retry-After`, in seconds, where trying again makes sense."""
    if error.status not in NOT_NOW:
        return {}
    return {"Retry-After": str(error.details.get("retry_after_s", WAIT_SECONDS))}


async def refuse(error: HelpdeskError, scope: Scope, send: Send) -> None:
    """Answer with the error. A websocket that was not accepted yet is refused like a request."""
    body = json.dumps(error_body(error, words_of(scope)), ensure_ascii=False).encode()
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
