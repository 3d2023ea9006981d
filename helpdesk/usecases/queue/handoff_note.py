"""The handoff note (D3): what staff gets at hand-over, so that the customer repeats nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model import dialogue
from helpdesk.model.conversation import Author
from helpdesk.model.ticket import CLOSED
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import customer_of
from helpdesk.store.tables import Conversation, Customer, Message, Promise, Ticket, Unanswered

LAST_MESSAGES = 20
LONGEST_TEXT = 300
NOT_UNDERSTOOD = frozenset({"out_of_scope", "nlu_fallback"})


async def build_handoff_note(
    services: Services,
    uow: UnitOfWork,
    conversation: Conversation,
    *,
    reason: str,
    mood: str | None,
) -> dict[str, Any]:
    """Who, verified fields, what was asked and answered, what failed, mood, open promises and tickets."""
    session = uow.session
    said = await last_messages(session, conversation)
    return {
        "made_at": uow.now.isoformat(),
        "reason": reason,
        "mood": mood,
        "customer": _customer(await customer_of(session, conversation)),
        "fields": known_fields(services, conversation),
        "form": dialogue.active_form(conversation.dialogue) or dialogue.suspended_form(conversation.dialogue),
        "asked": [_exchange(message) for message in said],
        "failed": await _failed(session, conversation, said),
        **await open_matters(session, conversation),
    }


async def open_matters(session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
    """The customer's open tickets and promises, as they are now: who serves sees what was added meanwhile."""
    return {
        "tickets": [_ticket(ticket) for ticket in await _open_tickets(session, conversation)],
        "promises": [_promise(promise) for promise in await _open_promises(session, conversation)],
    }


def known_fields(services: Services, conversation: Conversation) -> dict[str, Any]:
    """Values the bot collected, under their field names; other slots are the dialogue's own business."""
    known = dialogue.told(conversation.dialogue)
    return {name: value for name, value in known.items() if name in services.company.fields}


async def last_messages(session: AsyncSession, conversation: Conversation) -> list[Message]:
    """The end of this session's talk, oldest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.session_no == conversation.session_no)
        .order_by(Message.seq.desc())
        .limit(LAST_MESSAGES)
    )
    return list(reversed((await session.scalars(query)).all()))


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.email,
        "tier": customer.tier,
        "known_since": customer.created_at.isoformat(),
    }


def _exchange(message: Message) -> dict[str, Any]:
    said = {"at": message.at.isoformat(), "author": message.author, "text": message.text[:LONGEST_TEXT]}
    return {**said, "image": message.image} if message.image else said


async def _failed(session: AsyncSession, conversation: Conversation, said: Sequence[Message]) -> list[str]:
    """What the bot could not answer: questions noted as such, and messages it did not understand."""
    query = select(Unanswered.text).where(
        Unanswered.conversation_id == conversation.id, Unanswered.at >= (said[0].at if said else conversation.opened_at)
    )
    noted = (await session.scalars(query)).all()
    lost = [m.text[:LONGEST_TEXT] for m in said if m.author == Author.CUSTOMER and _was_lost(m.understood)]
    return list(dict.fromkeys([*noted, *lost]))


def _was_lost(understood: Mapping[str, Any] | None) -> bool:
    """Whether the worker's account of a message names no intent that could be served."""
    intent = (understood or {}).get("intent")
    name = intent.get("name") if isinstance(intent, Mapping) else intent
    return name in NOT_UNDERSTOOD


async def _open_tickets(session: AsyncSession, conversation: Conversation) -> Sequence[Ticket]:
    query = select(Ticket).where(Ticket.customer_id == conversation.customer_id, Ticket.status.not_in(CLOSED))
    return (await session.scalars(query.order_by(Ticket.created_at.desc()))).all()


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "status": ticket.status,
        "urgency": ticket.urgency,
        "category": ticket.category,
        "due_at": ticket.result_due.isoformat() if ticket.result_due else None,
    }


async def _open_promises(session: AsyncSession, conversation: Conversation) -> Sequence[Promise]:
    query = select(Promise).where(Promise.customer_id == conversation.customer_id, Promise.state == "open")
    return (await session.scalars(query.order_by(Promise.due_at))).all()


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "ticket": promise.ticket_number,
        "kind": promise.kind,
        "text": promise.text,
        "due_at": promise.due_at.isoformat(),
        "owner": promise.owner_id,
    }
