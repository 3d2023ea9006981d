"""How messages reach a channel that has to be called: what is carried, who carries it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

MessageT = TypeVar("MessageT")

WINDOWS: Mapping[str, timedelta] = {"wechat": timedelta(hours=48)}
"""Channel -> how long after a customer's last message anything may be written to them; others have no such limit."""


class Status(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    FAILED = "failed"


class Via(StrEnum):
    """Who carries a message."""

    PASSIVE = "passive"
    API = "api"


class Verdict(StrEnum):
    """What became of a try."""

    SENT = "sent"
    UNKNOWN = "unknown"  # no answer: it may have been delivered; never sent again
    RETRY = "retry"  # certainly not delivered; try later
    BUSY = "busy"  # the same, but much later: a limit of calls was reached
    OUT_OF_WINDOW = "out_of_window"  # the customer has been silent too long
    OVER_BUDGET = "over_budget"  # too many messages for one of the customer's
    NO_API = "no_api"  # this account may only answer passively
    FAILED = "failed"  # refused for good


@dataclass(frozen=True)
class Outcome:
    """A verdict, why, and how many API messages of this parcel the channel has accepted in all."""

    verdict: Verdict
    reason: str = ""
    accepted: int = 0


@dataclass(frozen=True)
class Parcel(Generic[MessageT]):
    """What travels together: the bubbles of one answer, or one message that answers nothing.

    `accepted`: API messages of it that got through in earlier tries.
    """

    sender: str
    messages: tuple[MessageT, ...]
    accepted: int


class Carrier(Protocol[MessageT]):
    """A channel's side of it."""

    channel: str
    window: timedelta  # after the customer's last message nothing may be sent
    budget: int  # API messages for each message of the customer

    def cost(self, messages: Sequence[MessageT]) -> int:
        """API messages that these bubbles need, sent together."""
        ...

    async def deliver(self, parcel: Parcel[MessageT]) -> Outcome:
        """Make the calls; never raises for what the channel answers."""
        ...

    async def close(self) -> None:
        """Let what is under way end and give back the connections."""
        ...
