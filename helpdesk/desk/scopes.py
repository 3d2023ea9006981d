"""What a program's key has to allow for each route of the staff API; what is not named here is for people only."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.usecases.people.programs import ANY

READS = {
    "conversations": "conversations:read",
    "tickets": "tickets:read",
    "clocks": "tickets:read",
    "knowledge": "knowledge:read",
    "people": "people:read",
    "titles": ANY,
}
"""Tag of a route -> scope to read it."""
WRITES = {"knowledge": "knowledge:write", "people": "people:write"}
"""Tag of a route -> scope to write by it."""
TICKET_DEEDS = frozenset(
    {"/api/tickets/{number}/notes", "/api/tickets/{number}/contacts", "/api/tickets/{number}/transitions"}
)
"""What is done to a ticket that has an owner; the rest makes somebody the owner or answers for something."""


def scope_of(method: str, path: str, tags: Sequence[str]) -> str | None:
    """The scope for a route (`path` as it is declared); None where a person has to be signed in."""
    area = tags[0] if tags else ""
    if method in {"GET", "HEAD"}:
        return READS.get(area)
    if path in TICKET_DEEDS:
        return "tickets:write"
    return WRITES.get(area)
