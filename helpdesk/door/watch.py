"""What an operator should know about the way requests come in, found out from the requests themselves."""

from __future__ import annotations

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk.door.addresses import caller_of
from helpdesk.metrics import REQUESTS

log = structlog.get_logger(__name__)

UNTRUSTED_PROXY = "proxy_not_trusted"
ADVICE = (
    "a proxy forwards requests and HELPDESK_TRUSTED_PROXIES does not name it: all customers look like one address, "
    "and limits that belong to each are shared by all"
)


class Watch:
    """ASGI middleware; `notices` collects what was found, by name, and each is logged once."""

    def __init__(self, app: ASGIApp, notices: dict[str, str]) -> None:
        self._app = app
        self._notices = notices

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_request = scope["type"] in {"http", "websocket"}
        if is_request and UNTRUSTED_PROXY not in self._notices and caller_of(scope).is_shared:
            self._notices[UNTRUSTED_PROXY] = ADVICE
            log.warning(UNTRUSTED_PROXY, advice=ADVICE)
        await self._app(scope, receive, _counting(scope, send) if scope["type"] == "http" else send)


def _counting(scope: Scope, send: Send) -> Send:
    """Answers are counted by the route's pattern: addresses that nobody has are one."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            REQUESTS.labels(pattern(scope), str(message["status"])).inc()
        await send(message)

    return told


def pattern(scope: Scope) -> str:
    """The address with its parameters as names: `/api/tickets/{number}`."""
    if "route" not in scope:
        return "other"
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        before, found, after = path.rpartition(f"/{value}")
        path = f"{before}/{{{name}}}{after}" if found else path
    return path
