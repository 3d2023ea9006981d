"""The id by which a request is found again in the logs: of this process, of the worker, and of a proxy before us."""

from __future__ import annotations

import re

from structlog.contextvars import bind_contextvars, get_contextvars

HEADER = "X-Request-ID"
_NAME = "request"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def is_well_formed(text: str) -> bool:
    """Whether it may stand in a log: one of another shape could forge a line."""
    return _WELL_FORMED.fullmatch(text) is not None


def follow(request_id: str) -> None:
    """From here on every line of this task, and of those it starts, carries the id; an empty one is none."""
    if request_id:
        bind_contextvars(**{_NAME: request_id})


def followed() -> str:
    """The id of the request that this task works for; empty where time itself set it to work."""
    return str(get_contextvars().get(_NAME, ""))
