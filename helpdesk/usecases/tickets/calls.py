"""回电清单: whom staff have to call: customers who asked for it, and those whom a letter reached no other way.

A call comes to one of three things: 接通 they spoke, 未接 nobody answered, 改约 another time was agreed. Nobody who was
called in vain counts as told; after `call_tries` the letter is undeliverable, and stands on the ticket and its list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.conversation import Author
from helpdesk.model.notice import NoticeState, TryState, Way
from helpdesk.model.promise import PromiseKind, PromiseState
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import CLOSED
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Letter, Message, Notice, NoticeTry, Promise, Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters import notices
from helpdesk.usecases.people import rights
from helpdesk.usecases.promises import promises
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.register import add_event, touch
from helpdesk.usecases.tickets.work import contact_customer

PAGE = 100
WORDS_SHOWN = 5
PHONE = "phone"


class Outcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    MISSED = "missed"
    MOVED = "moved"


@dataclass(frozen=True)
class Call:
    """One line of the list. `why`: what is to be told, or what was promised; `words`: the customer's last own words."""

    id: str
    ticket: Ticket
    customer: Customer
    why: str
    due_at: datetime
    attempts: int
    words: Sequence[str]


@dataclass(frozen=True)
class Unreached:
    """A letter that no way brought to its customer, and what was tried."""

    letter: Letter
    ticket: Ticket
    customer: Customer
    tries: Sequence[NoticeTry]


async def listed(services: Services, session: AsyncSession, owner_id: str | None = None) -> list[Call]:
    """Every call that is open, or one owner's; the next due first."""
    calls = [*await _of_notices(services, session, owner_id), *await _of_promises(session, owner_id)]
    return sorted(calls, key=lambda call: (call.due_at, call.id))[:PAGE]


async def _of_notices(services: Services, session: AsyncSession, owner_id: str | None) -> list[Call]:
    query = (
        select(NoticeTry, Letter, Ticket, Customer)
        .join(Notice, Notice.letter_id == NoticeTry.letter_id)
        .join(Letter, Letter.id == NoticeTry.letter_id)
        .join(Ticket, Ticket.number == Notice.number)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Notice.state == NoticeState.ON_ITS_WAY, NoticeTry.way == Way.CALL, NoticeTry.state == TryState.SENT)
        .where(Letter.voided_at.is_(None))
    )
    if owner_id is not None:
        query = query.where(Ticket.owner_id == owner_id)
    found = (await session.execute(query.order_by(NoticeTry.next_at).limit(PAGE))).all()
    title = services.wording.render
    return [
        Call(one.id, ticket, customer, title(f"letter_title_{letter.kind}"), one.next_at, one.attempts,
             await words_of(session, ticket))
        for one, letter, ticket, customer in found
    ]  # fmt: skip


async def _of_promises(session: AsyncSession, owner_id: str | None) -> list[Call]:
    query = (
        select(Promise, Ticket, Customer)
        .join(Ticket, Ticket.number == Promise.ticket_number)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Promise.state == PromiseState.OPEN, Promise.kind == PromiseKind.CALLBACK)
    )
    if owner_id is not None:
        query = query.where(Promise.owner_id == owner_id)
    found = (await session.execute(query.order_by(Promise.due_at).limit(PAGE))).all()
    return [
        Call(one.id, ticket, customer, one.text, one.due_at, 0, await words_of(session, ticket))
        for one, ticket, customer in found
    ]


async def words_of(session: AsyncSession, ticket: Ticket) -> list[str]:
    """The customer's last own words in the ticket's conversation, in their order."""
    if ticket.conversation_id is None:
        return []
    query = select(Message.text).where(
        Message.conversation_id == ticket.conversation_id, Message.author == Author.CUSTOMER, Message.text != ""
    )
    return list(reversed((await session.scalars(query.order_by(Message.seq.desc()).limit(WORDS_SHOWN))).all()))


async def unreached(session: AsyncSession) -> list[Unreached]:
    """Letters that no way brought to their customers, the newest first."""
    query = (
        select(Letter, Ticket, Customer)
        .join(Notice, Notice.letter_id == Letter.id)
        .join(Ticket, Ticket.number == Letter.number)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Notice.state == NoticeState.UNDELIVERABLE, Letter.voided_at.is_(None))
        .order_by(Letter.written_at.desc())
        .limit(PAGE)
    )
    found = (await session.execute(query)).all()
    return [
        Unreached(letter, ticket, customer, await notices.tries_of(session, letter.id))
        for letter, ticket, customer in found
    ]


# ---------------------------------------------------------------- what came of it


@dataclass(frozen=True)
class Spoken:
    """What came of a call; `due_at`: the time that was agreed on instead."""

    outcome: Outcome
    note: str
    due_at: datetime | None = None


async def done(services: Services, call_id: str, call: Spoken, by: Staff) -> None:
    """Write down what came of a call.

    Raises:
        NotFound: there is no such call. Conflict: it is done, or a closed ticket's. InvalidInput: 改约 needs a later
        time. NotAllowed: the ticket is somebody else's business.
    """
    if call.outcome is Outcome.MOVED and (call.due_at is None or call.due_at <= services.clock.now()):
        raise InvalidInput("time_in_future", field="due_at")
    if await _is_notice(services, call_id):
        await _of_letter(services, call_id, call, by)
    else:
        await _of_promise(services, call_id, call, by)


async def _is_notice(services: Services, call_id: str) -> bool:
    async with services.db.read() as uow:
        return await uow.session.get(NoticeTry, call_id) is not None


async def _of_letter(services: Services, call_id: str, call: Spoken, by: Staff) -> None:
    async with services.db.write() as uow:
        row = await uow.session.get_one(NoticeTry, call_id)
        notice = await notices.lock_notice(uow, row.letter_id)
        await uow.session.refresh(row)
        ticket = await locked_ticket(uow, notice.number)
        await rights.require(services, uow.session, ticket, by, Deed.CONTACT)
        if row.way != Way.CALL or row.state != TryState.SENT or notice.state != NoticeState.ON_ITS_WAY:
            raise Conflict("call_done")
        if call.outcome is Outcome.REACHED:
            await notices.settle(uow, row.id, TryState.OPENED)
        elif call.outcome is Outcome.MISSED:
            await _missed(services, uow, row)
        else:
            row.next_at = call.due_at or uow.now
        write_down(uow, ticket, call.outcome, call.note, by)
        await uow.commit()


async def _missed(services: Services, uow: UnitOfWork, row: NoticeTry) -> None:
    known = services.company.notices
    row.attempts += 1
    if row.attempts >= known.call_tries:
        await notices.settle(uow, row.id, TryState.FAILED, "nobody answered")
        return
    again = services.calendar.after_open_time(uow.now, known.call_again_minutes)
    row.next_at = again or uow.now + timedelta(minutes=known.call_again_minutes)


async def _of_promise(services: Services, call_id: str, call: Spoken, by: Staff) -> None:
    """A call that was promised: only speaking with the customer keeps it, and only an agreed date moves it."""
    async with services.db.read() as uow:
        promise = await uow.session.get(Promise, call_id)
    if promise is None or promise.kind != PromiseKind.CALLBACK or promise.ticket_number is None:
        raise NotFound("call_not_found")
    if promise.state != PromiseState.OPEN:
        raise Conflict("call_done")
    if call.outcome is Outcome.REACHED:
        await contact_customer(services, promise.ticket_number, PHONE, call.note, by)
    elif call.outcome is Outcome.MOVED and call.due_at is not None:
        await promises.postpone(services, call_id, call.due_at, call.note, by)
    else:
        await _note_missed(services, promise.ticket_number, call.note, by)


async def _note_missed(services: Services, number: str, note: str, by: Staff) -> None:
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.CONTACT)
        write_down(uow, ticket, Outcome.MISSED, note, by)
        await uow.commit()


ACTIONS = {Outcome.REACHED: "contacted", Outcome.MISSED: "call_missed", Outcome.MOVED: "call_moved"}


def write_down(uow: UnitOfWork, ticket: Ticket, outcome: Outcome, note: str, by: Staff) -> None:
    """A line of the timeline; who was spoken with was contacted."""
    if outcome is Outcome.REACHED and ticket.status not in CLOSED:
        ticket.first_contact_at = ticket.first_contact_at or uow.now
    add_event(uow, ticket, Line(ACTIONS[outcome], audit.by_staff(by.id), note=note, detail={"channel": PHONE}))
    touch(uow, ticket)
