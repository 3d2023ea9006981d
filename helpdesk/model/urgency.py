"""How urgent a matter is."""

from __future__ import annotations

from enum import StrEnum


class Urgency(StrEnum):
    """The urgency of a ticket."""

    NORMAL = "normal"
    URGENT = "urgent"
    SAFETY = "safety"


ORDER = (Urgency.NORMAL, Urgency.URGENT, Urgency.SAFETY)


def parse(value: str | None) -> Urgency:
    """Read an urgency; anything unknown counts as normal."""
    return Urgency(value) if value in set(Urgency) else Urgency.NORMAL


def highest(*values: Urgency) -> Urgency:
    """The most urgent of several."""
    return max(values, key=ORDER.index)


def raised(value: Urgency) -> Urgency:
    """A repeated complaint is urgent; a safety matter stays one."""
    return highest(value, Urgency.URGENT)
