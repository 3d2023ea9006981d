"""What the company's own systems can be told of: the catalogue of events, and how a delivery goes on.

An event says that something happened to which row, in codes, numbers and moments; nobody's words, name or telephone
are in it. Whoever wants more asks the staff API for the row, with a key whose scopes say what may be read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum

ALL = "*"
OF_A_KIND = ".*"


class EventType(StrEnum):
    """What can happen."""

    CONVERSATION_OPENED = "conversation.opened"
    CONVERSATION_WAITING = "conversation.waiting"
    CONVERSATION_TAKEN = "conversation.taken"
    CONVERSATION_TRANSFERRED = "conversation.transferred"
    CONVERSATION_RETURNED = "conversation.returned"
    CONVERSATION_CLOSED = "conversation.closed"
    TICKET_REGISTERED = "ticket.registered"
    TICKET_MOVED = "ticket.moved"
    TICKET_HANDED_ON = "ticket.handed_on"
    PROMISE_MADE = "promise.made"
    PROMISE_MOVED = "promise.moved"
    PROMISE_KEPT = "promise.kept"
    PROMISE_BROKEN = "promise.broken"
    RATING_GIVEN = "rating.given"
    ANSWER_RATED = "answer.rated"
    ARTICLE_PUBLISHED = "article.published"
    PING = "ping"


_CONVERSATION = ("conversation_id", "channel", "session_no", "state", "previous_state", "priority", "staff_id")
_TICKET = (
    "number",
    "kind",
    "status",
    "previous_status",
    "level",
    "round",
    "urgency",
    "category",
    "department",
    "source",
    "owner_id",
    "conversation_id",
    "first_contact_due",
    "result_due",
)
_PROMISE = ("promise_id", "ticket_number", "conversation_id", "kind", "state", "due_at", "owner_id")

CATALOGUE: Mapping[EventType, tuple[str, ...]] = {
    EventType.CONVERSATION_OPENED: _CONVERSATION,
    EventType.CONVERSATION_WAITING: _CONVERSATION,
    EventType.CONVERSATION_TAKEN: _CONVERSATION,
    EventType.CONVERSATION_TRANSFERRED: _CONVERSATION,
    EventType.CONVERSATION_RETURNED: _CONVERSATION,
    EventType.CONVERSATION_CLOSED: _CONVERSATION,
    EventType.TICKET_REGISTERED: _TICKET,
    EventType.TICKET_MOVED: _TICKET,
    EventType.TICKET_HANDED_ON: _TICKET,
    EventType.PROMISE_MADE: _PROMISE,
    EventType.PROMISE_MOVED: _PROMISE,
    EventType.PROMISE_KEPT: _PROMISE,
    EventType.PROMISE_BROKEN: _PROMISE,
    EventType.RATING_GIVEN: ("conversation_id", "session_no", "score", "staff_id"),
    EventType.ANSWER_RATED: ("message_id", "article_id", "helpful"),
    EventType.ARTICLE_PUBLISHED: ("article_id", "version", "published_by"),
    EventType.PING: ("receiver",),
}
"""Event -> the names in its `data`, all of them there each time; null where there is nothing."""


def is_wanted(event: str, patterns: Collection[str]) -> bool:
    """Whether `patterns` name an event: by its name, by its kind (`ticket.*`), or all of them (`*`)."""
    kind = event.split(".", 1)[0] + OF_A_KIND
    return ALL in patterns or event in patterns or kind in patterns


def names_nothing(patterns: Collection[str]) -> list[str]:
    """The patterns that no event fits."""
    return [one for one in patterns if not any(is_wanted(event, (one,)) for event in EventType)]


class DeliveryState(StrEnum):
    """How far an event has come to one receiver."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"


PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 7200, 18000, 36000)
)  # 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 5 h, 10 h
"""How long is waited after the first refusal, the second, and so on; after one more the event is dead."""


def pause(attempts: int) -> timedelta | None:
    """How long to wait after so many calls, 1 or more; None: there is no further one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
