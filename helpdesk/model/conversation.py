"""A conversation: who answers, and which moves between its states are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk.errors import MoveRefused


class State(StrEnum):
    """Who answers the customer's next message."""

    BOT = "bot"
    WAITING = "waiting"
    STAFF = "staff"
    CLOSED = "closed"


class Author(StrEnum):
    """Who said a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class Move(StrEnum):
    """What can be done to a conversation."""

    QUEUE = "queue"  # the customer asks for a person
    LEAVE_QUEUE = "leave_queue"  # the customer no longer wants to wait
    TAKE = "take"  # staff takes it
    TRANSFER = "transfer"  # staff hands it to a colleague or back into the queue's order
    REQUEUE = "requeue"  # the staff connection was lost
    RELEASE = "release"  # staff gives it back to the bot
    CLOSE = "close"
    REOPEN = "reopen"  # the customer writes again
    WRITE_AGAIN = "write_again"  # staff writes to them first


ALLOWED: dict[tuple[State, Move], State] = {
    (State.BOT, Move.QUEUE): State.WAITING,
    (State.BOT, Move.TAKE): State.STAFF,
    (State.BOT, Move.CLOSE): State.CLOSED,
    (State.WAITING, Move.LEAVE_QUEUE): State.BOT,
    (State.WAITING, Move.TAKE): State.STAFF,
    (State.WAITING, Move.CLOSE): State.CLOSED,
    (State.STAFF, Move.TRANSFER): State.STAFF,
    (State.STAFF, Move.REQUEUE): State.WAITING,
    (State.STAFF, Move.RELEASE): State.BOT,
    (State.STAFF, Move.CLOSE): State.CLOSED,
    (State.CLOSED, Move.REOPEN): State.BOT,
    (State.CLOSED, Move.WRITE_AGAIN): State.STAFF,
}


def after(state: State, move: Move) -> State:
    """The state after `move`.

    Raises:
        MoveRefused: the table has no such move from `state`.
    """
    try:
        return ALLOWED[state, move]
    except KeyError:
        raise MoveRefused(state=state, move=move) from None


class Priority(StrEnum):
    """Order of the queue; see `rank`."""

    SAFETY = "safety"
    URGENT = "urgent"
    KEY = "key"
    NORMAL = "normal"


RANK: dict[Priority, int] = {Priority.SAFETY: 0, Priority.URGENT: 1, Priority.KEY: 2, Priority.NORMAL: 3}


@dataclass(frozen=True)
class TurnRef:
    """One attempt to answer: actions name it when they stage an effect."""

    conversation_id: str
    message_id: str
    turn_no: int

    @classmethod
    def parse(cls, conversation_id: str, message_ref: str) -> TurnRef:
        """Read `<message id>:<turn_no>` as the worker passes it to actions."""
        message_id, _, number = message_ref.rpartition(":")
        return cls(conversation_id, message_id, int(number))

    def __str__(self) -> str:
        return f"{self.message_id}:{self.turn_no}"


class EffectStatus(StrEnum):
    """How far something has come that an action wants to happen."""

    STAGED = "staged"
    APPLIED = "applied"
    REFUSED = "refused"  # the conversation had moved on; nothing came of it
