"""Events are read off the rows that a transaction writes, and written with them: whichever use-case it was, an event is
there if, and only if, what it tells of is. Nobody has to remember to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from helpdesk.company import Receiver
from helpdesk.model.conversation import State
from helpdesk.model.event import CATALOGUE, DeliveryState, EventType
from helpdesk.model.promise import PromiseState
from helpdesk.services import Services
from helpdesk.store.tables import (
    AnswerRating,
    ArticleVersion,
    Base,
    Conversation,
    Delivery,
    Promise,
    Rating,
    Ticket,
)

PUBLISHED = "published"
NAMED: Mapping[type[Base], Mapping[str, str]] = {
    Conversation: {"conversation_id": "id"},
    Promise: {"promise_id": "id"},
    AnswerRating: {"article_id": "faq_id"},
    ArticleVersion: {"article_id": "faq_id"},
}
"""Names in an event that are others in its row."""
PREVIOUS = "previous_"
INTO: Mapping[str, EventType] = {
    State.BOT: EventType.CONVERSATION_RETURNED,
    State.WAITING: EventType.CONVERSATION_WAITING,
    State.STAFF: EventType.CONVERSATION_TAKEN,
    State.CLOSED: EventType.CONVERSATION_CLOSED,
}


@dataclass(frozen=True)
class Written:
    """A row that was just written, `is_new` or changed."""

    row: Base
    is_new: bool

    def changed(self, name: str) -> bool:
        """Whether this column has another value now; a new row has changed in all of them."""
        return self.is_new or bool(get_history(self.row, name).has_changes() and self.before(name) != self.now(name))

    def before(self, name: str) -> Any:
        """What stood there, None where nothing did."""
        gone = get_history(self.row, name).deleted
        return gone[0] if gone and not self.is_new else None

    def now(self, name: str) -> Any:
        """What stands there."""
        return getattr(self.row, name)


def _of_conversation(written: Written) -> Iterator[EventType]:
    if written.is_new:
        yield EventType.CONVERSATION_OPENED
    if written.changed("state"):
        was_closed = written.before("state") == State.CLOSED
        is_plain = written.now("state") == State.BOT
        if is_plain and was_closed:
            yield EventType.CONVERSATION_OPENED
        elif not (is_plain and written.is_new):
            yield INTO[written.now("state")]
    elif written.now("state") == State.STAFF and written.changed("staff_id"):
        yield EventType.CONVERSATION_TRANSFERRED


def _of_ticket(written: Written) -> Iterator[EventType]:
    if written.is_new:
        yield EventType.TICKET_REGISTERED
        return
    if written.changed("status"):
        yield EventType.TICKET_MOVED
    if written.changed("owner_id"):
        yield EventType.TICKET_HANDED_ON


SETTLED: Mapping[str, EventType] = {
    PromiseState.KEPT: EventType.PROMISE_KEPT,
    PromiseState.BROKEN: EventType.PROMISE_BROKEN,
}


def _of_promise(written: Written) -> Iterator[EventType]:
    if written.is_new:
        yield EventType.PROMISE_MADE
    elif written.changed("due_at"):
        yield EventType.PROMISE_MOVED
    if written.changed("state") and written.now("state") in SETTLED:
        yield SETTLED[written.now("state")]


def _of_rating(written: Written) -> Iterator[EventType]:
    if written.changed("score"):
        yield EventType.RATING_GIVEN


def _of_answer_rating(written: Written) -> Iterator[EventType]:
    if written.changed("helpful"):
        yield EventType.ANSWER_RATED


def _of_article(written: Written) -> Iterator[EventType]:
    if written.changed("state") and written.now("state") == PUBLISHED:
        yield EventType.ARTICLE_PUBLISHED


TELL: Mapping[type[Base], Callable[[Written], Iterator[EventType]]] = {
    Conversation: _of_conversation,
    Ticket: _of_ticket,
    Promise: _of_promise,
    Rating: _of_rating,
    AnswerRating: _of_answer_rating,
    ArticleVersion: _of_article,
}


def record(services: Services, session: Session) -> None:
    """Write the events of a flush into its transaction, one row for each receiver that wants them."""
    receivers = {name: one for name, one in services.company.webhooks.items() if not one.paused}
    if not receivers:
        return
    now = services.clock.now()
    for written in _written(session):
        for event in TELL[type(written.row)](written):
            session.add_all(deliveries(receivers, event, data_of(event, written), now))


def _written(session: Session) -> list[Written]:
    new = [Written(row, True) for row in session.new if type(row) in TELL]
    return new + [Written(row, False) for row in session.dirty if type(row) in TELL]


def data_of(event: EventType, written: Written) -> dict[str, Any]:
    """What the catalogue names, as JSON can carry it."""
    return {name: _plain(_value(name, written)) for name in CATALOGUE[event]}


def _value(name: str, written: Written) -> Any:
    if name.startswith(PREVIOUS):
        return written.before(name.removeprefix(PREVIOUS))
    return written.now(NAMED.get(type(written.row), {}).get(name, name))


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def deliveries(
    receivers: Mapping[str, Receiver], event: EventType, data: dict[str, Any], now: datetime
) -> Iterable[Delivery]:
    """A row for each receiver that wants the event; its id is the same for all of them."""
    event_id = f"evt_{uuid4().hex}"
    return [
        Delivery(
            event_id=event_id, receiver=name, type=event, data=data, at=now, state=DeliveryState.QUEUED, next_at=now
        )
        for name, one in receivers.items()
        if event is EventType.PING or one.wants(event)
    ]
