"""Logs go to stderr, one line an event, without any customer's words."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

from helpdesk.metrics import DATABASE_ERRORS
from helpdesk.store.away import AWAY, in_one_line

EVERY_SECONDS = 1.0
RENDER = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])


def _render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """One line, and a traceback as people read it below."""
    traceback = event.pop("exception", None)
    line = str(RENDER(logger, method, event))
    return f"{line}\n{traceback}" if traceback else line


class QuietWhileAway:
    """An absent database is one line a second, whoever notices it, and no traceback: every loop and request would."""

    def __init__(self) -> None:
        self._told_at = -EVERY_SECONDS

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A processor of structlog's: drops the event, or takes its traceback away."""
        error = event.get("exc_info")
        if error is True:
            error = sys.exc_info()[1]
        if not isinstance(error, AWAY):
            return event
        DATABASE_ERRORS.inc()
        now = time.monotonic()
        if now - self._told_at < EVERY_SECONDS:
            raise structlog.DropEvent
        self._told_at = now
        del event["exc_info"]
        event["error"] = in_one_line(error)
        return event


def _is_not_told_by_us(record: logging.LogRecord) -> bool:
    """uvicorn also tells of crashes that we logged with their path, and of an address that is taken."""
    return not isinstance(record.msg, OSError) and not str(record.msg).startswith("Exception in ASGI application")


def configure_logs(level: str) -> None:
    """Route structlog and the standard library's loggers to stderr at `level`."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(stream=sys.stderr, level=number, format="%(levelname)s %(name)s %(message)s", force=True)
    for chatty in ("httpx", "httpcore", "rasa_sdk", "alembic", "jieba"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for told_by_us in ("uvicorn", "engineio", "socketio"):  # one listener as the other, and every stranger's rubbish
        logging.getLogger(told_by_us).setLevel(logging.ERROR)
    logging.getLogger("uvicorn.error").addFilter(_is_not_told_by_us)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            QuietWhileAway(),
            structlog.processors.format_exc_info,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
