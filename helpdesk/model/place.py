"""Where a page of a long list begins, and how long it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """So many rows behind the row `after`; None: from the start."""

    after: str | None
    limit: int
