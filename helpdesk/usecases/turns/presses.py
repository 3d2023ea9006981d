"""Choices that the service itself offered: leave the queue, be called, go on waiting; accept a ticket's result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.model.conversation import State
from helpdesk.model.field import known
from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import Action, Kind, Status
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import customer_of
from helpdesk.store.tables import Conversation
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises.promises import due_words
from helpdesk.usecases.queue import queueing
from helpdesk.usecases.queue.handoff_note import known_fields
from helpdesk.usecases.ratings import answers as answer_ratings
from helpdesk.usecases.tickets import compensations, opening
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.move import apply_step
from helpdesk.usecases.tickets.register import Registration, lock_ticket
from helpdesk.usecases.tickets.step import Step

WHO = ("name", "phone")


async def pressed(services: Services, uow: UnitOfWork, conversation: Conversation, press: dict[str, Any]) -> list[Say]:
    """What comes of a press; one that is out of date (the customer no longer waits) changes nothing."""
    if press["service"] == answer_ratings.RATE_ANSWER:
        return await answer_ratings.pressed(services, uow, conversation, press)
    if press["service"] == ticket_letters.CONTENT:
        return await _content(services, uow, conversation, press)
    if press["service"] == compensations.ANSWER:
        return await compensations.answer(services, uow, press["id"], accept=press["accept"] is True)
    if conversation.state != State.WAITING:
        return []
    if press["service"] == queueing.CALL_BACK:
        return await _call_back(services, uow, conversation)
    if press["service"] == queueing.KEEP_WAITING:
        return [await queueing.told(services, uow, conversation, "queue_receipt")]
    return await queueing.leave_queue(services, uow, conversation)


async def _content(services: Services, uow: UnitOfWork, conversation: Conversation, press: dict[str, Any]) -> list[Say]:
    """The customer accepts a result; a second press changes nothing and is thanked all the same."""
    ticket = await lock_ticket(uow, press["number"])
    step = Step(Action.SATISFY)
    if ticket.status == Status.ANSWERED:
        await apply_step(services, uow, ticket, step, audit.CUSTOMER)
        await ticket_letters.answer_customer(services, uow, ticket, step)
    if ticket.status != Status.SATISFIED:
        return []
    text = services.wording.render("ticket_satisfied", variant_seed=ticket.number, number=ticket.number)
    return [Say(text, custom={"kind": "ticket_status", "number": ticket.number, "status": ticket.status})]


async def _call_back(services: Services, uow: UnitOfWork, conversation: Conversation) -> list[Say]:
    """Out of the queue with a call-back ticket, if we know whom to call; else the bot is asked to take it down."""
    who = await _who(services, uow, conversation)
    about = _subject(conversation)
    await queueing.leave(uow, conversation)
    seed = queueing.seed(conversation)
    if set(who) < set(WHO) or not about:
        return [Say(services.wording.render("queue_callback_needs_contact", variant_seed=seed))]
    payload = {"kind": Kind.CALLBACK, "fields": {**who, "description": about}}
    result = await opening.reserve_ticket(services, uow, conversation, payload)
    await opening.register(services, uow, conversation, payload, result)
    return [_booked(services, Registration.from_result(result), seed, uow.now)]


async def _who(services: Services, uow: UnitOfWork, conversation: Conversation) -> dict[str, Any]:
    told = known_fields(services, conversation)
    customer = await customer_of(uow.session, conversation)
    found = {name: known(told.get(name)) or getattr(customer, name) for name in WHO}
    return {name: value for name, value in found.items() if value}


def _subject(conversation: Conversation) -> str:
    """What the call will be about: the account given so far, else what was said last."""
    note = conversation.handoff_note or {}
    told = Matter(Kind.CALLBACK, note.get("fields") or {}).known("description")
    said = [one["text"] for one in note.get("asked") or [] if one["author"] == "customer" and one["text"]]
    return told or "；".join(said[-3:])


def _booked(services: Services, registration: Registration, seed: str, now: datetime) -> Say:
    due = registration.promised_at or now
    text = services.wording.render(
        "queue_callback_booked", variant_seed=seed, number=registration.number, due=due_words(services, due)
    )
    custom = {"kind": "ticket_opened", "number": registration.number, "promised_at": due.isoformat()}
    return Say(text, custom=custom)
