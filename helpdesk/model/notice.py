"""A letter on its way to a customer outside the turn: which ways are tried, in which order, and what becomes of each.

A notice goes one way at a time: the open chat first, then whatever the company and the customer put next. It counts as
received when it was delivered or opened, and at no earlier moment; when every way is used up it is undeliverable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from helpdesk.model.delivery import Verdict


class Way(StrEnum):
    """How a customer may be reached."""

    CHAT = "chat"
    WECHAT = "wechat"
    SMS = "sms"
    EMAIL = "email"
    CALL = "call"


CARRIED = frozenset({Way.WECHAT, Way.SMS, Way.EMAIL})
"""Ways that somebody else's service carries."""


class NoticeState(StrEnum):
    """How far a notice has come; the last three are ends."""

    WAITING = "waiting"
    ON_ITS_WAY = "on_its_way"
    RECEIVED = "received"
    UNDELIVERABLE = "undeliverable"
    VOID = "void"


UNDER_WAY = (NoticeState.WAITING, NoticeState.ON_ITS_WAY)


class TryState(StrEnum):
    """What became of one way."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    OPENED = "opened"
    FAILED = "failed"


AFTER: Mapping[TryState, frozenset[TryState]] = {
    TryState.QUEUED: frozenset({TryState.SENDING, TryState.FAILED}),
    TryState.SENDING: frozenset(TryState) - {TryState.SENDING},
    TryState.SENT: frozenset({TryState.DELIVERED, TryState.OPENED, TryState.FAILED}),
    TryState.UNKNOWN: frozenset({TryState.DELIVERED, TryState.OPENED, TryState.FAILED}),
    TryState.DELIVERED: frozenset({TryState.OPENED}),
    TryState.OPENED: frozenset(),
    TryState.FAILED: frozenset({TryState.DELIVERED, TryState.OPENED}),
}
"""What may follow: receipts come late, twice and in any order, and what was read stays read. A receipt or a visit may
overtake the answer to the call that sent it."""


def may_become(state: TryState, then: TryState) -> bool:
    """Whether a try that is `state` may become `then`."""
    return then in AFTER[state]


def in_order(ways: Iterable[Way], preferred: Way | None) -> list[Way]:
    """The ways of a notice: the chat costs nobody anything and stays first; then the one that the customer prefers."""
    return sorted(ways, key=lambda way: (way is not Way.CHAT, way is not preferred))


def next_way(order: Sequence[Way], tried: Collection[Way], open_ways: Collection[Way]) -> Way | None:
    """The first way that was not tried and can be gone; None when all are used up."""
    return next((way for way in order if way not in tried and way in open_ways), None)


# ---------------------------------------------------------------- what carries it


@dataclass(frozen=True)
class Errand:
    """What a courier is given. `text` is the whole letter, which only e-mail may carry; `link` opens it once.

    `id` is ours and the same at every try, so that whoever carries it can tell a repeat.
    """

    id: str
    address: str
    link: str
    title: str
    text: str
    is_fresh: bool = False
    """WeChat: the customer wrote within the window in which anything may be sent."""


@dataclass(frozen=True)
class Answer:
    """What became of a call; `external_id` is what receipts will name."""

    verdict: Verdict
    reason: str = ""
    external_id: str | None = None


class Watched(Protocol):
    """A place that is looked at for what customers answer."""

    def watched(self) -> AbstractAsyncContextManager[None]:
        """Look for as long as the block lasts."""
        ...


class CodeSender(Protocol):
    """Sends a customer a code that shows whose a number is."""

    async def send(self, phone: str, text: str, code_id: str) -> Answer:
        """One call with the whole text; never raises for what the other side answers."""
        ...


class Courier(Protocol):
    """One way's side of it."""

    way: Way

    async def carry(self, errand: Errand) -> Answer:
        """Make the call; never raises for what the other side answers."""
        ...

    async def close(self) -> None:
        """Give back the connections."""
        ...
