"""Logs go to stderr, one line an event, without any customer's words."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

RENDER = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])


def _render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """One line, and a traceback as people read it below."""
    traceback = event.pop("exception", None)
    line = str(RENDER(logger, method, event))
    return f"{line}\n{traceback}" if traceback else line


def configure_logs(level: str) -> None:
    """Route structlog and the standard library's loggers to stderr at `level`."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(stream=sys.stderr, level=number, format="%(levelname)s %(name)s %(message)s", force=True)
    for chatty in ("httpx", "httpcore", "rasa_sdk", "alembic", "jieba"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
