"""What a browser loads: the widget's script, the desk, and in demo mode a shop to try it in.

The files are built (`npm run build` in frontend/); without them the pages say so with 503.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from hashlib import sha256
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from helpdesk.errors import NotFound
from helpdesk.services import Services

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
WIDGET = FRONTEND / "widget" / "dist" / "widget.js"
DESK = FRONTEND / "desk" / "dist"
DEMO = FRONTEND / "demo"

POLICY = (
    "default-src 'self'; img-src 'self' data: blob: https://mmbiz.qpic.cn http://mmbiz.qpic.cn; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
)
"""Pictures from elsewhere are WeChat's alone, where customers' pictures stay; everything else is ours."""
PAGE_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
PACKED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
NOT_BUILT = "the pages are not built: run `npm ci && npm run build` in frontend/"
SHOWN_PRODUCTS = 8

router = APIRouter(include_in_schema=False)


def add_page(router: APIRouter, name: str, files: Collection[str]) -> None:
    """The page /NAME of frontend/NAME, the same for everybody, and the files beside it that may be asked for."""
    folder = FRONTEND / name

    @router.get(f"/{name}")
    async def page() -> Response:
        return FileResponse(folder / "index.html", headers=PAGE_HEADERS)

    @router.get(f"/{name}/{{file}}")
    async def beside(file: str) -> Response:
        if file not in files:
            raise NotFound("page_not_found")
        return FileResponse(folder / file, headers=PAGE_HEADERS)


class BuiltFiles(StaticFiles):
    """A folder's files, compressed for who takes that; before the folder is built there are none, which is no crash."""

    async def check_config(self) -> None:
        """Whoever asks is told 404 for what is not there, also where the folder itself is not."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A whole file is sent packed; a part of one, or what the browser has already, as it is."""
        found = await super().get_response(path, scope)
        if not isinstance(found, FileResponse) or found.status_code != HTTPStatus.OK or not is_packed_for(scope):
            return found
        body = await asyncio.to_thread(_packed_file, Path(found.path), found.headers["etag"])
        kept = {name: found.headers[name] for name in ("etag", "last-modified")}
        return Response(body, media_type=found.media_type, headers={**kept, **PACKED})


def is_packed_for(scope: Scope) -> bool:
    """Whether this browser reads gzip, and asks for all of it."""
    headers = Headers(scope=scope)
    return scope["method"] == "GET" and "gzip" in headers.get("accept-encoding", "") and "range" not in headers


@lru_cache(maxsize=64)
def _packed_file(path: Path, tag: str) -> bytes:
    """Once for each state of a file (`tag`)."""
    return packed(path.read_bytes())


def packed(body: bytes) -> bytes:
    """The same for the same bytes, whenever it is made."""
    return gzip.compress(body, mtime=0)


@lru_cache(maxsize=4)
def _packed_script(body: bytes) -> bytes:
    return packed(body)


def install_pages(app: FastAPI) -> None:
    """The pages' routes, and the desk's built files."""
    app.mount("/desk/assets", BuiltFiles(directory=DESK / "assets", check_dir=False))
    app.include_router(router)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget(request: Request) -> Response:
    """The widget, with the company's name, colour and privacy notice in front."""
    if not WIDGET.exists():
        return PlainTextResponse(NOT_BUILT, status_code=503)
    body = _settings_script(_services(request)) + WIDGET.read_bytes()
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if is_packed_for(request.scope):
        body, headers = await asyncio.to_thread(_packed_script, body), {**headers, **PACKED}
    return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)


def _settings_script(services: Services) -> bytes:
    profile = services.company.profile
    given: Mapping[str, Any] = {
        "company": profile.name,
        "assistant": profile.assistant,
        "colour": profile.brand_colour,
        "privacy": services.company.privacy_notice,
        "hotline": profile.hotline,
        "zone": profile.time_zone,
    }
    return f"window.__SANSHENG__={json.dumps(given, ensure_ascii=True)};\n".encode()


@router.get("/desk")
@router.get("/desk/{page:path}")
async def desk(request: Request, page: str = "") -> Response:
    """The desk is one page; which part of it is shown is the browser's business. It tells by the company's clock."""
    index = DESK / "index.html"
    if not index.exists():
        return PlainTextResponse(NOT_BUILT, status_code=503)
    zone = escape(_services(request).company.profile.time_zone, quote=True)
    body = index.read_text("utf-8").replace("<html ", f'<html data-zone="{zone}" ', 1)
    return HTMLResponse(body, headers=PAGE_HEADERS)


@router.get("/")
async def front(request: Request) -> Response:
    """In demo mode the shop; else there is nothing here for customers, and staff want the desk."""
    if not _services(request).settings.demo:
        return RedirectResponse("/desk")
    return FileResponse(DEMO / "index.html", headers=PAGE_HEADERS)


@router.get("/demo/shop.json")
async def shop(request: Request) -> JSONResponse:
    """What the demo shop shows, from the company's own files."""
    services = _services(request)
    _only_in_demo(services)
    company = services.company
    products = list({one.kind: one for one in company.products.values()}.values())[:SHOWN_PRODUCTS]
    return JSONResponse(
        {
            "company": company.profile.name,
            "slogan": company.profile.slogan,
            "hotline": company.profile.hotline,
            "hours": company.opening_hours.text,
            "products": [
                {"name": one.name, "kind": one.kind, "price": str(one.price), "benefit": one.benefit}
                for one in products
            ],
            "orders": [
                {"number": number, "products": [company.products[item.product].name for item in order.items]}
                for number, order in list(company.orders.items())[:3]
            ],
        }
    )


@router.get("/demo/{name}")
async def demo_file(request: Request, name: str) -> Response:
    """A file of the demo shop."""
    _only_in_demo(_services(request))
    if name not in {"shop.css", "shop.js"}:
        raise NotFound("page_not_found")
    return FileResponse(DEMO / name, headers=PAGE_HEADERS)


def _only_in_demo(services: Services) -> None:
    if not services.settings.demo:
        raise NotFound("page_not_found")
