"""The tracker store that holds nothing: the tracker of a turn travels in a context variable.

Each request is a task of its own with its own context, so twenty conversations at once never see each other's.
"""

from __future__ import annotations

from contextvars import ContextVar

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

_of_this_turn: ContextVar[DialogueStateTracker | None] = ContextVar("tracker_of_this_turn", default=None)


class TurnTrackerStore(TrackerStore):
    """Gives Rasa the tracker of the turn under way, and keeps nothing afterwards."""

    def __init__(self, domain: Domain | None = None) -> None:
        super().__init__(domain)
        self.domain = domain

    def begin(self, tracker: DialogueStateTracker) -> None:
        """Makes the tracker the one of the current task's turn."""
        _of_this_turn.set(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        tracker = _of_this_turn.get()
        if tracker is None or tracker.sender_id != sender_id:
            raise LookupError("no turn of this conversation is under way in this task")
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        _of_this_turn.set(tracker)
