"""How a timeline tells where its ticket stands: every event carries what it changed, so that all can be replayed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

CHANGED = "changed"
"""The key in an event's detail that holds the new values."""


class TicketLike(Protocol):
    """What is read of a ticket."""

    status: Any
    owner_id: Any
    department: Any
    level: Any
    round: Any
    urgency: Any


class EventLike(Protocol):
    """What is read of an event."""

    to_status: Any
    detail: Any


@dataclass(frozen=True)
class Standing:
    """Where a ticket stands and with whom."""

    status: str
    owner: str
    department: str
    level: str
    round: int
    urgency: str

    @classmethod
    def of(cls, ticket: TicketLike) -> Standing:
        """The standing of a row, by value: the row may change afterwards."""
        return cls(
            str(ticket.status),
            ticket.owner_id,
            ticket.department,
            str(ticket.level),
            ticket.round,
            str(ticket.urgency),
        )


@dataclass(frozen=True)
class Line:
    """One line of a timeline: what was done to the ticket, by whom, and what is told of it."""

    action: str
    actor: str
    note: str | None = None
    detail: Mapping[str, Any] | None = None


def changes(before: Standing | None, after: Standing) -> dict[str, Any]:
    """The new values of what differs, but for the status, which every event has a place for; everything at first."""
    old = asdict(before) if before else {}
    return {name: value for name, value in asdict(after).items() if name != "status" and old.get(name) != value}


def with_changes(detail: Mapping[str, Any] | None, before: Standing | None, after: Standing) -> dict[str, Any] | None:
    """An event's detail with what it changed."""
    found = changes(before, after)
    return {**(detail or {}), **({CHANGED: found} if found else {})} or None


def replay(events: Iterable[EventLike]) -> Standing:
    """Where a ticket stands, told from its events alone, oldest first.

    Raises:
        ValueError: the first event does not tell everything.
    """
    standing: Standing | None = None
    for event in events:
        told = dict((event.detail or {}).get(CHANGED) or {})
        if event.to_status:
            told["status"] = event.to_status
        try:
            standing = replace(standing, **told) if standing else Standing(**told)
        except TypeError as error:
            raise ValueError(f"the first event tells only {sorted(told)}") from error
    if standing is None:
        raise ValueError("there are no events")
    return standing
