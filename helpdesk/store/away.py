"""When the database is away: it does not answer, it is full, or no connection became free in time."""

from __future__ import annotations

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

AWAY = (OperationalError, InterfaceError, TimeoutError)
"""What a unit of work then raises; the same work may succeed later."""


def in_one_line(error: BaseException) -> str:
    """What the driver said, without the statement and SQLAlchemy's advice."""
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return said.splitlines()[0]
