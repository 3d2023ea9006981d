"""What is live: Socket.IO for customers (`/`) and for the desk (`/desk`), on one path of the public application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from urllib.parse import parse_qs

import socketio
import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from helpdesk.channels.web import OriginRule, WebChat, pump
from helpdesk.desk.live import DeskLive, desk_pump
from helpdesk.door.addresses import caller_of
from helpdesk.door.answers import refuse
from helpdesk.door.limits import CHAT_CONNECTIONS
from helpdesk.errors import TooManyTries
from helpdesk.metrics import SOCKETS
from helpdesk.services import Services

log = structlog.get_logger(__name__)

PATH = "/socket.io"


@dataclass(frozen=True)
class Live:
    """The two sides of the live connection."""

    chat: WebChat
    desk: DeskLive


class Entrance:
    """Lets connections in, so many from one address; who is inside already (`sid`) passes."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if "sid" not in parse_qs(scope["query_string"].decode()):  # read as Engine.IO reads it
                await self._services.limiter.take_from(CHAT_CONNECTIONS, caller_of(scope))
        except TooManyTries as refusal:
            await refuse(refusal, scope, send)
            return
        with SOCKETS.track_inprogress() if scope["type"] == "websocket" else nullcontext():
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(_as_it_came(scope), receive, send)
        except Exception:
            log.exception("live_crashed")


def _as_it_came(scope: Scope) -> Scope:
    """A request that asked to become a websocket and was no handshake stays a request: Engine.IO would open one."""
    if scope["type"] != "http":
        return scope
    return {**scope, "headers": [one for one in scope["headers"] if one[0] != b"upgrade"]}


def install_live(app: FastAPI, services: Services) -> None:
    """Put Socket.IO on its path; `lifespan` feeds it."""
    chat = WebChat(services, OriginRule(services.settings.widget_origins))
    app.state.live = Live(chat, DeskLive(services, chat.sio))
    app.mount(PATH, Entrance(socketio.ASGIApp(chat.sio), services))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Tell browsers what is stored for as long as the application runs."""
    live: Live = app.state.live
    running = (pump(live.chat), desk_pump(live.desk), live.desk.keep_present())
    feeding = [asyncio.create_task(one) for one in running]
    try:
        yield
    finally:
        for task in feeding:
            task.cancel()
        await asyncio.gather(*feeding, return_exceptions=True)
        await live.desk.close()
        await live.chat.sio.shutdown()
