"""How the files of customers are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field, field_validator

from helpdesk.company.shape import Shape
from helpdesk.model.follow_up import By, Occasion

__all__ = ["CustomerFiles"]

PLANNED = (Occasion.INSTALLATION, Occasion.COMPLAINT, Occasion.LOW_RATING)
"""The occasions that are planned by themselves; one that is left out is not."""


class Plan(Shape):
    """So many days after, and how."""

    days: int = Field(ge=0, le=365)
    way: By


class CustomerFiles(Shape):
    share_new: bool
    follow_ups: Mapping[Occasion, Plan]
    stale_days: int = Field(ge=30)

    @field_validator("follow_ups")
    @classmethod
    def _ends_by_itself(cls, plans: Mapping[Occasion, Plan]) -> Mapping[Occasion, Plan]:
        if wrong := [str(one) for one in plans if one not in PLANNED]:
            raise ValueError(f"{wrong[0]} is not planned by itself: {', '.join(PLANNED)} are")
        return plans

    @property
    def stale_after(self) -> timedelta:
        """The same as a span of time."""
        return timedelta(days=self.stale_days)
