"""What every answer tells a browser: guess no type, leak no address, and keep nothing that is somebody's."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"  # answers that are no pages
PERSONAL = ("/api/", "/webhooks/", "/wechat", "/web/", "/socket.io", "/healthz", "/readyz")
HSTS = "max-age=31536000; includeSubDomains"


class Headers:
    """ASGI middleware; what a route says itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = _wanted(scope)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told)


def _wanted(scope: Scope) -> dict[str, str]:
    wanted = dict(EVERYWHERE)
    if scope["path"].startswith(PERSONAL):
        wanted |= {"Cache-Control": "no-store", "Content-Security-Policy": NOTHING_RUNS}
    if scope.get("scheme") == "https":
        wanted["Strict-Transport-Security"] = HSTS
    return wanted
