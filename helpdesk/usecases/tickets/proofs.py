"""Who may see a ticket: its own customer, or who knows the last four digits of its phone, or phone and surname.

To anybody else an existing number and an invented one look the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.field import known
from helpdesk.model.ticket import Kind
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Customer, Ticket
from helpdesk.text.masking import last4
from helpdesk.usecases.journal import attempts
from helpdesk.usecases.journal.attempts import Throttle
from zhtext.values.surnames import surname_of

WRONG_DIGITS = Throttle("ticket_digits")
PROVED = "ticket_proof"
PROOF_LASTS = timedelta(hours=24)
FOUND_AT_MOST = 20
"""Matters of one customer that are looked at."""


async def may_see(session: AsyncSession, conversation: Conversation, ticket: Ticket, now: datetime) -> bool:
    """The ticket is this customer's own, or was opened with the right digits of late."""
    if ticket.customer_id == conversation.customer_id:
        return True
    return await attempts.count(session, PROVED, _key(conversation, ticket.number), now - PROOF_LASTS) > 0


async def proved_numbers(session: AsyncSession, conversation: Conversation, now: datetime) -> Sequence[str]:
    """Numbers of tickets that were opened with the right digits of late."""
    return await attempts.keys(session, PROVED, _key(conversation, ""), now - PROOF_LASTS)


async def prove(uow: UnitOfWork, conversation: Conversation, number: str, digits: str) -> Ticket | None:
    """The ticket if these are the last digits of its phone, from now on open to who said them; None if not.

    Raises:
        TooManyTries: five wrong sets of digits within an hour.
    """
    await WRONG_DIGITS.check(uow.session, conversation.identity_id, uow.now, "too_many_tries")
    ticket = await uow.session.get(Ticket, number)
    if ticket is None or last4(known(ticket.fields.get("phone"))) != digits.strip():
        WRONG_DIGITS.note(uow, conversation.identity_id)
        return None
    attempts.note(uow, PROVED, _key(conversation, number))
    return ticket


async def prove_by_contact(uow: UnitOfWork, conversation: Conversation, phone: str, surname: str) -> Sequence[Ticket]:
    """The matters registered under this full phone number and surname, the newest first, from now on open to who
    said both; none when there are none.

    Raises:
        TooManyTries: five wrong ones within an hour.
    """
    await WRONG_DIGITS.check(uow.session, conversation.identity_id, uow.now, "too_many_tries")
    query = (
        select(Ticket)
        .join(Customer, Ticket.customer_id == Customer.id)
        .where(Customer.phone == phone, Ticket.kind != Kind.INTERNAL)
        .order_by(Ticket.created_at.desc())
        .limit(FOUND_AT_MOST)
    )
    under = [ticket for ticket in await uow.session.scalars(query) if _is_of(ticket, phone, surname)]
    if not under:
        WRONG_DIGITS.note(uow, conversation.identity_id)
    for ticket in under:
        attempts.note(uow, PROVED, _key(conversation, ticket.number))
    return under


def _is_of(ticket: Ticket, phone: str, surname: str) -> bool:
    name = str(known(ticket.fields.get("name")) or "")
    return known(ticket.fields.get("phone")) == phone and surname in (surname_of(name), name)


def _key(conversation: Conversation, number: str) -> str:
    return f"{conversation.identity_id}:{number}"
