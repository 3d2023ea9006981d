"""A ticket's life: the table of allowed moves and what each one needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from helpdesk.errors import InvalidInput, MoveRefused


class Kind(StrEnum):
    """What a ticket is about."""

    COMPLAINT = "complaint"
    REPAIR = "repair"
    INSTALLATION = "installation"
    REFUND = "refund"
    EXCHANGE = "exchange"
    PRICE_PROTECTION = "price_protection"
    ORDER_CHANGE = "order_change"
    INVOICE = "invoice"
    CALLBACK = "callback"
    OFFLINE_MESSAGE = "offline_message"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    DATA_REQUEST = "data_request"
    INTERNAL = "internal"


VISITS = frozenset({Kind.REPAIR, Kind.INSTALLATION})
"""Kinds for which somebody comes to the customer's home."""


class Status(StrEnum):
    """Where a ticket stands; level and round are fields beside it."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    ANSWERED = "answered"
    SATISFIED = "satisfied"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done to a ticket."""

    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    ANSWER = "answer"
    CORRECT = "correct"
    SATISFY = "satisfy"
    REINVESTIGATE = "reinvestigate"
    CONCLUDE = "conclude"
    WITHDRAW = "withdraw"
    RESUME = "resume"


class Finding(StrEnum):
    """What an investigation came to; either way the customer is told politely and with reasons (C5)."""

    JUSTIFIED = "justified"
    UNFOUNDED = "unfounded"


ALLOWED: dict[tuple[Status, Action], Status] = {
    (Status.REGISTERED, Action.ACCEPT): Status.ACCEPTED,
    (Status.REGISTERED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.ACCEPTED, Action.INVESTIGATE): Status.INVESTIGATING,
    (Status.ACCEPTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.INVESTIGATING, Action.ANSWER): Status.ANSWERED,
    (Status.INVESTIGATING, Action.CONCLUDE): Status.CONCLUDED,
    (Status.INVESTIGATING, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.ANSWERED, Action.CORRECT): Status.ANSWERED,
    (Status.ANSWERED, Action.SATISFY): Status.SATISFIED,
    (Status.ANSWERED, Action.REINVESTIGATE): Status.INVESTIGATING,
    (Status.ANSWERED, Action.CONCLUDE): Status.CONCLUDED,
    (Status.ANSWERED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.WITHDRAWN, Action.RESUME): Status.REGISTERED,
}

NEEDS_NOTE = frozenset({Action.ANSWER, Action.CORRECT, Action.CONCLUDE, Action.REINVESTIGATE})
BY_CUSTOMER = frozenset({Action.SATISFY, Action.WITHDRAW})
"""What only the customer can want: it takes their own words, or a supervisor with a reason."""
IN_HAND = frozenset({Status.REGISTERED, Status.ACCEPTED, Status.INVESTIGATING})
"""There is no result yet."""
CLOSED = frozenset({Status.SATISFIED, Status.CONCLUDED, Status.WITHDRAWN})
CUSTOMERS, INTERNAL = "TS", "NB"
"""Series of numbers: our own tickets (内部) leave no gap in those that customers are told."""
LEVELS = ("department", "office", "management")


def after(status: Status, action: Action) -> Status:
    """The status after `action`.

    Raises:
        MoveRefused: the table has no such move from `status`.
    """
    try:
        return ALLOWED[status, action]
    except KeyError:
        raise MoveRefused(status=status, action=action) from None


def next_level(level: str) -> str:
    """One level up; the highest stays."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def missing_fields(required: Iterable[str | tuple[str, ...]], fields: Mapping[str, Any]) -> list[str]:
    """Names of required fields without a value; a tuple is satisfied by any one of its names."""

    def given(name: str) -> bool:
        return fields.get(name) not in (None, "", [])

    missing = []
    for entry in required:
        names = (entry,) if isinstance(entry, str) else entry
        if not any(given(name) for name in names):
            missing.append(names[0])
    return missing


def require_fields(required: Iterable[str | tuple[str, ...]], fields: Mapping[str, Any]) -> None:
    """Refuse a ticket that lacks a required field, whoever asks for it.

    Raises:
        InvalidInput: with `fields`, the missing names, in its details.
    """
    missing = missing_fields(required, fields)
    if missing:
        raise InvalidInput("fields_missing", fields=missing)


def format_number(day: str, count: int, series: str = CUSTOMERS) -> str:
    """`TS20261121-0001` from a day `20261121` and its running count."""
    return f"{series}{day}-{count:04d}"
