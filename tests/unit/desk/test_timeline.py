"""A timeline alone tells where its ticket stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.model.timeline import CHANGED, Standing, replay, with_changes

STATUSES = ("registered", "accepted", "investigating", "answered")
standings = st.builds(
    Standing,
    status=st.sampled_from(STATUSES),
    owner=st.sampled_from(("agent", "agent2", "supervisor")),
    department=st.sampled_from(("quality", "office", "management")),
    level=st.sampled_from(("department", "office", "management")),
    round=st.integers(1, 3),
    urgency=st.sampled_from(("normal", "urgent", "safety")),
)


@dataclass
class Event:
    """What is stored of one."""

    to_status: str | None
    detail: dict[str, Any] | None


def written(history: list[Standing]) -> list[Event]:
    """The events that a ticket's history leaves."""
    events: list[Event] = []
    before: Standing | None = None
    for after in history:
        moved = before is None or before.status != after.status
        events.append(Event(after.status if moved else None, with_changes({"cause": "x"}, before, after)))
        before = after
    return events


@given(st.lists(standings, min_size=1, max_size=12))
def test_replaying_gives_the_last_standing(history: list[Standing]) -> None:
    assert replay(written(history)) == history[-1]


@given(standings)
def test_what_changes_nothing_says_nothing(standing: Standing) -> None:
    assert with_changes(None, standing, standing) is None
    assert with_changes({"note": "x"}, standing, standing) == {"note": "x"}


def test_a_timeline_without_its_beginning_cannot_be_replayed() -> None:
    for events in ([], [Event("accepted", None)], [Event(None, {CHANGED: {"owner": "agent"}})]):
        with pytest.raises(ValueError, match=r"events|tells only"):
            replay(events)
