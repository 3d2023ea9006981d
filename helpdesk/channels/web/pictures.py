"""Pictures of the web chat over HTTP: sent with the session's id, shown to that session and to staff.

The id travels in a header, never in an address: addresses end up in logs and histories. No cookie speaks for a
customer, so another site's page can do nothing here in somebody's name.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path, Request
from fastapi.responses import Response
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from helpdesk.channels.web.server import CHANNEL
from helpdesk.channels.web.sessions import known_sender
from helpdesk.desk.access import current
from helpdesk.door.addresses import caller_of
from helpdesk.door.forms import picture_of
from helpdesk.door.given import Given, services_of
from helpdesk.door.limits import PICTURES_FROM
from helpdesk.errors import NotSignedIn
from helpdesk.store.tables import Picture
from helpdesk.usecases.conversations import pictures

SESSION_HEADER = "X-Session-Id"
SHARED = ("/web/", "/pictures/")

router = APIRouter(include_in_schema=False)


@router.post("/web/pictures", status_code=201)
async def send(request: Request, services: Given) -> dict[str, str]:
    """Take a picture of a session; the message that shows it names its id in `metadata`."""
    sender = await _sender(request)
    await pictures.check_rate(services, CHANNEL, sender)
    await services.limiter.take_from(PICTURES_FROM, caller_of(request.scope))
    picture_id = await pictures.keep(services, CHANNEL, sender, await picture_of(request.headers, request.stream()))
    return {"id": picture_id, "url": pictures.address(picture_id)}


async def visible(request: Request, picture_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]) -> Picture:
    """The picture, if it is the asking session's own or the asker is staff.

    Raises:
        NotSignedIn: nobody asks. NotFound: unknown and foreign pictures look the same.
    """
    services = services_of(request)
    if SESSION_HEADER in request.headers:
        return await pictures.own(services, CHANNEL, await _sender(request), picture_id)
    await current(request)
    return await pictures.any_of(services, picture_id)


@router.api_route("/pictures/{picture_id}", methods=["GET", "HEAD"])
async def show(request: Request, services: Given, picture: Annotated[Picture, Depends(visible)]) -> Response:
    """A picture, as nothing but a picture: a browser may neither guess another type nor run anything of it."""
    tag = f'"{picture.id}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, max-age=86400, immutable",
        "Vary": f"Cookie, Authorization, {SESSION_HEADER}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": "inline",
        "Referrer-Policy": "no-referrer",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(await pictures.content(services, picture.id), media_type=picture.content_type, headers=headers)


async def _sender(request: Request) -> str:
    """Whose session the request names.

    Raises:
        NotSignedIn: it names none that we issued.
    """
    sender = await known_sender(services_of(request), request.headers.get(SESSION_HEADER))
    if sender is None:
        raise NotSignedIn("chat_session_wanted", header=SESSION_HEADER)
    return sender


class SharedWithSites:
    """Lets pages that may embed the chat use these routes from a browser, and no other route of the application."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=[SESSION_HEADER], max_age=3600
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_shared = scope["type"] == "http" and scope["path"].startswith(SHARED)
        await (self._shared if is_shared else self._app)(scope, receive, send)


def install_pictures(app: FastAPI, origins: tuple[str, ...]) -> None:
    """The routes, open to the sites that may embed the chat."""
    app.include_router(router)
    app.add_middleware(SharedWithSites, origins=origins)
