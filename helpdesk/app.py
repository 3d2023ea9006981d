"""The public application: channels, the staff API, health."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from helpdesk import join_page, portal, survey_page
from helpdesk.channels import files, rest, wechat
from helpdesk.channels.web.pictures import install_pictures
from helpdesk.couriers import receipts, replies
from helpdesk.desk import api as desk
from helpdesk.door.answers import WAIT_SECONDS
from helpdesk.door.bounds import Bounds
from helpdesk.door.headers import Headers
from helpdesk.door.request_ids import RequestIds
from helpdesk.door.watch import Watch
from helpdesk.health import checks
from helpdesk.live import install_live, lifespan
from helpdesk.services import Services
from helpdesk.web_errors import install_error_shape
from helpdesk.web_pages import install_pages


def public_app(services: Services) -> FastAPI:
    """The application that faces the Internet."""
    app = FastAPI(title="三声", openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    app.state.services = services
    app.include_router(rest.router)
    app.include_router(wechat.router)
    app.include_router(files.router)
    app.include_router(portal.router)
    app.include_router(join_page.router)
    app.include_router(survey_page.router)
    app.include_router(receipts.router)
    app.include_router(replies.router)
    app.add_api_route("/healthz", healthz, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/readyz", readyz, methods=["GET", "HEAD"], include_in_schema=False)
    app.include_router(desk.router)  # last: a request that passes it prepares its hundred routes, a fifth of a second
    install_live(app, services)
    install_pictures(app, services.settings.widget_origins)
    install_pages(app)
    install_error_shape(app)
    app.add_middleware(Bounds)
    app.add_middleware(Watch, notices=services.notices)
    app.add_middleware(Headers)
    app.add_middleware(RequestIds)
    return app


async def healthz() -> dict[str, str]:
    """The process is up."""
    return {"status": "ok"}


async def readyz(request: Request) -> JSONResponse:
    """Ready or not, and no word about why: details are on the second listener."""
    if (await checks(request.app.state.services)).is_ready:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"status": "not ready"}, 503, {"Retry-After": str(WAIT_SECONDS)})
