"""What staff write to a customer: checked, sent once, and remembered where it promises something."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from sqlalchemy import select

from helpdesk.errors import Conflict, InvalidInput
from helpdesk.model.conversation import Author
from helpdesk.model.promise import PromiseKind
from helpdesk.model.rights import Deed
from helpdesk.model.say import Say
from helpdesk.model.ticket import CLOSED
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Message, Promise, Staff, Ticket
from helpdesk.text.commitment import Commitment, commitments
from helpdesk.text.language import COURTEOUS, Finding
from helpdesk.usecases.conversations.receive import as_stored, check_name
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.courtesy import blocking, check_reply, workdays_of
from helpdesk.usecases.queue import hold, stays
from helpdesk.usecases.tickets.consequences import contacted

LONGEST = 2000
CONTACT_PROMISES = frozenset({PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK})


@dataclass(frozen=True)
class Typed:
    """What somebody typed. Sent once per `client_id`; `force`: although its language should be mended."""

    text: str
    client_id: str | None = None
    force: bool = False


async def reply(services: Services, conversation_id: str, staff: Staff, typed: Typed) -> tuple[Message, list[Finding]]:
    """Send a reply; the message, and advice on its wording.

    Raises:
        InvalidInput: empty, too long, or its language must be mended (details.findings) and `force` is not set.
        Conflict: nobody serves this customer yet, or `client_id` was used for another text.
        NotFound, NotAllowed: see `served.own`.
    """
    typed = replace(typed, text=_usable(typed.text))
    if typed.client_id is not None:
        check_name(typed.client_id, "client_id")
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.REPLY)
        known = await _known(uow, conversation, typed.client_id, typed.text)
        if known is not None:
            return known, []
        findings = check_reply(services, typed.text, greeted=await _has_greeted(uow, conversation, staff))
        _refuse_or_note(uow, conversation, staff, typed, findings)
        message = await _send(services, uow, conversation, staff, typed)
        await uow.commit()
    return message, findings


def _usable(text: str) -> str:
    text = as_stored(text)
    if not text:
        raise InvalidInput("text_wanted", field="text")
    if len(text) > LONGEST:
        raise InvalidInput("text_too_long", field="text", limit=LONGEST)
    return text


async def _known(uow: UnitOfWork, conversation: Conversation, client_id: str | None, text: str) -> Message | None:
    """The message already sent under this id."""
    if client_id is None:
        return None
    query = select(Message).where(
        Message.conversation_id == conversation.id, Message.author == Author.STAFF, Message.external_id == client_id
    )
    found = await uow.session.scalar(query)
    if found is not None and found.text != text:
        raise Conflict("client_id_used", client_id=client_id)
    return found


async def _has_greeted(uow: UnitOfWork, conversation: Conversation, staff: Staff) -> bool:
    query = select(Message.text).where(
        Message.conversation_id == conversation.id,
        Message.session_no == conversation.session_no,
        Message.author == Author.STAFF,
        Message.staff_id == staff.id,
    )
    return any(COURTEOUS.search(text) for text in (await uow.session.scalars(query)).all())


def _refuse_or_note(
    uow: UnitOfWork,
    conversation: Conversation,
    staff: Staff,
    typed: Typed,
    findings: list[Finding],
) -> None:
    to_mend = blocking(findings)
    if not to_mend:
        return
    listed = [asdict(finding) for finding in to_mend]
    if not typed.force:
        raise InvalidInput("words_to_mend", findings=listed)
    audit.note(uow, audit.by_staff(staff.id), "reply_forced", conversation.id, text=typed.text, findings=listed)


async def _send(
    services: Services,
    uow: UnitOfWork,
    conversation: Conversation,
    staff: Staff,
    typed: Typed,
) -> Message:
    message, tickets = await tell(uow, conversation, staff, Say(typed.text), typed.client_id)
    for commitment in commitments(typed.text, uow.now.astimezone(services.calendar.zone), workdays_of(services)):
        _remember(uow, conversation, staff, commitment, tickets[0].number if tickets else None)
    return message


async def tell(
    uow: UnitOfWork, conversation: Conversation, staff: Staff, what: Say, client_id: str | None
) -> tuple[Message, list[Ticket]]:
    """Words, a picture or a file from a person, which ends a hold; with it the matters that this was a contact for."""
    said = replace(what, author=Author.STAFF, staff_id=staff.id)
    [message] = await say(uow, conversation, [said], answers=None, in_reply_to=[])
    message.external_id = client_id
    hold.lift(uow, conversation, audit.by_staff(staff.id))
    return message, await first_contact(uow, conversation)


async def first_contact(uow: UnitOfWork, conversation: Conversation) -> list[Ticket]:
    """Something was sent to the customer: a person has spoken to them, and of the matters of this conversation."""
    await stays.spoken(uow, conversation.id)
    tickets = await _open_tickets(uow, conversation)
    for ticket in tickets:
        await contacted(uow, ticket, CONTACT_PROMISES)
    return tickets


async def _open_tickets(uow: UnitOfWork, conversation: Conversation) -> list[Ticket]:
    """The matters this conversation is about; talking to the customer is the first contact about them."""
    query = (
        select(Ticket)
        .where(Ticket.conversation_id == conversation.id, Ticket.status.not_in(CLOSED))
        .order_by(Ticket.created_at.desc())
        .with_for_update()
    )
    return list((await uow.session.scalars(query)).all())


def _remember(uow: UnitOfWork, conversation: Conversation, staff: Staff, made: Commitment, number: str | None) -> None:
    """What staff promises with a date is in the ledger (E1)."""
    uow.session.add(
        Promise(
            ticket_number=number,
            conversation_id=conversation.id,
            customer_id=conversation.customer_id,
            owner_id=staff.id,
            kind=PromiseKind.STAFF,
            text=made.text,
            due_at=made.due_at,
            state="open",
            made_by=audit.by_staff(staff.id),
            made_at=uow.now,
        )
    )
