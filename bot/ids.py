"""The ids by which one turn is found again in the logs of the worker and of the service.

The request's id comes with the service's call and goes on with every call of an action.
"""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,128}")

message: ContextVar[str] = ContextVar("message", default="")
request: ContextVar[str] = ContextVar("request", default="")


def begin(message_id: str, request_id: str) -> None:
    """From here on this task's lines carry both; an id of another shape than ours could forge a line, so it is none."""
    message.set(message_id if _WELL_FORMED.fullmatch(message_id) else "")
    request.set(request_id if _WELL_FORMED.fullmatch(request_id) else "")


def add_to(record: logging.LogRecord) -> bool:
    """A filter of a handler: `%(ids)s` is what is known, each with a space before it."""
    known = {"message": message.get(), "request": request.get()}
    record.ids = "".join(f" {name}={value}" for name, value in known.items() if value)
    return True
