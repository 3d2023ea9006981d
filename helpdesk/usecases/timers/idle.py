"""A conversation that fell silent is ended courteously, once (A3): 走有送声 also on a time-out.

Only by day, and only where the next word is the customer's: nobody is seen off who waits in the queue, is on
hold, or has not been answered yet. What was being filled in stays parked. Who never said a word, or fell silent
so long ago that a farewell would be odd, is not disturbed: the conversation is closed without words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select

from helpdesk.model import dialogue
from helpdesk.model.conversation import Author, State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import is_pending, lock_conversation
from helpdesk.store.tables import Conversation, Message
from helpdesk.usecases.journal import audit
from helpdesk.usecases.queue import handover
from helpdesk.usecases.timers.each import BATCH, each

TOO_LATE = timedelta(days=1)
"""After so long a silence a farewell out of the blue would only disturb."""


async def run(services: Services, now: datetime) -> None:
    """Nobody is seen off at night: they are in the morning."""
    if not services.calendar.is_quiet(now, services.company.limits):
        await each(services, now, await _silent(services, now), see_off)


def _limits(services: Services) -> dict[State, timedelta]:
    limits = services.company.limits
    return {
        State.BOT: timedelta(minutes=limits.idle_close_minutes),
        State.STAFF: timedelta(minutes=limits.idle_close_staff_minutes),
    }


async def _silent(services: Services, now: datetime) -> Sequence[str]:
    found: list[str] = []
    async with services.db.read() as uow:
        for state, limit in _limits(services).items():
            found += (await uow.session.scalars(_silent_in(state, now - limit, now))).all()
    return found


def _silent_in(state: State, before: datetime, now: datetime) -> Select[str]:
    """Conversations in `state` in which nobody has said anything since `before`; longest silence first."""
    last = and_(Message.conversation_id == Conversation.id, Message.seq == Conversation.last_seq)
    query = (
        select(Conversation.id)
        .join(Message, last)
        .where(Conversation.state == state, Conversation.last_customer_at <= before, Message.at <= before)
        .where(or_(Conversation.turn_until.is_(None), Conversation.turn_until < now))
        .where(or_(Message.author != Author.CUSTOMER, Message.processed_at.is_not(None)))
        .order_by(Conversation.last_customer_at)
        .limit(BATCH)
    )
    if state is State.STAFF:
        query = query.where(Message.author != Author.CUSTOMER, Conversation.held_until.is_(None))
    return query


async def see_off(services: Services, uow: UnitOfWork, conversation_id: str) -> None:
    """Looked at again under the lock: the customer may be writing this moment."""
    conversation = await lock_conversation(uow.session, conversation_id)
    silent_since = await _last_word_at(uow, conversation)
    limit = _limits(services).get(State(conversation.state))
    if limit is None or silent_since is None or silent_since > uow.now - limit:
        return
    if await is_pending(uow.session, conversation.id):
        return
    says = await _farewell(services, uow, conversation, silent_since)
    conversation.dialogue = dialogue.park(conversation.dialogue)
    audit.note(uow, audit.SYSTEM, "conversation_idle", conversation.id, since=silent_since.isoformat())
    await handover.end(uow, conversation, audit.SYSTEM, says)


async def _last_word_at(uow: UnitOfWork, conversation: Conversation) -> datetime | None:
    query = select(Message.at).where(Message.conversation_id == conversation.id, Message.seq == conversation.last_seq)
    return await uow.session.scalar(query)


async def _farewell(
    services: Services, uow: UnitOfWork, conversation: Conversation, silent_since: datetime
) -> list[Say]:
    if uow.now - silent_since > TOO_LATE or not await _has_spoken(uow, conversation):
        return []
    if conversation.state == State.STAFF:
        return await handover.farewell(services, uow, conversation)
    is_filling_in = dialogue.active_form(conversation.dialogue) is not None
    plain = "farewell_idle_form" if is_filling_in else "farewell_idle"
    return (await handover.farewell(services, uow, conversation, plain))[:1]  # who has left is not asked for stars


async def _has_spoken(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether the customer said anything in this session; a window that was opened has no words."""
    query = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.session_no == conversation.session_no,
        Message.author == Author.CUSTOMER,
        Message.text != "",
    )
    return await uow.session.scalar(query.limit(1)) is not None
