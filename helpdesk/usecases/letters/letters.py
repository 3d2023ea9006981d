"""Letters to customers about their tickets (C5): stored first, then sent once, never at night.

A letter is a row before it is a message. `write_letter` stores it and says it at once when the hour is
permitted; else `send_due_letters`, part of the timers, says it in the morning. A letter that answers the
customer's own words in a turn is said with the bot's replies (`enclose`), or is only kept, when the reply
itself has told the same (`keep`). The wording is in company/letters.

Whoever writes a letter holds the locks of the conversation and the ticket, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Select, select

from helpdesk.errors import NotFound
from helpdesk.model.letter import NOT_A_STATUS, RESULTS, LetterKind, Writing
from helpdesk.model.rights import Deed
from helpdesk.model.say import Choice, Say
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Letter, Outbox, Staff, Ticket, new_id
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters import notices
from helpdesk.usecases.letters.compose import compose
from helpdesk.usecases.people import rights

log = structlog.get_logger(__name__)

BATCH = 50


async def write_letter(
    services: Services, uow: UnitOfWork, ticket: Ticket, wanted: Writing, *, at_once: bool = False
) -> Letter | None:
    """Store a letter, and say it if it may go now; the same key a second time does nothing and gives None.

    `at_once`: it answers the customer's own words, so that the hour does not matter. Where there is no conversation
    the letter goes by other ways (`notices.py`); an internal ticket keeps its letters, nobody is told.
    """
    letter = await _stored(services, uow, ticket, wanted)
    if letter is None:
        return None
    letter.send_at = uow.now if at_once else send_time(services, ticket, uow.now)
    if not is_told(ticket):
        if ticket.kind != Kind.INTERNAL:
            notices.begin(uow, letter)
    elif letter.send_at <= uow.now:
        await _say(uow, ticket, letter)
    return letter


async def enclose(services: Services, uow: UnitOfWork, ticket: Ticket, wanted: Writing) -> list[Say]:
    """A letter that goes with the bot's replies of this turn: what the caller has to say after them.

    It is stored as sent, for the turn's end stores both or neither.
    """
    letter = await _stored(services, uow, ticket, wanted)
    if letter is None or not is_told(ticket):
        return []
    letter.sent_at, letter.message_id = uow.now, new_id()
    return [spoken(letter)]


async def keep(services: Services, uow: UnitOfWork, ticket: Ticket, wanted: Writing) -> None:
    """A letter for the file: the bot's own reply tells the customer the same, and once is enough."""
    letter = await _stored(services, uow, ticket, wanted)
    if letter is not None:
        letter.sent_at = uow.now


def is_told(ticket: Ticket) -> bool:
    """Whether there is a customer to tell, and a place to do it."""
    return ticket.conversation_id is not None and ticket.kind != Kind.INTERNAL


def send_time(services: Services, ticket: Ticket, now: datetime) -> datetime:
    """When a letter written at `now` may go: not in the quiet hours, but for what concerns safety."""
    if ticket.urgency == Urgency.SAFETY:
        return now
    return services.calendar.next_permitted(now, services.company.limits).astimezone(UTC)


async def letters_of(uow: UnitOfWork, number: str) -> Sequence[Letter]:
    """Every letter about a ticket, in the order of writing."""
    query = select(Letter).where(Letter.number == number).order_by(Letter.written_at, Letter.version, Letter.id)
    return (await uow.session.scalars(query)).all()


async def deliveries_of(uow: UnitOfWork, letters: Sequence[Letter]) -> dict[str, str]:
    """How far letters have come on a channel that is called, by the letter's id."""
    by_message = {letter.message_id: letter.id for letter in letters if letter.message_id}
    query = select(Outbox.message_id, Outbox.status).where(Outbox.message_id.in_(by_message))
    return {by_message[message_id]: status for message_id, status in (await uow.session.execute(query)).all()}


async def last_result(uow: UnitOfWork, number: str) -> Letter | None:
    """The letter with the result that holds now."""
    query = (
        select(Letter)
        .where(Letter.number == number, Letter.kind.in_(RESULTS), Letter.voided_at.is_(None))
        .order_by(Letter.written_at.desc(), Letter.version.desc())
        .limit(1)
    )
    return (await uow.session.scalars(query)).first()


async def to_print(services: Services, letter_id: str, by: Staff) -> Letter:
    """A letter that is to be handed over on paper; that it was printed is written down (F4).

    Raises:
        NotFound. NotAllowed: its ticket is somebody else's, whose customer's data are not shown.
    """
    async with services.db.write() as uow:
        letter = await uow.session.get(Letter, letter_id)
        if letter is None:
            raise NotFound("letter_not_found")
        ticket = await uow.session.get_one(Ticket, letter.number)
        await rights.require(services, uow.session, ticket, by, Deed.SEE_CONTACT)
        audit.note(uow, audit.by_staff(by.id), "letter_printed", letter.number, letter=letter.kind)
        await uow.commit()
    return letter


# ---------------------------------------------------------------- rows and messages


async def _stored(services: Services, uow: UnitOfWork, ticket: Ticket, wanted: Writing) -> Letter | None:
    if await uow.session.scalar(select(Letter.id).where(Letter.key == wanted.key)) is not None:
        return None
    owner = await uow.session.get_one(Staff, ticket.owner_id)
    letter = Letter(
        id=new_id(),
        key=wanted.key,
        number=ticket.number,
        kind=wanted.kind,
        round=ticket.round,
        version=ticket.version,
        text=compose(services, ticket, owner, wanted, uow.now),
        buttons=[asdict(choice) for choice in wanted.words.choices] or None,
        custom={**(wanted.words.custom or _fact(ticket, wanted.kind)), "letter": str(wanted.kind)},
        written_by=wanted.by,
        written_at=uow.now,
        send_at=uow.now,
    )
    uow.session.add(letter)
    await uow.session.flush()
    uow.announce("ticket", number=ticket.number)
    return letter


def _fact(ticket: Ticket, kind: LetterKind) -> dict[str, Any]:
    if kind in NOT_A_STATUS:
        return {"kind": "letter", "number": ticket.number}
    return {"kind": "ticket_status", "number": ticket.number, "status": ticket.status}


def spoken(letter: Letter) -> Say:
    """A letter as a message."""
    buttons = tuple(Choice(**button) for button in letter.buttons or ())
    return Say(letter.text, buttons=buttons, custom=letter.custom, id=letter.message_id)


async def _say(uow: UnitOfWork, ticket: Ticket, letter: Letter) -> None:
    assert ticket.conversation_id is not None
    conversation = await lock_conversation(uow.session, ticket.conversation_id)
    [message] = await say(uow, conversation, [spoken(letter)], answers=None, in_reply_to=[])
    letter.sent_at, letter.message_id = uow.now, message.id
    await notices.said_in_chat(uow, letter)


# ---------------------------------------------------------------- in the morning


async def send_due_letters(services: Services, now: datetime) -> None:
    """Send what was held back, the oldest first, each in its own unit of work and by one process only.

    One that cannot be sent is logged and does not keep the others from their customers.
    """
    async with services.db.read() as uow:
        due = (await uow.session.scalars(_due(now).with_only_columns(Letter.id))).all()
    for letter_id in due:
        try:
            async with services.db.write(now) as uow:
                await _send(uow, letter_id)
                await uow.commit()
        except Exception:
            log.exception("letter_not_sent", letter=letter_id)


def _due(now: datetime) -> Select[Letter]:
    return (
        select(Letter)
        .join(Ticket, Ticket.number == Letter.number)
        .where(Letter.sent_at.is_(None), Letter.voided_at.is_(None), Letter.send_at <= now)
        .where(Ticket.conversation_id.is_not(None), Ticket.kind != Kind.INTERNAL)
        .order_by(Letter.send_at, Letter.written_at, Letter.version, Letter.id)
        .limit(BATCH)
    )


async def _send(uow: UnitOfWork, letter_id: str) -> None:
    """Looked at again under the conversation's lock: whoever comes second finds it sent."""
    letter = await uow.session.get_one(Letter, letter_id)
    ticket = await uow.session.get_one(Ticket, letter.number)
    assert ticket.conversation_id is not None
    await lock_conversation(uow.session, ticket.conversation_id)
    await uow.session.refresh(letter, with_for_update=True)
    if letter.sent_at is None and letter.voided_at is None:
        await _say(uow, ticket, letter)
