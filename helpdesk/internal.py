"""The second listener, for the worker and the operator: custom actions, metrics, detailed health.

It is bound to the loopback or to a private address, and everything but the health routes needs `HELPDESK_ACTION_TOKEN`.
"""

from __future__ import annotations

import hmac
import importlib
from collections import OrderedDict
from contextlib import suppress
from typing import Any

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from structlog.contextvars import bind_contextvars

from helpdesk.channels.rest import read_json
from helpdesk.door.bounds import Bounds
from helpdesk.door.request_ids import RequestIds
from helpdesk.errors import InvalidInput, NotSignedIn
from helpdesk.gauges import look
from helpdesk.health import checks
from helpdesk.metrics import ACTION_SECONDS, exposition
from helpdesk.services import Services
from helpdesk.store.away import AWAY
from helpdesk.web_errors import install_error_shape
from zhtext import shared_encoder

log = structlog.get_logger(__name__)

BODY_LIMIT = 2_000_000  # bytes; a domain is 0.3 MB
DOMAINS_KEPT = 4  # models served at the same time while workers are replaced one by one
DOMAIN_MISSING = 449  # rasa-sdk's "missing domain context": the worker sends the call again with it
REJECTED = 400
PACKAGE = "actions"
"""What the bot does stands above the service that runs it: the package is named, as for Rasa's own action server."""

router = APIRouter()


class Actions:
    """The bot's actions as one call; domains are remembered by the digest the worker names them by."""

    def __init__(self, services: Services) -> None:
        self._executor = ActionExecutor()
        self._domains: OrderedDict[str, dict[str, Any]] = OrderedDict()
        for action in importlib.import_module(PACKAGE).build_actions(services):
            self._executor.register_action(action)

    async def run(self, call: dict[str, Any]) -> Any:
        """Run one action call.

        Raises:
            ActionMissingDomainException: the domain of this digest has not been sent yet.
            ActionExecutionRejection: the action does not apply; the dialogue goes another way.
        """
        digest = str(call.get("domain_digest"))
        if call.get("domain"):
            self._remember(digest, call["domain"])
        if digest not in self._domains:
            raise ActionMissingDomainException(str(call.get("next_action")))
        return await self._executor.run({**call, "domain": self._domains[digest]})

    def _remember(self, digest: str, domain: dict[str, Any]) -> None:
        self._domains[digest] = domain
        while len(self._domains) > DOMAINS_KEPT:
            self._domains.popitem(last=False)


def check_token(request: Request) -> None:
    """Refuse whoever is not the worker or the operator."""
    services: Services = request.app.state.services
    expected = f"Bearer {services.settings.action_token.get_secret_value()}"
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
        raise NotSignedIn("token_wanted", setting="HELPDESK_ACTION_TOKEN")


async def _guard(request: Request) -> None:
    check_token(request)


Guarded = [Depends(_guard)]


async def run_action(request: Request) -> JSONResponse:
    """Rasa's action webhook; a plain route, for it is called with every message and declares nothing to be read."""
    check_token(request)
    actions: Actions = request.app.state.actions
    call = await read_json(request)
    if not isinstance(call, dict):
        raise InvalidInput("body_no_object")
    bind_contextvars(**_turn_of(call))
    if encoder := shared_encoder():
        encoder.take(call.get("sentence"))
    log.info("action", name=call.get("next_action"))
    try:
        with ACTION_SECONDS.time():
            result = await actions.run(call)
    except ActionExecutionRejection as rejection:
        return _named(REJECTED, rejection.message, rejection.action_name)
    except ActionMissingDomainException as missing:
        return _named(DOMAIN_MISSING, missing.message, missing.action_name)
    except ActionNotFoundException as unknown:
        return _named(404, unknown.message, unknown.action_name)
    return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})


def _turn_of(call: dict[str, Any]) -> dict[str, str]:
    """The conversation, and the message with its turn, as every line about this action names them."""
    tracker = _object(call.get("tracker"))
    message = _object(tracker.get("latest_message")).get("message_id")
    return {"conversation": str(tracker.get("sender_id")), "message": str(message)}


def _object(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _named(status: int, message: str, action: str) -> JSONResponse:
    """rasa-sdk's own shape: the worker reads `action_name`."""
    return JSONResponse({"error": message, "action_name": action}, status_code=status)


@router.get("/metrics", dependencies=Guarded)
async def metrics(request: Request) -> Response:
    """Prometheus' text format."""
    with suppress(*AWAY):
        await look(request.app.state.services)
    return Response(exposition(), media_type="text/plain; version=0.0.4")


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is up."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """What is ready and what is not, by name."""
    found = await checks(request.app.state.services)
    return JSONResponse(
        {"status": "ok" if found.is_ready else "not ready", **found.details}, status_code=200 if found.is_ready else 503
    )


def internal_app(services: Services) -> FastAPI:
    """The application behind the second listener."""
    app = FastAPI(title="三声 internal", openapi_url=None)
    app.state.services = services
    app.state.actions = Actions(services)
    app.include_router(router)
    app.add_route("/internal/actions", run_action, methods=["POST"])
    install_error_shape(app)
    app.add_middleware(Bounds, body_bytes=BODY_LIMIT)
    app.add_middleware(RequestIds)
    return app
