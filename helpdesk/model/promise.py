"""A promise: what we said we would do, by when, and whether we did (诚信守约)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class PromiseState(StrEnum):
    """Open until the thing is done or its time has passed."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


class PromiseKind(StrEnum):
    """What was promised."""

    FIRST_CONTACT = "first_contact"
    RESULT = "result"
    CALLBACK = "callback"
    STAFF = "staff"
    ORDER = "order"


def settled(due_at: datetime, done_at: datetime) -> PromiseState:
    """What an open promise becomes when the thing is done at `done_at`."""
    return PromiseState.KEPT if done_at <= due_at else PromiseState.BROKEN


def is_overdue(state: PromiseState, due_at: datetime, now: datetime) -> bool:
    """True for an open promise whose time has passed; it is then broken."""
    return state is PromiseState.OPEN and now > due_at
