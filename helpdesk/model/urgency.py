"""How urgent a matter is, and what follows from it."""

from __future__ import annotations

from enum import StrEnum

from helpdesk.model.conversation import Priority


class Urgency(StrEnum):
    """The urgency of a ticket."""

    NORMAL = "normal"
    URGENT = "urgent"
    SAFETY = "safety"


ORDER = (Urgency.NORMAL, Urgency.URGENT, Urgency.SAFETY)

PRIORITY: dict[Urgency, Priority] = {
    Urgency.NORMAL: Priority.NORMAL,
    Urgency.URGENT: Priority.URGENT,
    Urgency.SAFETY: Priority.SAFETY,
}


def parse(value: str | None) -> Urgency:
    """Read an urgency; anything unknown counts as normal."""
    return Urgency(value) if value in set(Urgency) else Urgency.NORMAL


def highest(*values: Urgency) -> Urgency:
    """The most urgent of several."""
    return max(values, key=ORDER.index)


def raised(value: Urgency) -> Urgency:
    """A repeated complaint is urgent; a safety matter stays one."""
    return highest(value, Urgency.URGENT)


def priority_for(urgency: Urgency, tier: str) -> Priority:
    """The place in the queue's order: the matter first, then who the customer is."""
    if urgency is Urgency.NORMAL and tier == "key":
        return Priority.KEY
    return PRIORITY[urgency]
