"""Which of the company's own systems are told of events (webhooks.yml); docs/webhooks.md tells how."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from helpdesk.company.shape import Shape
from helpdesk.model.event import is_wanted, names_nothing

__all__ = ["Receiver", "ReceiverName"]

ReceiverName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class Receiver(Shape):
    """Where events go. The secret is made from the service's own key, this one's name and `key_number`: raise that
    number for another secret; the one before goes on being signed with, until the receiver has changed over.
    """

    url: Annotated[str, Field(max_length=500)]
    events: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    key_number: int = Field(1, ge=1, le=9999)
    paused: bool = False

    @field_validator("url")
    @classmethod
    def _is_on_the_web(cls, value: str) -> str:
        parts = urlsplit(value)
        is_plain = value.isascii() and not any(sign.isspace() for sign in value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or not is_plain:
            raise ValueError("must be https:// and a host, without a name or password")
        if parts.fragment or parts.port == 0:  # `port` raises ValueError by itself for what is no port
            raise ValueError("has a part that is never sent")
        return value

    @field_validator("events")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := names_nothing(value):
            raise ValueError(f"no event fits {', '.join(unknown)}")
        return value

    def wants(self, event: str) -> bool:
        """Whether it is told of this event."""
        return not self.paused and is_wanted(event, self.events)
