"""回访: whom to ask afterwards, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Clean, Filled, Filter, Given, Id, Moment, Who, parse_flag
from helpdesk.errors import InvalidInput
from helpdesk.model.follow_up import By, Report, State, is_permitted
from helpdesk.services import Services
from helpdesk.store.tables import Customer, FollowUp, Staff
from helpdesk.text.masking import mask_name, mask_phone
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.customers import files, follow_ups

REASON = 200

router = APIRouter(tags=["customers"])


class FollowUpView(views.View):
    """One of them. `report` has as_agreed, satisfied, unpleasant, still_open, and the number of what is left to do; it
    and `note` are for who is shown the customer. `permitted`: whether the customer may be asked this way now."""

    id: str
    customer_id: str
    customer_name: str | None
    phone: str | None
    masked: bool
    occasion: str
    number: str | None
    way: str
    state: str
    owner: str
    due_at: datetime
    note: str | None
    moves: int
    report: dict[str, Any] | None
    settled_at: datetime | None
    settled_by: str | None
    permitted: bool


class NewFollowUp(BaseModel):
    """One that is planned by hand."""

    way: By
    due_at: Moment
    note: Clean | None = Field(None, max_length=REASON)


class Reported(BaseModel):
    """What came of it."""

    as_agreed: bool
    satisfied: int = Field(ge=1, le=5)
    unpleasant: Clean = Field("", max_length=500)
    still_open: Clean = Field("", max_length=500)


class Moved(BaseModel):
    """When it is tried again, and why."""

    due_at: Moment
    reason: Filled = Field(max_length=REASON)


class Dropped(BaseModel):
    """Why it is given up."""

    reason: Filled = Field(max_length=REASON)


@router.get("/follow-ups")
async def listed(
    services: Given, who: Who, state: Filter = None, mine: Filter = None, customer: Filter = None
) -> list[FollowUpView]:
    """What is to be asked, the next due first, or (`state=done`, `dropped`) what was, the last first; 200 at most."""
    async with services.db.read() as uow:
        eyes = await files.eyes_of(uow.session, who.staff)
        found = await follow_ups.listed(
            uow.session,
            state=_state(state),
            owner_id=who.staff.id if parse_flag(mine) else None,
            customer_id=clean(customer or "") or None,
        )
    return [_view(one, customer, eyes) for one, customer in found]


def _state(name: str | None) -> State | None:
    if name and name not in set(State):
        raise InvalidInput("no_such_choice", field="state", value=name[:20], allowed=[str(one) for one in State])
    return State(name) if name else None


@router.post("/customers/{customer_id}/follow-ups", status_code=201)
async def plan(customer_id: Id, body: NewFollowUp, services: Given, who: Who) -> FollowUpView:
    """Plan one by hand; refused at night, outside the customer's hours, or where they did not agree."""
    made = await follow_ups.add(services, customer_id, follow_ups.Plan(body.way, body.due_at, body.note), who.staff)
    return await _shown(services, made, who.staff)


@router.post("/follow-ups/{follow_up_id}/report")
async def report(follow_up_id: Id, body: Reported, services: Given, who: Who) -> FollowUpView:
    """What came of it; what is left becomes an internal ticket."""
    told = Report(body.as_agreed, body.satisfied, body.unpleasant, body.still_open)
    return await _shown(services, await follow_ups.report(services, follow_up_id, told, who.staff), who.staff)


@router.post("/follow-ups/{follow_up_id}/move")
async def move(follow_up_id: Id, body: Moved, services: Given, who: Who) -> FollowUpView:
    """Not reached: at another time."""
    made = await follow_ups.move(services, follow_up_id, body.due_at, body.reason, who.staff)
    return await _shown(services, made, who.staff)


@router.post("/follow-ups/{follow_up_id}/drop")
async def drop(follow_up_id: Id, body: Dropped, services: Given, who: Who) -> FollowUpView:
    """It is given up, for a reason."""
    return await _shown(services, await follow_ups.drop(services, follow_up_id, body.reason, who.staff), who.staff)


@router.post("/follow-ups/{follow_up_id}/thanks")
async def thanks(follow_up_id: Id, services: Given, who: Who) -> FollowUpView:
    """A letter of thanks to the customer."""
    return await _shown(services, await follow_ups.thank(services, follow_up_id, who.staff), who.staff)


async def _shown(services: Services, made: FollowUp, by: Staff) -> FollowUpView:
    async with services.db.read() as uow:
        customer = await uow.session.get_one(Customer, made.customer_id)
        return _view(made, customer, await files.eyes_of(uow.session, by))


def _view(one: FollowUp, customer: Customer, eyes: files.Eyes) -> FollowUpView:
    is_theirs = one.owner_id == eyes.by.id and customer.id not in eyes.accusers
    masked = eyes.masked(customer) and not is_theirs
    name, phone = customer.name, customer.phone
    return FollowUpView(
        id=one.id,
        customer_id=customer.id,
        customer_name=mask_name(name) if masked and name else name,
        phone=mask_phone(phone) if masked and phone else phone,
        masked=masked,
        occasion=one.occasion,
        number=one.number,
        way=one.way,
        state=one.state,
        owner=one.owner_id,
        due_at=one.due_at,
        note=None if masked else one.note,
        moves=one.moves,
        report=None if masked else one.report,
        settled_at=one.settled_at,
        settled_by=one.settled_by,
        permitted=is_permitted(By(one.way), customer.may_follow_up),
    )
