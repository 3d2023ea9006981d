"""The queue, and conversations with customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from helpdesk.company.canned import CannedReply, canned_replies
from helpdesk.desk import views
from helpdesk.desk.access import TEXT_LIMIT, AtWork, Clean, Filled, Filter, Given, Id, Who, parse_flag
from helpdesk.desk.waits import Waits, waits_of
from helpdesk.errors import InvalidInput
from helpdesk.model.rights import deeds, to_served
from helpdesk.outbox import deliveries
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Customer, Identity, Ticket
from helpdesk.text.language import Finding
from helpdesk.text.masking import names_in
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.journal import courtesy
from helpdesk.usecases.journal.notes import note_conversation
from helpdesk.usecases.people import rights
from helpdesk.usecases.promises.detected import made_by_reply
from helpdesk.usecases.queue import handover, hold, lookup, replies
from helpdesk.usecases.queue.handoff_note import open_matters
from helpdesk.usecases.queue.owed import Owed, owed

router = APIRouter(tags=["conversations"])


class Reply(BaseModel):
    """What to send. `client_id` makes sending it again harmless; `force` overrides the language check."""

    text: str = Field(max_length=100_000)
    client_id: str | None = Field(None, max_length=128)
    force: bool = False


class Transfer(BaseModel):
    """A colleague's id, or a department."""

    to: Filled = Field(max_length=64)


class Hold(BaseModel):
    """How long the customer is asked to wait, and what for, as they are told it."""

    minutes: int = 5
    text: Clean | None = Field(None, max_length=200)


class Note(BaseModel):
    """A remark among colleagues."""

    text: Filled = Field(max_length=TEXT_LIMIT)


class Draft(BaseModel):
    """A reply that is not sent yet."""

    text: Clean = Field(max_length=TEXT_LIMIT)


@router.get("/queue")
async def queue(services: Given, who: Who) -> list[views.QueueView]:
    """Who waits: safety, urgent, key customers, then who has waited longest, with ageing."""
    now = services.clock.now()
    async with services.db.read() as uow:
        places = await lookup.queue(uow.session, now)
        waits = await waits_of(services, uow.session, [place.conversation.id for place in places])
        accusers = await rights.accusers(uow.session, who.staff)
    return [
        _place(place, waits, now, masked=not rights.sees_talk(place.conversation, who.staff, accusers))
        for place in places
    ]


def _place(place: lookup.Place, waits: Waits, now: datetime, *, masked: bool) -> views.QueueView:
    conversation = place.conversation
    waiting_s = int((now - (conversation.queued_at or now)).total_seconds())
    customer = views.customer_view(place.customer, place.identity, masked=masked)
    return views.QueueView(
        conversation_id=conversation.id,
        sender=customer.sender,
        channel=conversation.channel,
        position=place.position,
        waiting_s=max(0, waiting_s),
        reason=conversation.queue_reason,
        priority=conversation.priority,
        department=(conversation.handoff_note or {}).get("department"),
        customer_name=customer.name,
        wished=waits.wished(conversation.id),
        offered_to=waits.offered_to(conversation.id),
        answer_by=waits.answer_by(conversation.id),
    )


@router.get("/conversations")
async def conversations(
    services: Given, who: Who, mine: Filter = None, state: Filter = None, sender: Filter = None
) -> list[views.ConversationView]:
    """Conversations, who wrote last first; `mine=1` those that I serve."""
    staff_id = who.staff.id if parse_flag(mine) else None
    async with services.db.read(much=True) as uow:
        rows = await lookup.conversations(
            uow.session, state=state, staff_id=staff_id, sender=clean(sender) if sender else None
        )
        accusers = await rights.accusers(uow.session, who.staff)
        waits = await waits_of(services, uow.session, [row[0].id for row in rows])
        unanswered = await owed(uow.session, [row[0] for row in rows])
    return [_listed(row, unanswered, waits, masked=not rights.sees_talk(row[0], who.staff, accusers)) for row in rows]


def _listed(
    row: tuple[Conversation, Identity, Customer, str], unanswered: Mapping[str, Owed], waits: Waits, *, masked: bool
) -> views.ConversationView:
    conversation, identity, customer, text = row
    mine = unanswered.get(conversation.id)
    return views.ConversationView(
        conversation_id=conversation.id,
        state=conversation.state,
        channel=conversation.channel,
        sender=views.sender_view(identity, masked=masked),
        customer_name=views.customer_view(customer, identity, masked=masked).name,
        staff_id=conversation.staff_id,
        priority=conversation.priority,
        last_customer_at=conversation.last_customer_at,
        last_text=views.Hide(masked, names=names_in({"name": customer.name})).text(text)[:100],
        held_until=conversation.held_until,
        waits_since=mine.since if mine else None,
        unread=mine.unread if mine else 0,
        answer_by=waits.answer_by(conversation.id),
    )


@router.get("/conversations/{conversation_id}")
async def conversation(
    conversation_id: Id, services: Given, who: Who, before: Annotated[int, Query(ge=1)] = lookup.NEWEST
) -> views.ConversationDetail:
    """State, customer, handoff note and messages; older ones with `before=<seq>`."""
    async with services.db.read() as uow:
        found, identity, customer = await lookup.conversation(uow.session, conversation_id)
        said = await lookup.messages(uow.session, conversation_id, before=min(before, lookup.NEWEST))
        noted = await lookup.notes(uow.session, conversation_id)
        sent = await deliveries(uow, said)
        note = {**found.handoff_note, **await open_matters(uow.session, found)} if found.handoff_note else None
        accusers = await rights.accusers(uow.session, who.staff, Ticket.customer_id == found.customer_id)
    masked = not rights.sees_talk(found, who.staff, accusers)
    hide = _hide(services, found, customer, masked)
    ways = {key: views.delivery_view(services, one) for key, one in sent.items()}
    return views.ConversationDetail(
        conversation_id=found.id,
        state=found.state,
        session_no=found.session_no,
        staff_id=found.staff_id,
        priority=found.priority,
        held_until=found.held_until,
        hold_reason=hide.text(found.hold_reason) if found.hold_reason else None,
        customer=views.customer_view(customer, identity, masked=masked),
        packet=views.handoff_note_view(services, note, masked=masked),
        messages=[views.message_view(message, hide, ways.get(message.id)) for message in said],
        notes=[views.note_view(note, hide) for note in noted],
        may=deeds(to_served(who.staff.role, serves=who.staff.id == found.staff_id)),
    )


def _hide(services: Services, conversation: Conversation, customer: Customer, masked: bool) -> views.Hide:
    told = (conversation.handoff_note or {}).get("fields") or {}
    return views.Hide(masked, services.company.personal, names_in(told, {"name": customer.name}))


@router.post("/conversations/{conversation_id}/claim")
async def claim(conversation_id: Id, services: Given, who: AtWork) -> views.MovedView:
    """Take a customer; of two who try, one gets 409 that names the other."""
    return views.moved_view(await handover.take(services, conversation_id, who.staff))


@router.post("/conversations/{conversation_id}/messages", status_code=201)
async def send(conversation_id: Id, body: Reply, services: Given, who: AtWork) -> views.SentView:
    """Send a reply. 422 with findings when its language must be mended first."""
    typed = replies.Typed(body.text, body.client_id, body.force)
    message, findings = await replies.reply(services, conversation_id, who.staff, typed)
    async with services.db.read() as uow:
        promised = await made_by_reply(uow.session, message)
    return views.SentView(
        id=message.id,
        at=message.at,
        author=message.author,
        text=message.text,
        client_id=message.external_id,
        findings=_findings(findings),
        promises=[views.promise_view(promise, views.OPEN) for promise in promised],
    )


def _findings(findings: list[Finding]) -> list[views.FindingView]:
    return [views.FindingView(**asdict(finding)) for finding in findings]


@router.post("/conversations/{conversation_id}/transfer")
async def transfer(conversation_id: Id, body: Transfer, services: Given, who: AtWork) -> views.MovedView:
    """Hand over to a colleague or a department."""
    return views.moved_view(await handover.transfer(services, conversation_id, body.to, who.staff))


@router.post("/conversations/{conversation_id}/release")
async def release(conversation_id: Id, services: Given, who: AtWork) -> views.MovedView:
    """Give the customer back to the bot."""
    return views.moved_view(await handover.release(services, conversation_id, who.staff))


@router.post("/conversations/{conversation_id}/close")
async def close(conversation_id: Id, services: Given, who: AtWork) -> views.MovedView:
    """End it with a farewell, and a rating request where that is fitting."""
    return views.moved_view(await handover.close(services, conversation_id, who.staff))


@router.post("/conversations/{conversation_id}/hold")
async def put_on_hold(
    conversation_id: Id, services: Given, who: AtWork, body: Annotated[Hold, Body(default_factory=Hold)]
) -> views.MovedView:
    """Ask the customer to wait some minutes; again for more time."""
    return views.moved_view(await hold.hold(services, conversation_id, body.minutes, body.text or None, who.staff))


@router.post("/conversations/{conversation_id}/unhold")
async def end_hold(conversation_id: Id, services: Given, who: AtWork) -> views.MovedView:
    """Go on with a customer who was on hold."""
    return views.moved_view(await hold.unhold(services, conversation_id, who.staff))


@router.post("/conversations/{conversation_id}/notes", status_code=201)
async def note(conversation_id: Id, body: Note, services: Given, who: AtWork) -> views.NoteView:
    """Write a remark that only colleagues see."""
    return views.note_view(await note_conversation(services, conversation_id, body.text, who.staff), views.OPEN)


@router.post("/replies/check")
async def check(body: Draft, services: Given, who: Who) -> list[views.FindingView]:
    """What would have to be mended in a reply, and better wordings."""
    if not body.text:
        raise InvalidInput("text_wanted", field="text")
    return _findings(courtesy.check_reply(services, body.text))


@router.get("/canned")
async def canned(services: Given, who: Who) -> list[CannedReply]:
    """The company's ready-made replies."""
    return canned_replies(services.company)
