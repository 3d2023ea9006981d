"""What a customer answers to a letter by mail: added to its ticket and its conversation, once however often it comes.

The letter's `Message-ID` is random and was told to the customer alone: who answers it has read it, and so it is
received. Nothing is told in return.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from helpdesk.model.conversation import Author
from helpdesk.model.notice import TryState, Way
from helpdesk.model.ticket import Kind
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import add_messages
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Message, NoticeTry, Ticket, new_id
from helpdesk.usecases.conversations.receive import as_stored
from helpdesk.usecases.conversations.speak import take_seq
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.once import once
from helpdesk.usecases.letters import notices
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.register import add_event, touch

LONGEST = 4000  # characters that are kept of an answer
MAIL = "mail"


@dataclass(frozen=True)
class Reply:
    """A mail. `answers`: the `Message-ID`s that it names, the nearest first; `has_bounced`: our letter came back."""

    message_id: str
    answers: Sequence[str]
    text: str
    has_bounced: bool = False
    attachments: int = 0


async def take_reply(services: Services, reply: Reply) -> str | None:
    """Add an answer to the ticket that it is about; its number. None: it answers none of our letters."""
    async with services.db.write() as uow:
        found = await _letter_answered(uow, reply)
        if found is None:
            return None
        number = (await notices.lock_notice(uow, found.letter_id)).number
        key = f"mail:{sha256(reply.message_id.encode(errors='replace')).hexdigest()}"
        if not await once(uow, key):
            return number
        state = TryState.FAILED if reply.has_bounced else TryState.OPENED
        await notices.settle(uow, found.id, state, "returned by mail" if reply.has_bounced else "")
        if not reply.has_bounced:
            await _add(services, uow, number, reply, key)
        await uow.commit()
    return number


async def _letter_answered(uow: UnitOfWork, reply: Reply) -> NoticeTry | None:
    for message_id in reply.answers:
        query = select(NoticeTry).where(NoticeTry.external_id == message_id, NoticeTry.way == Way.EMAIL)
        found = await uow.session.scalar(query.limit(1))
        if found is not None:
            return found
    return None


async def _add(services: Services, uow: UnitOfWork, number: str, reply: Reply, key: str) -> None:
    ticket = await locked_ticket(uow, number)
    words = _words(services, reply)
    detail = {"channel": "email", "attachments": reply.attachments}
    add_event(uow, ticket, Line("customer_note", audit.CUSTOMER, note=words, detail=detail))
    touch(uow, ticket)
    if ticket.conversation_id and ticket.kind != Kind.INTERNAL:
        await _show(uow, ticket, words, key)


def _words(services: Services, reply: Reply) -> str:
    words = as_stored(reply.text)[:LONGEST]
    more = services.wording.render("mail_attachments", count=reply.attachments) if reply.attachments else ""
    return "\n".join(part for part in (words or services.wording.render("mail_without_words"), more) if part)


async def _show(uow: UnitOfWork, ticket: Ticket, words: str, key: str) -> None:
    """In the conversation too, for whoever serves there; it was written elsewhere, so that the bot does not answer."""
    conversation = await lock_conversation(uow.session, str(ticket.conversation_id))
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        session_no=conversation.session_no,
        seq=await take_seq(uow, conversation, 1),
        author=Author.CUSTOMER,
        external_id=key[:128],
        text=words,
        custom={"kind": MAIL, "number": ticket.number},
        at=uow.now,
        processed_at=uow.now,
    )
    await add_messages(uow.session, [message])
    uow.announce("message", conversation_id=conversation.id, message_id=message.id)
