"""What is live: Socket.IO for customers (`/`) and for the desk (`/desk`), on one path of the public application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import socketio
from fastapi import FastAPI

from helpdesk.channels.web import OriginRule, WebChat, pump
from helpdesk.desk.live import DeskLive, desk_pump
from helpdesk.services import Services

PATH = "/socket.io"


@dataclass(frozen=True)
class Live:
    """The two sides of the live connection."""

    chat: WebChat
    desk: DeskLive


def install_live(app: FastAPI, services: Services) -> None:
    """Put Socket.IO on its path; `lifespan` feeds it."""
    chat = WebChat(services, OriginRule(services.settings.widget_origins))
    app.state.live = Live(chat, DeskLive(services, chat.sio))
    app.mount(PATH, socketio.ASGIApp(chat.sio))


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
