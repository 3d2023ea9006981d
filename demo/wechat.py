"""`make demo-wechat`: a phone in the browser before the real WeChat callback, on a small platform of our own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from helpdesk.clock import SystemClock
from helpdesk.settings import Settings
from helpdesk.store.migrate import migrate
from helpdesk.testing import ROOT, Process, free_port, service_process, settings_for, wait_until_ok
from helpdesk.testing import worker_process as start_worker
from tests.support.wechat_server import WeChatServer
from tests.support.wechat_world import account_environment

FOLDER = ROOT / "var" / "demo-wechat"
PAGE = Path(__file__).with_name("phone.html")
PASSWORD = "wechat-demo"


class PhonePage:
    """The page, and what it asks: send a text or an event, read what appeared."""

    def __init__(self, wechat: WeChatServer) -> None:
        self._wechat = wechat

    def routes(self) -> list[Route]:
        """Its addresses, beside those of the platform's API."""
        return [
            Route("/", self._page),
            Route("/phone/{open_id}", self._seen),
            Route("/phone/{open_id}/say", self._say, methods=["POST"]),
            Route("/phone/{open_id}/event", self._event, methods=["POST"]),
        ]

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(PAGE.read_text("utf-8"))

    async def _seen(self, request: Request) -> Response:
        phone = self._wechat.phones[request.path_params["open_id"]]
        seen = [{"text": one.text, "via": one.via, "menu": one.menu} for one in phone.seen]
        return JSONResponse({"seen": seen, "typing": phone.typing})

    async def _say(self, request: Request) -> Response:
        body = await request.json()
        more = {"bizmsgmenuid": body["menu"]} if body.get("menu") else {}
        await self._wechat.say(request.path_params["open_id"], body["text"], **more)
        return JSONResponse({})

    async def _event(self, request: Request) -> Response:
        body = await request.json()
        await self._wechat.event(request.path_params["open_id"], body["event"], body.get("key", ""))
        return JSONResponse({})


def demo_settings(worker_port: int) -> Settings:
    """A service of its own, so that a running one is left alone."""
    url = f"sqlite+aiosqlite:///{FOLDER / 'helpdesk.db'}"
    return settings_for(
        url,
        workers=(f"http://127.0.0.1:{worker_port}",),
        demo=True,
        demo_password=SecretStr(PASSWORD),
        var_dir=FOLDER,
        recover_every=3.0,
        clock_shift=0.0,
    )


def processes(settings: Settings, worker_port: int, api_base: str) -> list[Process]:
    """Worker and service, not started yet; whose accounts are there, so that the desk can be opened too."""
    model = os.environ.get("BOT_MODEL") or "models/"
    return [
        start_worker(settings, FOLDER, worker_port, model),
        service_process(settings, FOLDER, **account_environment(api_base)),
    ]


async def serve(wechat: WeChatServer, port: int) -> None:
    """The page and the platform's API, until Ctrl-C."""
    app: Any = Starlette(routes=[*PhonePage(wechat).routes(), *wechat.app().routes])
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)).serve()


async def main() -> None:
    """Start everything, say where it is, and end everything."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    worker_port, port = free_port(), int(os.environ.get("DEMO_PORT") or free_port())
    settings = demo_settings(worker_port)
    wechat = WeChatServer(port, f"http://127.0.0.1:{settings.port}/wechat", mode="safe", now=SystemClock().now)
    await asyncio.to_thread(migrate, settings.database_url)
    async with AsyncExitStack() as stack:
        for process in processes(settings, worker_port, wechat.url):
            process.start()
            stack.callback(process.stop)
        print("starting; the first time takes a minute ...", flush=True)
        await wait_until_ok(f"http://127.0.0.1:{settings.port}/readyz", process)
        print(
            f"  phone  {wechat.url}/", f"  desk   http://127.0.0.1:{settings.port}/desk (agent, {PASSWORD})", sep="\n"
        )
        print("  end    Ctrl-C", flush=True)
        await serve(wechat, port)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
