"""The list of calls to be made, and of letters that reached nobody."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import TEXT_LIMIT, Filled, Filter, Given, Id, Moment, Who, parse_flag
from helpdesk.model.field import known
from helpdesk.model.matter import Matter
from helpdesk.model.rights import Deed, may
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Staff, Ticket
from helpdesk.text.masking import mask_name, mask_phone, mask_text
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets import calls

router = APIRouter(tags=["calls"])


class CalledView(views.View):
    """Whose call it is; name, phone and words are masked for who is not in charge."""

    number: str
    kind: str
    owner: str
    name: str | None
    phone: str | None
    masked: bool


class CallView(CalledView):
    """A call to be made. `why`: what is to be told, or what was promised."""

    id: str
    why: str
    due_at: datetime
    attempts: int
    about: str
    words: list[str]
    may_call: bool


class TriedView(views.View):
    """A way that was tried: sent, unknown, failed."""

    way: str
    state: str
    error: str | None


class UnreachedView(CalledView):
    """A letter that reached nobody; `letter` is its kind."""

    letter: str
    title: str
    written_at: datetime
    tries: list[TriedView]


class Done(BaseModel):
    """What came of a call; `due_at` for another time that was agreed."""

    outcome: calls.Outcome
    note: Filled = Field(max_length=TEXT_LIMIT)
    due_at: Moment | None = None


@router.get("/calls")
async def listed(services: Given, who: Who, mine: Filter = None) -> list[CallView]:
    """Whom to call, the next due first."""
    owner = who.staff.id if parse_flag(mine) else None
    async with services.db.read(much=True) as uow:
        return [await _call(services, uow, one, who.staff) for one in await calls.listed(services, uow.session, owner)]


@router.post("/calls/{call_id}")
async def done(call_id: Id, body: Done, services: Given, who: Who) -> list[CallView]:
    """Write down what came of a call; the list as it is then."""
    await calls.done(services, call_id, calls.Spoken(body.outcome, body.note, body.due_at), who.staff)
    return await listed(services, who)


@router.get("/undelivered")
async def undelivered(services: Given, who: Who) -> list[UnreachedView]:
    """Letters that no way brought to their customers, the newest first."""
    async with services.db.read(much=True) as uow:
        return [await _unreached(services, uow, one, who.staff) for one in await calls.unreached(uow.session)]


async def _call(services: Services, uow: UnitOfWork, call: calls.Call, viewer: Staff) -> CallView:
    whose = await _called(services, uow, call.ticket, call.customer, viewer)
    hide = mask_text if whose.masked else str
    about = str(known(call.ticket.fields.get("description")) or "")
    theirs = await rights.parts(services, uow.session, call.ticket, viewer)
    return CallView(
        **whose.model_dump(),
        id=call.id,
        why=call.why,
        due_at=call.due_at,
        attempts=call.attempts,
        about=hide(about),
        words=[hide(one) for one in call.words],
        may_call=may(Deed.CONTACT, theirs),
    )


async def _unreached(services: Services, uow: UnitOfWork, one: calls.Unreached, viewer: Staff) -> UnreachedView:
    whose = await _called(services, uow, one.ticket, one.customer, viewer)
    return UnreachedView(
        **whose.model_dump(),
        letter=one.letter.kind,
        title=services.wording.render(f"letter_title_{one.letter.kind}"),
        written_at=one.letter.written_at,
        tries=[TriedView(way=tried.way, state=tried.state, error=tried.error) for tried in one.tries],
    )


async def _called(services: Services, uow: UnitOfWork, ticket: Ticket, customer: Customer, viewer: Staff) -> CalledView:
    owner = await uow.session.get_one(Staff, ticket.owner_id)
    masked = not rights.sees_contact(services.company, ticket, owner, viewer)
    matter = Matter.of(ticket)
    name, phone = matter.known("name") or customer.name, matter.known("phone") or customer.phone
    return CalledView(
        number=ticket.number,
        kind=ticket.kind,
        owner=owner.name,
        name=mask_name(name) if name and masked else name,
        phone=mask_phone(phone) if phone and masked else phone,
        masked=masked,
    )
