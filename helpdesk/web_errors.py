"""Every error a client sees has one JSON shape: `{"error": {"code", "reason", "message", "details"?}}`."""

from __future__ import annotations

import json
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from helpdesk.door.answers import error_body, waiting_headers, words_of
from helpdesk.door.headers import EVERYWHERE
from helpdesk.errors import HelpdeskError, InvalidInput, NotStored
from helpdesk.request_id import HEADER, followed
from helpdesk.store.away import AWAY

log = structlog.get_logger(__name__)

CLIENT_GONE = 499  # nginx's number for it; there is no official one
CODES = {400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed"}
OTHERWISE = "http_error"


class Refused(HelpdeskError):
    """What the framework refuses, or what is no class of ours: the code is of the one who raises it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code  # type: ignore[misc]


class Told(JSONResponse):
    """JSON that may quote what a client sent: half a surrogate, which no UTF-8 has, goes back as it came, escaped."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")


def install_error_shape(app: FastAPI) -> None:
    """Answer our own errors, the framework's, and the unforeseen in the one shape."""
    app.add_exception_handler(HelpdeskError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(ClientDisconnect, _gone)
    for kind in AWAY:
        app.add_exception_handler(kind, _away)
    app.add_exception_handler(Exception, _unforeseen)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, HelpdeskError)
    if error.status >= 500 and not isinstance(error, NotStored):
        log.error("request_failed", path=request.url.path, code=error.code, error=str(error))
    return Told(_body(request, error), status_code=error.status, headers=waiting_headers(error))


def _body(request: Request, error: HelpdeskError) -> dict[str, Any]:
    return error_body(error, words_of(request.scope))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [{"field": ".".join(map(str, one["loc"])), "problem": one["msg"]} for one in error.errors()]
    return Told(_body(request, InvalidInput(problems=problems)), status_code=InvalidInput.status)


async def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refused = Refused(CODES.get(error.status_code, OTHERWISE))
    return Told(_body(request, refused), status_code=error.status_code, headers=error.headers)


async def _away(request: Request, error: Exception) -> Response:
    """Nothing can be looked up or stored for the moment; the log has one line for all who ask."""
    log.error("database_away", path=request.url.path, exc_info=error)
    return await _ours(request, NotStored())


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody reads this: the client left before it had said all."""
    return Told(_body(request, Refused("client_gone")), status_code=CLIENT_GONE)


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("request_crashed", path=request.url.path, exc_info=error)
    body = _body(request, HelpdeskError())
    return Told(body, status_code=500, headers={**EVERYWHERE, "Cache-Control": "no-store", HEADER: followed()})
