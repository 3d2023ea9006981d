"""The survey of service quality: whom it is sent to, and what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field, field_validator

from helpdesk.company.shape import Shape
from helpdesk.model.survey import HIGHEST, Dimension
from helpdesk.model.ticket import Kind

__all__ = ["Survey"]


class Asked(Shape):
    """A dimension as customers read it."""

    title: str
    says: str


class Questions(Shape):
    """What stands above the two scales."""

    expected: str
    perceived: str


class Survey(Shape):
    after: tuple[Kind, ...]
    days: int = Field(ge=0, le=30)
    lasts_days: int = Field(ge=1, le=180)
    quiet_days: int = Field(ge=1, le=730)
    scale: tuple[str, ...] = Field(min_length=HIGHEST, max_length=HIGHEST)
    questions: Questions
    dimensions: Mapping[Dimension, Asked]

    @field_validator("dimensions")
    @classmethod
    def _asks_all(cls, dimensions: Mapping[Dimension, Asked]) -> Mapping[Dimension, Asked]:
        if missing := [str(one) for one in Dimension if one not in dimensions]:
            raise ValueError(f"{missing[0]} is missing: the gaps are told of all five")
        return dimensions

    @property
    def quiet(self) -> timedelta:
        """So long a customer who was asked is not asked again."""
        return timedelta(days=self.quiet_days)
