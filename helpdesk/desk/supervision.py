"""现场: what a supervisor sees of this moment and does about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Filled, Given, Id, Who
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.tables import Ticket
from helpdesk.text.masking import names_in
from helpdesk.usecases.people import rights
from helpdesk.usecases.people.sign_in import SignedIn
from helpdesk.usecases.queue import overview, supervision

router = APIRouter(tags=["supervision"])


async def leading(who: Who) -> SignedIn:
    """Who may supervise.

    Raises:
        NotAllowed.
    """
    rights.require_in_house(who.staff, Deed.SUPERVISE)
    return who


Lead = Annotated[SignedIn, Depends(leading)]


class OnDutyView(views.View):
    """A colleague at this moment."""

    id: str
    name: str
    number: str
    department: str
    online: bool
    rostered: bool
    serving: int
    capacity: int


class WithPersonView(views.View):
    """A customer who is with a person or waits for one; `late`: no word of one in time."""

    conversation_id: str
    customer_name: str | None
    sender: str
    channel: str
    state: str
    priority: str
    staff_id: str | None
    reason: str
    wished_at: datetime
    taken_at: datetime | None
    first_word_at: datetime | None
    late: bool


class ClockView(views.View):
    """A ticket one of whose clocks runs out today; the sooner one."""

    number: str
    kind: str
    owner: str
    due_at: datetime


class NowView(views.View):
    """The team's work as it stands."""

    at: datetime
    answer_seconds: int
    staff: list[OnDutyView]
    customers: list[WithPersonView]
    promises: list[views.PromiseView]
    clocks: list[ClockView]


class Whisper(BaseModel):
    """What whoever serves should know; the customer never sees it."""

    text: Filled = Field(max_length=500)


class Assign(BaseModel):
    """A colleague's id."""

    to: Filled = Field(max_length=64)


@router.get("/supervision")
async def now(services: Given, who: Lead) -> NowView:
    """Who is on, who waits, who has heard no word, what is due today."""
    moment = services.clock.now()
    async with services.db.read() as uow:
        staff = await overview.staff_now(services, uow.session, moment)
        customers = await overview.with_people(uow.session)
        promises = await overview.promises_today(services, uow.session, moment)
        tickets = await overview.clocks_today(services, uow.session, moment)
        accusers = await rights.accusers(uow.session, who.staff)
    return NowView(
        at=moment,
        answer_seconds=services.company.assignment.answer_seconds,
        staff=[_on_duty(one) for one in staff],
        customers=[_with_person(services, one, moment, one.customer.id in accusers) for one in customers],
        promises=[views.promise_view(one, _hide(one.customer_id in accusers)) for one in promises],
        clocks=[_clock(one) for one in tickets],
    )


def _hide(masked: bool) -> views.Hide:
    return views.Hide(masked, names=names_in({}))


def _on_duty(one: overview.OnDuty) -> OnDutyView:
    staff = one.staff
    return OnDutyView(
        id=staff.id,
        name=staff.name,
        number=staff.number,
        department=staff.department,
        online=one.online,
        rostered=one.rostered,
        serving=one.serving,
        capacity=staff.capacity,
    )


def _with_person(services: Services, one: overview.Unheard, moment: datetime, masked: bool) -> WithPersonView:
    customer = views.customer_view(one.customer, one.identity, masked=masked)
    return WithPersonView(
        conversation_id=one.conversation.id,
        customer_name=customer.name,
        sender=customer.sender,
        channel=customer.channel,
        state=one.conversation.state,
        priority=one.conversation.priority,
        staff_id=one.conversation.staff_id,
        reason=one.stay.reason,
        wished_at=one.stay.wished_at,
        taken_at=one.stay.taken_at,
        first_word_at=one.stay.first_word_at,
        late=overview.is_late(services, one.stay, moment),
    )


def _clock(ticket: Ticket) -> ClockView:
    contact = ticket.first_contact_due if ticket.first_contact_at is None else None
    result = ticket.result_due if ticket.answered_at is None else None
    due = min(one for one in (contact, result) if one is not None)
    return ClockView(number=ticket.number, kind=ticket.kind, owner=ticket.owner_id, due_at=due)


@router.post("/conversations/{conversation_id}/whisper", status_code=201)
async def whisper(conversation_id: Id, body: Whisper, services: Given, who: Lead) -> views.NoteView:
    """Tell whoever serves something, at once and unseen by the customer."""
    return views.note_view(await supervision.whisper(services, conversation_id, body.text, who.staff), views.OPEN)


@router.post("/conversations/{conversation_id}/assign")
async def assign(conversation_id: Id, body: Assign, services: Given, who: Lead) -> views.MovedView:
    """Give a customer to a colleague, or take them over oneself; from the queue, the bot, or another colleague."""
    return views.moved_view(await supervision.assign_to(services, conversation_id, body.to, who.staff))
