"""How customers show that a mobile number is theirs, so that what they said elsewhere follows (joining.yml)."""

from __future__ import annotations

from pydantic import Field

from helpdesk.company.shape import Shape

__all__ = ["Joining"]


class Joining(Shape):
    """`words`: what a customer says alone to be given the link; the rest are limits of codes."""

    words: tuple[str, ...]
    code_minutes: int = Field(ge=1, le=60)
    proof_days: int = Field(ge=1, le=365)
    codes_a_day: int = Field(ge=1, le=50)
    codes_an_hour: int = Field(ge=1, le=50)
    tries: int = Field(ge=1, le=10)
