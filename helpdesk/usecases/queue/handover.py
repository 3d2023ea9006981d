"""A person takes a conversation, talks, hands it on, gives it back, ends it (D1-D6).

The customer's side of the queue is in `queueing`; its functions are offered here too, for callers that
deal with both.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from helpdesk.errors import Conflict
from helpdesk.model.conversation import Author, Move, Priority, State, after
from helpdesk.model.rights import Deed
from helpdesk.model.say import Choice, Say
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Audit, Conversation, Message, Rating, Staff, Ticket
from helpdesk.usecases.conversations.served import check, own
from helpdesk.usecases.conversations.sessions import request_start
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people.duty import is_on_duty, on_duty
from helpdesk.usecases.queue import offers, stays
from helpdesk.usecases.queue.handoff_note import build_handoff_note, known_fields
from helpdesk.usecases.queue.position import SERVED, TAKEN, serving
from helpdesk.usecases.queue.queueing import (
    announce,
    forget_hold,
    forget_place,
    has_open_safety,
    join,
    leave_queue,
    offer_callback,
    receipt,
    requeue,
    seed,
)

RATED_LATELY = timedelta(hours=2)

__all__ = [
    "close",
    "farewell",
    "join",
    "leave_queue",
    "offer_callback",
    "receipt",
    "release",
    "requeue",
    "take",
    "transfer",
]


async def take(services: Services, conversation_id: str, staff: Staff, why: str | None = None) -> Conversation:
    """Take a conversation from the queue (or from the bot). Of two, one wins; taking one's own again is no error.

    `why` it is they; by itself the offer they accept says so.

    Raises:
        Conflict: a colleague has it (named in the details), or this person has as many as they may.
        MoveRefused: it is closed.
    """
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        if conversation.state == State.STAFF and conversation.staff_id == staff.id:
            return conversation
        await _refuse_if_taken(uow, conversation)
        await refuse_if_full(uow, staff.id)
        waited = _seconds(conversation.queued_at, uow.now)
        await _give(services, uow, conversation, staff, Move.TAKE)
        accepted = await offers.answered(uow, conversation.id, staff.id)
        await stays.taken(uow, conversation, staff.id, why or accepted)
        audit.note(uow, audit.by_staff(staff.id), TAKEN, conversation.id, waited_s=waited, why=why or accepted)
        await _introduce(services, uow, conversation, staff, "staff_takes_over")
        await uow.commit()
    return conversation


async def _refuse_if_taken(uow: UnitOfWork, conversation: Conversation) -> None:
    if conversation.state != State.STAFF or conversation.staff_id is None:
        return
    other = await uow.session.get_one(Staff, conversation.staff_id)
    raise Conflict("taken_already", name=other.name, number=other.number, taken_by={"id": other.id, "name": other.name})


async def refuse_if_full(uow: UnitOfWork, staff_id: str) -> None:
    """A person serves only so many at a time (不交叉服务); the row is locked so that two takes cannot both fit."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update().execution_options(populate_existing=True)
    staff = (await uow.session.scalars(query)).one()
    if await serving(uow.session, staff_id) >= staff.capacity:
        raise Conflict("served_full", name=staff.name, capacity=staff.capacity)


async def _give(services: Services, uow: UnitOfWork, conversation: Conversation, staff: Staff, move: Move) -> None:
    before = State(conversation.state)
    conversation.state = after(before, move)
    conversation.staff_id = conversation.last_staff_id = staff.id
    forget_hold(conversation)
    if before is State.BOT:
        conversation.handoff_note = await build_handoff_note(services, uow, conversation, reason="staff", mood=None)
    elif before is State.WAITING:  # what the bot was told during the wait is not asked again
        conversation.handoff_note = {
            **(conversation.handoff_note or {}),
            "fields": known_fields(services, conversation),
        }
    announce(uow, conversation)


async def begin_service(services: Services, uow: UnitOfWork, conversation: Conversation, staff: Staff) -> None:
    """A person has a conversation that was just opened for them, and its customer is told who writes."""
    conversation.staff_id = conversation.last_staff_id = staff.id
    forget_hold(conversation)
    conversation.handoff_note = await build_handoff_note(services, uow, conversation, reason="staff", mood=None)
    announce(uow, conversation)
    await stays.taken(uow, conversation, staff.id, stays.PULLED)
    audit.note(uow, audit.by_staff(staff.id), TAKEN, conversation.id, waited_s=0.0, why=stays.PULLED)
    await _introduce(services, uow, conversation, staff, "staff_writes_again")


async def _introduce(services: Services, uow: UnitOfWork, conversation: Conversation, staff: Staff, key: str) -> None:
    """The customer is told name and number of who serves (D2)."""
    text = services.wording.render(key, variant_seed=seed(conversation), name=staff.name, number=staff.number)
    custom = {
        "kind": "handoff",
        "state": State.STAFF,
        "position": 0,
        "estimate_s": 0,
        "staff": {"name": staff.name, "number": staff.number},
    }
    await _tell(uow, conversation, [Say(text, custom=custom, staff_id=staff.id)])


async def _tell(uow: UnitOfWork, conversation: Conversation, says: list[Say]) -> None:
    await say(uow, conversation, says, answers=None, in_reply_to=[])


def _seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0


async def transfer(services: Services, conversation_id: str, to: str, staff: Staff) -> Conversation:
    """Hand over to a colleague (by id), or to a department: to whoever is free there, else to its queue.

    Raises:
        Conflict: the colleague is not on duty or has no room. NotFound, NotAllowed: see `served.own`.
    """
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.PASS_CUSTOMER)
        if to in services.company.departments:
            await _to_department(services, uow, conversation, to, staff)
        else:
            await _to_colleague(services, uow, conversation, await _colleague(uow, to), staff)
        await uow.commit()
    return conversation


async def _colleague(uow: UnitOfWork, staff_id: str) -> Staff:
    found = await uow.session.get(Staff, staff_id)
    if found is None:
        raise Conflict("colleague_away", to=staff_id)
    refuse_away(found, uow.now)
    return found


def refuse_away(staff: Staff, now: datetime) -> None:
    """Nobody is given a customer who is not there.

    Raises:
        Conflict.
    """
    if not is_on_duty(staff, now):
        raise Conflict("colleague_away", to=staff.id)


async def _to_colleague(
    services: Services, uow: UnitOfWork, conversation: Conversation, other: Staff, by: Staff
) -> None:
    if other.id == conversation.staff_id:
        raise Conflict("served_by_them", name=other.name, to=other.id)
    await refuse_if_full(uow, other.id)
    served_by = conversation.staff_id
    await _give(services, uow, conversation, other, Move.TRANSFER)
    audit.note(uow, audit.by_staff(by.id), "conversation_transferred", conversation.id, to=other.id)
    await _served(uow, conversation, served_by)
    await stays.begin_again(uow, conversation, "transferred")
    await stays.taken(uow, conversation, other.id, stays.HANDED_ON)
    audit.note(uow, audit.by_staff(other.id), TAKEN, conversation.id, waited_s=0.0, why=stays.HANDED_ON)
    await _introduce(services, uow, conversation, other, "staff_changed")


async def _to_department(
    services: Services, uow: UnitOfWork, conversation: Conversation, department: str, by: Staff
) -> None:
    for other in await on_duty(uow.session, uow.now):
        has_room = await serving(uow.session, other.id) < other.capacity
        if other.department == department and other.id != conversation.staff_id and has_room:
            await _to_colleague(services, uow, conversation, other, by)
            return
    await _served(uow, conversation, conversation.staff_id)
    audit.note(uow, audit.by_staff(by.id), "conversation_transferred", conversation.id, to=department)
    conversation.handoff_note = {**(conversation.handoff_note or {}), "department": department}
    conversation.queued_at = uow.now
    says = await requeue(services, uow, conversation, key="queue_joined", department=department)
    title = services.company.departments[department].title
    moved = services.wording.render("queue_transferred", variant_seed=seed(conversation), department=title)
    await _tell(uow, conversation, [Say(moved), *says])


async def release(services: Services, conversation_id: str, staff: Staff) -> Conversation:
    """Give the customer back to the bot, which is asked to speak next.

    Raises:
        NotFound, Conflict, NotAllowed: see `served.own`.
    """
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.RELEASE)
        conversation.state = after(State(conversation.state), Move.RELEASE)
        await _end_service(uow, conversation, audit.by_staff(staff.id))
        await request_start(uow, conversation, "staff_released")
        await uow.commit()
    return conversation


async def _end_service(uow: UnitOfWork, conversation: Conversation, actor: str) -> None:
    await _served(uow, conversation, conversation.staff_id)
    await stays.end(uow, conversation.id, "released" if conversation.state == State.BOT else "closed")
    audit.note(uow, actor, f"conversation_{conversation.state}", conversation.id)
    conversation.last_staff_id = conversation.staff_id or conversation.last_staff_id
    conversation.staff_id = None
    forget_place(conversation)
    announce(uow, conversation)


async def _served(uow: UnitOfWork, conversation: Conversation, staff_id: str | None) -> None:
    """Note how long a person served: the queue's estimate lives on it."""
    if staff_id is None:
        return
    query = select(Audit.at).where(
        Audit.action == TAKEN, Audit.subject == conversation.id, Audit.actor == audit.by_staff(staff_id)
    )
    taken_at = await uow.session.scalar(query.order_by(Audit.id.desc()).limit(1))
    handled = round(_seconds(taken_at, uow.now), 1)
    audit.note(uow, audit.by_staff(staff_id), SERVED, conversation.id, handled_s=handled)


async def close(services: Services, conversation_id: str, staff: Staff) -> Conversation:
    """End a conversation courteously; a rating is asked for, but never after a safety matter (G2).

    Raises:
        MoveRefused: it is closed already. NotAllowed: a colleague serves it, or the bot does and this is no
        supervisor. Conflict: the customer waits for a person, and nobody has heard them yet.
    """
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        after(State(conversation.state), Move.CLOSE)
        if conversation.state == State.WAITING:
            raise Conflict("take_before_closing", state=conversation.state)
        check(conversation, staff, Deed.CLOSE_UNSERVED if conversation.state == State.BOT else Deed.CLOSE)
        says = await farewell(services, uow, conversation)
        await end(uow, conversation, audit.by_staff(staff.id), says)
        await uow.commit()
    return conversation


async def end(uow: UnitOfWork, conversation: Conversation, actor: str, says: list[Say]) -> None:
    """Close a locked conversation with these words; whoever served it serves it no more.

    Raises:
        MoveRefused: it is closed already.
    """
    conversation.state = after(State(conversation.state), Move.CLOSE)
    conversation.closed_at = uow.now
    await _end_service(uow, conversation, actor)
    await _tell(uow, conversation, says)


async def farewell(
    services: Services, uow: UnitOfWork, conversation: Conversation, plain: str = "farewell"
) -> list[Say]:
    """The closing words, and the question for a rating where it is fitting.

    `plain` is the wording where there is neither a danger nor a matter that goes on.
    """
    is_safety = await concerns_safety(uow, conversation)
    number = await _open_number(uow, conversation)
    key = "farewell_safety" if is_safety else "farewell_open_ticket" if number else plain
    fields = {"number": number} if key == "farewell_open_ticket" else {}
    words = Say(services.wording.render(key, variant_seed=seed(conversation), **fields), custom={"kind": "farewell"})
    asks = await may_ask_rating(uow, conversation)
    return [words, rating_request(services, conversation)] if asks else [words]


async def may_ask_rating(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Never after a danger (G2), and not again of who gave points lately, unless a person served them since."""
    if await concerns_safety(uow, conversation):
        return False
    query = select(func.max(Rating.at)).where(Rating.conversation_id == conversation.id)
    rated_at = await uow.session.scalar(query)
    return rated_at is None or rated_at <= uow.now - RATED_LATELY or await _served_since(uow, conversation, rated_at)


async def _served_since(uow: UnitOfWork, conversation: Conversation, moment: datetime) -> bool:
    query = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.session_no == conversation.session_no,
        Message.author == Author.STAFF,
        Message.at > moment,
    )
    return await uow.session.scalar(query.limit(1)) is not None


async def concerns_safety(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether this conversation was about a danger: then nobody asks for stars."""
    if conversation.priority == Priority.SAFETY or await has_open_safety(uow, conversation):
        return True
    query = select(Ticket.number).where(
        Ticket.conversation_id == conversation.id,
        Ticket.urgency == Urgency.SAFETY,
        Ticket.created_at >= conversation.opened_at,
    )
    return await uow.session.scalar(query.limit(1)) is not None


async def _open_number(uow: UnitOfWork, conversation: Conversation) -> str | None:
    """The number of a ticket of this session that goes on after it."""
    query = (
        select(Ticket.number)
        .where(Ticket.conversation_id == conversation.id, Ticket.created_at >= conversation.opened_at)
        .where(Ticket.status.in_(("registered", "accepted", "investigating")), Ticket.kind != "internal")
        .order_by(Ticket.created_at.desc())
    )
    return await uow.session.scalar(query.limit(1))


def rating_request(services: Services, conversation: Conversation) -> Say:
    """Ask for one to five points; not answering is fine."""
    render = services.wording.render
    return Say(
        render("rating_request", variant_seed=seed(conversation)),
        Author.SYSTEM,
        buttons=tuple(Choice(render(f"rating_title_{n}"), {"service": "rate", "score": n}) for n in range(5, 0, -1)),
        custom={"kind": "rating_request"},
    )
