"""The queue from the customer's side: join, be told where one stands, leave, be put back (D2, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.model import dialogue
from helpdesk.model.conversation import Author, Move, Priority, State, after
from helpdesk.model.say import Choice, Say
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import customer_of
from helpdesk.store.tables import Conversation, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.due import due_times
from helpdesk.usecases.promises.promises import due_words
from helpdesk.usecases.queue import offers, stays, wishes
from helpdesk.usecases.queue.handoff_note import build_handoff_note
from helpdesk.usecases.queue.position import Position, position_in_queue, wait_words

LEAVE = "leave_queue"
CALL_BACK = "callback"
KEEP_WAITING = "keep_waiting"
OFFERED = "callback_offered_at"
REQUEUED = "requeued_at"
"""Keys in the handoff note: when a call-back was offered, when a lost connection put the customer back."""


@dataclass(frozen=True)
class Wish:
    """Why a customer wants a person, how pressing it is, and how they feel."""

    reason: str
    priority: Priority = Priority.NORMAL
    mood: str | None = None


async def join(services: Services, uow: UnitOfWork, conversation: Conversation, wish: Wish) -> list[Say]:
    """Bring a conversation into the queue; a form that was being filled in is parked.

    Raises:
        MoveRefused: the bot does not have this conversation (any more).
    """
    reason, priority = wish.reason, wish.priority
    conversation.state = after(State(conversation.state), Move.QUEUE)
    wanted = await wishes.wanted(services, uow, conversation)
    conversation.handoff_note = await build_handoff_note(services, uow, conversation, reason=reason, mood=wish.mood)
    conversation.dialogue = dialogue.park(conversation.dialogue)
    conversation.queued_at = uow.now
    conversation.queue_reason = reason
    conversation.priority = priority
    conversation.receipt_at = uow.now
    audit.note(uow, audit.CUSTOMER, "queue_joined", conversation.id, reason=reason, priority=priority)
    stays.begin(uow, conversation, reason, wanted, uow.now)
    announce(uow, conversation)
    key = "queue_joined_safety" if priority is Priority.SAFETY else "queue_joined"
    place = await told(services, uow, conversation, key)
    return [place, *await wishes.answered(services, uow, wanted.wished_id, seed(conversation))]


async def priority_of(uow: UnitOfWork, conversation: Conversation, asked: Priority) -> Priority:
    """The place in the order: the matter at hand, an open safety matter, a key customer; the highest counts."""
    if asked is Priority.SAFETY or await has_open_safety(uow, conversation):
        return Priority.SAFETY
    if asked is Priority.NORMAL and (await customer_of(uow.session, conversation)).tier == "key":
        return Priority.KEY
    return asked


async def has_open_safety(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether the customer has a safety matter that is not closed."""
    query = select(Ticket.number).where(
        Ticket.customer_id == conversation.customer_id,
        Ticket.urgency == Urgency.SAFETY,
        Ticket.status.not_in(CLOSED),
    )
    return await uow.session.scalar(query.limit(1)) is not None


async def leave_queue(services: Services, uow: UnitOfWork, conversation: Conversation) -> list[Say]:
    """The customer no longer wants to wait; the bot goes on."""
    await leave(uow, conversation)
    return [Say(services.wording.render("queue_left", variant_seed=seed(conversation)), Author.SYSTEM)]


async def leave(uow: UnitOfWork, conversation: Conversation) -> None:
    """Out of the queue, back to the bot; MoveRefused for who does not wait."""
    conversation.state = after(State(conversation.state), Move.LEAVE_QUEUE)
    forget_place(conversation)
    await offers.withdraw(uow, conversation.id)
    await stays.end(uow, conversation.id, "left")
    audit.note(uow, audit.CUSTOMER, "queue_left", conversation.id)
    announce(uow, conversation)


async def receipt(
    services: Services, uow: UnitOfWork, conversation: Conversation, *, is_fact: bool = False
) -> list[Say]:
    """Acknowledge what a waiting customer adds: the place with a fact, and with mere words at most once a minute.

    In between a word that it was heard, for who is answered nothing writes again.
    """
    pause = timedelta(seconds=services.company.limits.queue_receipt_seconds)
    if not is_fact and conversation.receipt_at is not None and uow.now - conversation.receipt_at < pause:
        return [await told(services, uow, conversation, "queue_heard")]
    conversation.receipt_at = uow.now
    return [await told(services, uow, conversation, "queue_receipt")]


async def requeue(
    services: Services,
    uow: UnitOfWork,
    conversation: Conversation,
    *,
    key: str = "queue_requeued",
    department: str | None = None,
) -> list[Say]:
    """Back into the queue at the old place: nobody pays for our lost connection. Or into that of a `department`."""
    conversation.state = after(State(conversation.state), Move.REQUEUE)
    conversation.last_staff_id, conversation.staff_id = conversation.staff_id, None
    conversation.queued_at = conversation.queued_at or uow.now
    conversation.handoff_note = {**(conversation.handoff_note or {}), REQUEUED: uow.now.isoformat()}
    conversation.receipt_at = uow.now
    forget_hold(conversation)
    await stays.begin_again(uow, conversation, "transferred" if department else "lost", department)
    announce(uow, conversation)
    return [await told(services, uow, conversation, key)]


async def offer_callback(services: Services, uow: UnitOfWork, conversation: Conversation) -> list[Say]:
    """After the wait limit: go on waiting, or be called. Offered once."""
    note = dict(conversation.handoff_note or {})
    if conversation.state != State.WAITING or note.get(OFFERED):
        return []
    conversation.handoff_note = {**note, OFFERED: uow.now.isoformat()}
    text = services.wording.render(
        "queue_callback_offer", variant_seed=seed(conversation), due=_callback_due(services, uow.now)
    )
    found = await position_in_queue(uow.session, uow.now, conversation_id=conversation.id)
    return [Say(text, buttons=_offer_choices(services), custom={**_custom(found), "offer": CALL_BACK})]


def _callback_due(services: Services, now: datetime) -> str:
    due, _ = due_times(services, Kind.CALLBACK, Urgency.NORMAL, now)
    return due_words(services, due or now)


def _offer_choices(services: Services) -> tuple[Choice, ...]:
    render = services.wording.render
    return (
        Choice(render("press_callback"), {"service": CALL_BACK}),
        Choice(render("press_keep_waiting"), {"service": KEEP_WAITING}),
        Choice(render("press_leave_queue"), {"service": LEAVE}),
    )


async def told(services: Services, uow: UnitOfWork, conversation: Conversation, key: str, **fields: Any) -> Say:
    """The place and the honest estimate, with the press to leave the queue."""
    await uow.session.flush()
    found = await position_in_queue(uow.session, uow.now, conversation_id=conversation.id)
    text = services.wording.render(
        key,
        variant_seed=seed(conversation),
        position=found.position,
        wait=wait_words(services, found.estimate_s),
        **fields,
    )
    leave = Choice(services.wording.render("press_leave_queue"), {"service": LEAVE})
    return Say(text, buttons=(leave,), custom=_custom(found))


def _custom(found: Position) -> dict[str, Any]:
    return {
        "kind": "handoff",
        "state": State.WAITING,
        "position": found.position,
        "estimate_s": found.estimate_s,
    }


def forget_place(conversation: Conversation) -> None:
    """Out of the queue for good: the next wait begins anew."""
    conversation.queued_at = None
    conversation.queue_reason = None
    conversation.priority = Priority.NORMAL
    conversation.receipt_at = None
    forget_hold(conversation)


def forget_hold(conversation: Conversation) -> None:
    """Nobody asks this customer to wait any more (see `hold`)."""
    conversation.held_until = conversation.hold_reason = None


def announce(uow: UnitOfWork, conversation: Conversation) -> None:
    """Tell whoever listens that the conversation moved and the queue changed."""
    uow.announce("conversation", conversation_id=conversation.id, state=conversation.state)
    uow.announce("queue")


def seed(conversation: Conversation) -> str:
    """Varies the wording from one moment of a conversation to the next, not from reading to reading."""
    return f"{conversation.id}:{conversation.last_seq}"
