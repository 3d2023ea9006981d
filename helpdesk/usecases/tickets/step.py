"""One move that somebody asks of a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpdesk.model.ticket import Action, Finding


@dataclass(frozen=True)
class Step:
    """An action with its reasons. `version`: the one they saw, so that two cannot overwrite each other.

    `force`: the language of the note was found wanting and is kept all the same. `message_id`: the customer's own
    words for it.
    """

    action: Action
    note: str | None = None
    cause: str | None = None
    corrective_action: str | None = None
    version: int | None = None
    to: str | None = None
    finding: Finding | None = None
    force: bool = False
    message_id: str | None = None

    @property
    def detail(self) -> dict[str, Any] | None:
        """What the timeline keeps besides the note."""
        kept = {
            "cause": self.cause,
            "corrective_action": self.corrective_action,
            "to": self.to,
            "finding": self.finding,
            "message": self.message_id,
        }
        return {name: value for name, value in kept.items() if value} or None
