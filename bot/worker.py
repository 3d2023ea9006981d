"""The dialogue worker: `python -m bot.worker`.

Loads the newest trained model once and answers turns, on the loopback or at a private address. It keeps nothing between
two requests, so it may be killed at any moment and any worker may take any conversation.
"""

from __future__ import annotations

import asyncio
import gc
import hmac
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot import ids, startup
from bot.contract import parse_turn
from bot.errors import BadRequest, BotError, TooLarge, TurnFailed
from bot.settings import Settings, environment

if TYPE_CHECKING:
    from bot.engine import Engine

logger = logging.getLogger("bot.worker")  # __name__ is __main__ when it runs

BODY_LIMIT = 1_000_000  # bytes; a state of 16 KB and a text of 30 KB are large ones
GRACE = 15  # seconds that turns under way get at SIGTERM; a turn takes 8 at most


def create_app(engine: Engine, token: str) -> Starlette:
    """The worker's HTTP surface."""

    async def health(_: Request) -> JSONResponse:
        counted = {} if engine.second is None else {"second_reader": engine.second.counts}
        return JSONResponse({"status": "ok", "model_id": engine.model_id, **counted})

    async def turn(request: Request) -> JSONResponse:
        if not _is_authorised(request, token):
            return _error(401, "unauthorized", "a bearer token is needed")
        try:
            asked = parse_turn(await _json_of(request))
        except BadRequest as error:
            return _error(error.status, error.code, str(error))
        ids.begin(asked.message_id, request.headers.get(ids.HEADER, ""))
        try:
            return JSONResponse(await engine.turn(asked))
        except TurnFailed as failure:
            logger.error("turn conversation=%s failed: %s: %s", asked.conversation, failure.code, failure.detail)
            return _error(503, failure.code, failure.detail)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await engine.close()

    routes = [Route("/health", health), Route("/turn", turn, methods=["POST"])]
    return Starlette(routes=routes, lifespan=lifespan)


def _is_authorised(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


async def _json_of(request: Request) -> Any:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge(f"a body has at most {BODY_LIMIT} bytes")
    try:
        return json.loads(body)
    except ValueError as error:
        raise BadRequest("the body is JSON") from error


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status)


def serve(settings: Settings) -> None:
    """Loads the model and serves until SIGTERM, then finishes the turns under way."""
    gc.disable()  # until all is loaded
    startup.prepare(settings.model, settings.log_level)
    from bot.endpoint import ActionEndpoint  # these import Rasa, which must come after the preparation
    from bot.engine import Engine
    from bot.second.second import second_reader

    endpoint = ActionEndpoint(settings.actions_url, settings.action_token)
    second = second_reader(settings.second_reader) if settings.second_reader else None
    engine = Engine.load(settings.model, endpoint, second)
    asyncio.run(engine.warm_up())
    startup.keep_what_is_loaded()
    logger.info("worker ready model_id=%s port=%d", engine.model_id, settings.port)
    uvicorn.run(
        create_app(engine, settings.worker_token),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",  # uvicorn's detection imports names that the websockets of Rasa's sanic does not have
        timeout_graceful_shutdown=GRACE,
    )


def main() -> int:
    """The command. An unset secret or a missing model stops it with one line that names it."""
    try:
        serve(Settings.from_env(environment()))
    except BotError as error:
        print(f"bot.worker: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
