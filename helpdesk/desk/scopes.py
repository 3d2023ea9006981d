"""What a program's key has to allow for each request to the staff API; what is not named here is for people only."""

from __future__ import annotations

from helpdesk.usecases.people.programs import ANY

READS = {
    "queue": "conversations:read",
    "conversations": "conversations:read",
    "canned": "conversations:read",
    "talks": "conversations:read",
    "tags": "conversations:read",
    "matters": "conversations:read",
    "tickets": "tickets:read",
    "promises": "tickets:read",
    "warnings": "tickets:read",
    "calls": "tickets:read",
    "undelivered": "tickets:read",
    "knowledge": "knowledge:read",
    "people": "people:read",
    "titles": ANY,
}
"""What a path under /api begins with -> scope to read it."""
WRITES = {"knowledge": "knowledge:write", "people": "people:write"}
"""The same -> scope to write there."""
TICKET_DEEDS = frozenset({"notes", "contacts", "transitions"})
"""What is done to a ticket that has an owner; the rest makes somebody the owner or answers for something."""


def scope_of(method: str, path: str) -> str | None:
    """The scope for a request to a path like /api/tickets/TS20261121-0001/notes; None where a person has to come."""
    _, _, area, *rest = (*path.split("/"), "")
    if method in {"GET", "HEAD"}:
        return READS.get(area)
    if area == "tickets" and len(rest) == 3 and rest[1] in TICKET_DEEDS:
        return "tickets:write"
    return WRITES.get(area)
