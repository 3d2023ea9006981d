"""What to do about a message: one table in order of urgency. See README.md."""

from __future__ import annotations

from actions.decide.reading import Reading
from actions.decide.seen import Move, Seen
from actions.decide.table import decide

__all__ = ["Move", "Reading", "Seen", "decide"]
