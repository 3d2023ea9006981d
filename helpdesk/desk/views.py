"""What staff are shown: the shapes of the API's answers, and how rows become them."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk.matter_views import CompensationView, InvestigatorView, LetterView, PauseView
from helpdesk.model import rights
from helpdesk.model.rights import Deed, Part
from helpdesk.outbox import Delivery
from helpdesk.services import Services
from helpdesk.store.tables import Audit, Conversation, Customer, Identity, Message, Promise, Staff, Ticket, TicketEvent
from helpdesk.text.fields import shown
from helpdesk.text.masking import mask_email, mask_fields, mask_name, mask_phone, mask_text, names_in
from helpdesk.usecases.people.duty import is_on_duty
from helpdesk.usecases.people.rights import sees_contact
from helpdesk.usecases.people.sign_in import needs
from zhtext.values import phones


class View(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(populate_by_name=True)


class StaffView(View):
    """A member of staff."""

    id: str
    name: str
    number: str
    role: str
    department: str
    online: bool
    capacity: int
    serving: int


class MeView(StaffView):
    """Who is signed in; `may`: what they may do that is about no ticket and no customer.

    `needs`: what has to be set up before anything else (password, second_factor).
    """

    may: list[Deed]
    needs: list[str]
    second_factor: bool
    second_factor_required: bool


class SessionView(View):
    """A new session; the token is shown this once."""

    token: str
    role: str
    staff: MeView


class PresenceView(View):
    """Whether one is on duty, and until when without another sign of life."""

    state: str
    until: datetime


class QueueView(View):
    """One place in the queue, first to be served first."""

    conversation_id: str
    sender: str
    channel: str
    position: int
    waiting_s: int
    reason: str | None
    priority: str
    department: str | None
    customer_name: str | None
    wished: str | None = None
    """Whom the customer asks for (a colleague's id)."""
    offered_to: str | None = None
    """Who is being asked to take them."""
    answer_by: datetime | None = None
    """By when a person should have said something."""


class OfferView(View):
    """A customer whom the asker is asked to take, and until when; `why` as in model/assignment.py."""

    conversation_id: str
    why: str
    offered_at: datetime
    until: datetime


class TierView(View):
    """A customer's tier."""

    customer_id: str
    tier: str


class CustomerView(View):
    """Who the customer is; masked for who is not in charge."""

    id: str
    name: str | None
    phone: str | None
    email: str | None
    tier: str
    sender: str
    channel: str
    masked: bool


class DeliveryView(View):
    """How far a message has come to a channel that is called; `hint` says what staff can do when it did not arrive."""

    status: str
    error: str | None
    hint: str | None = None


class MessageView(View):
    """One message. `buttons` are titles only: payloads are the customer's."""

    id: str
    seq: int
    at: datetime
    author: str
    text: str
    staff_id: str | None = None
    image: str | None = None
    buttons: list[str] = []
    custom: dict[str, Any] | None = None
    understood: dict[str, Any] | None = None
    in_reply_to: list[str] = []
    delivery: DeliveryView | None = None


class NoteView(View):
    """A remark among colleagues; the customer never sees it."""

    at: datetime
    by: str
    text: str
    whisper: bool = False
    """A supervisor's word to whoever serves."""


class ConversationView(View):
    """A conversation in a list."""

    conversation_id: str
    state: str
    channel: str
    sender: str
    customer_name: str | None
    staff_id: str | None
    priority: str
    last_customer_at: datetime | None
    last_text: str
    held_until: datetime | None
    waits_since: datetime | None
    """Since when the customer waits for whoever serves; None when we spoke last."""
    unread: int
    answer_by: datetime | None = None
    """By when a person should have said their first word; null once they have."""


class ConversationDetail(View):
    """Everything the desk shows of one conversation."""

    conversation_id: str
    state: str
    session_no: int
    staff_id: str | None
    priority: str
    held_until: datetime | None
    hold_reason: str | None
    customer: CustomerView
    packet: dict[str, Any] | None
    """The handoff note, by the name it has on the wire."""
    messages: list[MessageView]
    notes: list[NoteView]
    may: list[Deed]
    """What the asker may do in it."""


class MovedView(View):
    """A conversation after a move."""

    conversation_id: str
    state: str
    staff_id: str | None
    priority: str
    held_until: datetime | None


class FindingView(View):
    """One thing to mend in a reply."""

    code: str
    text: str
    suggestion: str
    severity: str
    rewrite: str
    """The whole reply with this mended; empty where no text can be proposed."""


class SentView(View):
    """A reply that was sent, advice on its wording, and what it was read to promise (to be confirmed)."""

    id: str
    at: datetime
    author: str
    text: str
    client_id: str | None
    findings: list[FindingView]
    promises: list[PromiseView]


class DueView(View):
    """A ticket's clocks; null where none runs."""

    first_contact: datetime | None
    result: datetime | None


class EventView(View):
    """One line of a ticket's timeline."""

    at: datetime
    actor: str
    action: str
    from_: str | None = Field(None, alias="from")
    to: str | None
    note: str | None
    detail: dict[str, Any] | None


class TicketView(View):
    """A ticket in a list."""

    number: str
    kind: str
    kind_title: str
    status: str
    status_title: str
    level: str
    round: int
    urgency: str
    category: str | None
    owner: str
    owner_name: str
    department: str
    department_title: str
    source: str
    """How it came in: chat, phone, counter, letter, email."""
    fields: dict[str, Any]
    masked: bool
    due: DueView
    first_contact_at: datetime | None
    answered_at: datetime | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    conversation_id: str | None
    version: int


class TicketDetail(TicketView):
    """A ticket with all that happened to it."""

    timeline: list[EventView]
    promises: list[PromiseView]
    letters: list[LetterView]
    compensations: list[CompensationView]
    investigators: list[InvestigatorView]
    pauses: list[PauseView]
    paused: bool
    warnings: list[str]
    may: list[Deed]
    """What the asker may do to it, as far as who they are decides it."""
    customer_words: list[WordsView]


class WordsView(View):
    """Something the customer wrote since the ticket was opened."""

    id: str
    at: datetime
    text: str


class PromiseView(View):
    """A line of the ledger of promises."""

    id: str
    ticket: str | None
    conversation_id: str | None
    kind: str
    text: str
    owner: str
    due_at: datetime
    state: str
    made_by: str
    made_at: datetime
    settled_at: datetime | None
    may: list[Deed] = []
    """What the asker may do to it."""


# ---------------------------------------------------------------- rows to views


@dataclass(frozen=True)
class Hide:
    """What is laid over words and values: nothing for who is in charge (F4), masks for everybody else.

    `personal`: the fields of personal data; `names`: the customer's, found in free text wherever they stand.
    """

    masked: bool
    personal: Collection[str] = ()
    names: Collection[str] = ()

    def text(self, value: str) -> str:
        """Free text as the asker reads it."""
        return mask_text(value, self.names) if self.masked else value

    def fields(self, values: dict[str, Any] | None) -> dict[str, Any] | None:
        """Fields as the asker reads them."""
        return mask_fields(values, self.personal, self.names) if self.masked and values else values


OPEN = Hide(masked=False)
"""For who is in charge."""


def me_view(staff: Staff, serving: int, now: datetime) -> MeView:
    """The asker themselves."""
    about_nothing = rights.deeds(rights.by_role(staff.role))
    return MeView(
        **staff_view(staff, serving, now).model_dump(),
        may=[d for d in about_nothing if d in IN_HOUSE],
        needs=needs(staff),
        second_factor=staff.totp_secret is not None,
        second_factor_required=staff.totp_required,
    )


def staff_view(staff: Staff, serving: int, now: datetime) -> StaffView:
    """A member of staff as colleagues see them."""
    return StaffView(
        id=staff.id,
        name=staff.name,
        number=staff.number,
        role=staff.role,
        department=staff.department,
        online=is_on_duty(staff, now),
        capacity=staff.capacity,
        serving=serving,
    )


def customer_view(customer: Customer, identity: Identity, *, masked: bool) -> CustomerView:
    """The customer's file, as far as the asker is in charge."""

    def seen(value: str | None, mask: Any) -> str | None:
        return str(mask(value)) if masked and value else value

    return CustomerView(
        id=customer.id,
        name=seen(customer.name, mask_name),
        phone=seen(customer.phone, mask_phone),
        email=seen(customer.email, mask_email),
        tier=customer.tier,
        sender=sender_view(identity, masked=masked),
        channel=identity.channel,
        masked=masked,
    )


def sender_view(identity: Identity, *, masked: bool) -> str:
    """A customer's address on their channel; one that is a phone is masked like a phone."""
    is_phone = masked and phones.read(identity.sender) is not None
    return mask_phone(identity.sender) if is_phone else identity.sender


def handoff_note_view(services: Services, note: dict[str, Any] | None, *, masked: bool) -> dict[str, Any] | None:
    """The handoff note; for who is not in charge with its customer, fields and talk masked."""
    if note is None:
        return None
    note = {**note, "fields": shown(services.wording, note.get("fields") or {})}
    if not masked:
        return note
    fields, customer = note["fields"], note.get("customer") or {}
    return mask_fields(note, services.company.personal, names_in(fields, customer))


def delivery_view(services: Services, delivery: Delivery) -> DeliveryView:
    """A delivery, with a way out in words where there is something to do."""
    key = f"undelivered_{delivery.trouble}"
    hint = services.wording.render(key) if delivery.trouble else None
    return DeliveryView(status=delivery.status, error=delivery.error, hint=hint)


def message_view(message: Message, hide: Hide, delivery: DeliveryView | None = None) -> MessageView:
    """One message, with `hide` over whatever is said in it."""
    return MessageView(
        id=message.id,
        seq=message.seq,
        at=message.at,
        author=message.author,
        text=hide.text(message.text),
        staff_id=message.staff_id,
        image=message.image,
        buttons=[hide.text(button["title"]) for button in message.buttons or []],
        custom=hide.fields(message.custom),
        understood=None if hide.masked else message.understood,
        in_reply_to=message.in_reply_to or [],
        delivery=delivery,
    )


def note_view(note: Audit, hide: Hide) -> NoteView:
    """A note is kept in the audit."""
    text = hide.text((note.detail or {}).get("text", ""))
    by, is_whisper = note.actor.removeprefix("staff:"), (note.detail or {}).get("to") is not None
    return NoteView(at=note.at, by=by, text=text, whisper=is_whisper)


def moved_view(conversation: Conversation) -> MovedView:
    """The answer of every route that moves a conversation."""
    return MovedView(
        conversation_id=conversation.id,
        state=conversation.state,
        staff_id=conversation.staff_id,
        priority=conversation.priority,
        held_until=conversation.held_until,
    )


def promise_view(promise: Promise, hide: Hide, parts: Set[Part] = frozenset()) -> PromiseView:
    """A promise as the ledger shows it to somebody who is `parts` to it."""
    return PromiseView(
        id=promise.id,
        ticket=promise.ticket_number,
        conversation_id=promise.conversation_id,
        kind=promise.kind,
        text=hide.text(promise.text),
        owner=promise.owner_id,
        due_at=promise.due_at,
        state=promise.state,
        made_by=promise.made_by,
        made_at=promise.made_at,
        settled_at=promise.settled_at,
        may=[deed for deed in (Deed.POSTPONE, Deed.SETTLE) if rights.may(deed, parts)],
    )


def words_view(message: Message, hide: Hide) -> WordsView:
    """The customer's words."""
    return WordsView(id=message.id, at=message.at, text=hide.text(message.text))


def event_view(services: Services, event: TicketEvent, hide: Hide) -> EventView:
    """One line of the timeline."""
    detail = hide.fields(event.detail)
    return EventView(
        at=event.at,
        actor=event.actor,
        action=event.action,
        from_=event.from_status,
        to=event.to_status,
        note=hide.text(event.note) if event.note else event.note,
        detail=shown(services.wording, detail) if detail else detail,
    )


def ticket_values(services: Services, ticket: Ticket, owner: Staff, viewer: Staff) -> dict[str, Any]:
    """The values of a `TicketView`."""
    masked = not sees_contact(services.company, ticket, owner, viewer)
    department = services.company.departments.get(ticket.department)
    hide = Hide(masked, services.company.personal, names_in(ticket.fields))
    return {
        **{name: getattr(ticket, name) for name in _AS_THEY_ARE},
        "kind_title": services.wording.render(f"kind_{ticket.kind}"),
        "status_title": services.wording.render(f"status_{ticket.status}"),
        "owner": owner.id,
        "owner_name": owner.name,
        "department_title": department.title if department else ticket.department,
        "fields": shown(services.wording, hide.fields(ticket.fields) or {}),
        "masked": masked,
        "due": DueView(first_contact=ticket.first_contact_due, result=ticket.result_due),
    }


_AS_THEY_ARE = (
    "number", "kind", "status", "level", "round", "urgency", "category", "department", "source",
    "first_contact_at", "answered_at", "created_at", "updated_at", "closed_at", "conversation_id", "version",
)  # fmt: skip
"""Columns of a ticket that are shown under their own names."""

IN_HOUSE = frozenset({Deed.OPEN_INTERNAL, Deed.EDIT_KNOWLEDGE, Deed.EDIT_SETTINGS, Deed.READ_AUDIT, Deed.SUPERVISE})
"""Deeds that are about no ticket and no customer."""

TicketDetail.model_rebuild()
SentView.model_rebuild()
