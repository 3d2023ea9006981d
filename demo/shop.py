"""`make demo-shop`: a shop's own systems as a small server, and a service that asks them instead of reading demo files.

The server keeps the contract of docs/connecting-openapi.yml with the orders of company/orders. `POST /fault/NAME` makes
it misbehave from then on (`FAULTS`), `POST /fault/none` ends that: so one sees what is told meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi.encoders import jsonable_encoder
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from helpdesk.clock import Clock, SystemClock
from helpdesk.company import Company, load_company
from helpdesk.connectors.demo import DemoShop
from helpdesk.model.shop import Order
from helpdesk.store.migrate import migrate
from helpdesk.testing import ROOT, free_port, service_process, settings_for, wait_until_ok, worker_process

FOLDER = ROOT / "var" / "demo-shop"
PASSWORD = "shop-demo"
TOKEN = "shop-token"
NONE, HANG = "none", "hang"
ANOTHER = "0000000000000"

Handler = Callable[[Request], Awaitable[Response]]
FAULTS: dict[str, Callable[[], Response]] = {
    "html": lambda: HTMLResponse("<html><body>系统维护中</body></html>"),
    "error": lambda: JSONResponse({"error": "boom"}, 500),
    "busy": lambda: JSONResponse({"error": "busy"}, 503),
    "large": lambda: Response(b'{"a": "' + b"x" * 10_000_000 + b'"}', media_type="application/json"),
    "broken": lambda: Response(b'{"number": ', media_type="application/json"),
    "deep": lambda: Response(b"[" * 200_000, media_type="application/json"),
    "wrong": lambda: JSONResponse(["something", "else"]),
    "nonsense": lambda: JSONResponse({"number": ANOTHER, "state": "beamed up", "state_since": "soon"}),
    "another": lambda: JSONResponse({"number": ANOTHER, "state": "paid", "state_since": "2026-11-01", "items": []}),
}
"""Ways to answer that are no answer; `HANG` is none at all."""


@dataclass
class StubShop:
    """The systems; `fault` is how they misbehave, `asked` what was asked of them."""

    company: Company
    clock: Clock = field(default_factory=SystemClock)
    token: str = TOKEN
    fault: str = NONE
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._data = DemoShop(self.company, self.clock)
        self.released = asyncio.Event()

    def app(self) -> Starlette:
        """Its routes."""
        return Starlette(
            routes=[
                Route("/fault/{name}", self._set_fault, methods=["POST"]),
                Route("/orders/search", self._guarded(self._search), methods=["POST"]),
                Route("/orders/{number}", self._guarded(self._order)),
                Route("/orders/{number}/progress", self._guarded(self._progress)),
                Route("/orders/{number}/parcels", self._guarded(self._parcels)),
                Route("/parcels/{waybill}", self._guarded(self._parcel)),
                Route("/customers/{customer}", self._guarded(self._customer)),
                Route("/products/{product}", self._guarded(self._product)),
            ]
        )

    def _guarded(self, handler: Handler) -> Handler:
        """Counted, allowed for who has the token, and wrong where it is to be wrong."""

        async def answer(request: Request) -> Response:
            self.asked.append(request.url.path)
            if request.headers.get("authorization") != f"Bearer {self.token}":
                return JSONResponse({"error": "who are you?"}, 401)
            if self.fault == HANG:
                await self.released.wait()
            made = FAULTS.get(self.fault)
            return made() if made else await handler(request)

        return answer

    async def _set_fault(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in (NONE, HANG, *FAULTS):
            return JSONResponse({"faults": [NONE, HANG, *FAULTS]}, 404)
        self.fault = name
        return JSONResponse({"fault": name})

    async def _order(self, request: Request) -> Response:
        found = (await self._data.by_number(request.path_params["number"])).value
        return _found(found and _order(found))

    async def _search(self, request: Request) -> Response:
        asked = await request.json()
        if "customer" in asked:
            found = (await self._data.of_customer(asked["customer"])).value
        else:
            found = (await self._data.by_phone(asked["phone"], asked["surname"])).value
        return _listed("orders", [_order(one) for one in found])

    async def _progress(self, request: Request) -> Response:
        return _listed("progress", (await self._data.progress(request.path_params["number"])).value)

    async def _parcels(self, request: Request) -> Response:
        return _listed("parcels", (await self._data.parcels(request.path_params["number"])).value)

    async def _parcel(self, request: Request) -> Response:
        return _found((await self._data.parcel(request.path_params["waybill"])).value)

    async def _customer(self, request: Request) -> Response:
        return _found((await self._data.by_id(request.path_params["customer"])).value)

    async def _product(self, request: Request) -> Response:
        return _found((await self._data.offer(request.path_params["product"])).value)


def _order(order: Order) -> dict[str, Any]:
    plain = asdict(order)
    return {**plain, "items": [{"name": name, "quantity": 1} for name in plain.pop("products")]}


def _found(thing: Any) -> Response:
    return JSONResponse({"error": "unknown"}, 404) if thing is None else JSONResponse(jsonable_encoder(thing))


def _listed(name: str, things: Sequence[Any]) -> Response:
    return JSONResponse({name: jsonable_encoder(list(things))})


@asynccontextmanager
async def serving(shop: StubShop, port: int) -> AsyncIterator[str]:
    """The shop at a port of the loopback for as long as the block lasts; its address."""
    server = uvicorn.Server(uvicorn.Config(shop.app(), port=port, log_level="error", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    shop.released.set()
    server.should_exit = True
    await running


async def main() -> None:
    """Start everything, say where it is, and end everything."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    port, worker_port = int(os.environ.get("DEMO_PORT") or free_port()), free_port()
    settings = settings_for(
        f"sqlite+aiosqlite:///{FOLDER / 'helpdesk.db'}",
        workers=(f"http://127.0.0.1:{worker_port}",),
        demo=True,
        demo_password=SecretStr(PASSWORD),
        var_dir=FOLDER,
        clock_shift=0.0,
        shop_address=f"http://127.0.0.1:{port}",
        shop_token=SecretStr(TOKEN),
    )
    await asyncio.to_thread(migrate, settings.database_url)
    service = service_process(settings, FOLDER)
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serving(StubShop(load_company(ROOT / "company")), port))
        for process in (worker_process(settings, FOLDER, worker_port, _model()), service):
            process.start()
            stack.callback(process.stop)
        print("starting; the first time takes a minute ...", flush=True)
        await wait_until_ok(f"http://127.0.0.1:{settings.port}/readyz", service)
        print(f"  shop   {address}/orders/2026111500021 (Authorization: Bearer {TOKEN})")
        print(f"  fault  curl -X POST {address}/fault/hang   ({', '.join((NONE, *FAULTS))})")
        print(f"  chat   http://127.0.0.1:{settings.port}/")
        print(
            f"  desk   http://127.0.0.1:{settings.port}/desk (agent, {PASSWORD})",
            "  end    Ctrl-C",
            sep="\n",
            flush=True,
        )
        await asyncio.Event().wait()


def _model() -> Path | str:
    return os.environ.get("BOT_MODEL") or "models/"


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
