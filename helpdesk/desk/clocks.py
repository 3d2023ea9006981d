"""What runs on time: questions that make a ticket wait, promises, warnings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from helpdesk.desk import tickets as ticket_routes
from helpdesk.desk import views
from helpdesk.desk.access import TEXT_LIMIT, Clean, Filled, Given, Id, Who
from helpdesk.usecases.promises import promises, warnings
from helpdesk.usecases.tickets import ask_customer

router = APIRouter(tags=["clocks"])


class Question(BaseModel):
    """What the customer is asked for; the result's clock waits for the answer."""

    text: Filled = Field(max_length=TEXT_LIMIT)


class Remark(BaseModel):
    """Why the wait is over."""

    note: Clean | None = Field(None, max_length=TEXT_LIMIT)


class Settlement(BaseModel):
    """Staff says that it is done."""

    state: Literal["kept"] = "kept"
    note: Clean | None = Field(None, max_length=TEXT_LIMIT)


class WarningView(views.View):
    """One thing the desk is warned of."""

    code: str
    message: str
    number: str | None
    at: datetime | None


class TallyView(views.View):
    """Somebody's promises."""

    owner: str
    name: str
    open: int
    kept: int
    broken: int


class SummaryView(views.View):
    """Everybody's promises, and each owner's."""

    open: int
    kept: int
    broken: int
    by_owner: list[TallyView]


@router.post("/tickets/{number}/ask")
async def ask(number: Id, body: Question, services: Given, who: Who) -> views.TicketDetail:
    """Ask the customer for something; the result's clock waits for the answer."""
    ticket = await ask_customer.ask(services, number.upper(), body.text, who.staff)
    return await ticket_routes.detail(ticket.number, services, who)


@router.post("/tickets/{number}/unpause")
async def unpause(
    number: Id, services: Given, who: Who, body: Annotated[Remark, Body(default_factory=Remark)]
) -> views.TicketDetail:
    """Go on without waiting any longer."""
    ticket = await ask_customer.unpause(services, number.upper(), body.note, who.staff)
    return await ticket_routes.detail(ticket.number, services, who)


@router.post("/promises/{promise_id}/settle")
async def settle(promise_id: Id, body: Settlement, services: Given, who: Who) -> views.PromiseView:
    """What was promised is done; late, it counts as broken."""
    return views.promise_view(await promises.settle_by_staff(services, promise_id, body.note, who.staff), views.OPEN)


@router.get("/promises/summary")
async def summary(services: Given, who: Who) -> SummaryView:
    """How many promises are open, kept and broken."""
    async with services.db.read(much=True) as uow:
        total, owners = await promises.summary(uow.session)
    return SummaryView(
        open=total.open, kept=total.kept, broken=total.broken, by_owner=[TallyView(**asdict(one)) for one in owners]
    )


@router.get("/warnings")
async def warned(services: Given, who: Who) -> list[WarningView]:
    """What you should know now, dangers first."""
    found = await warnings.listed(services, who.staff, services.clock.now())
    return [WarningView(**asdict(one)) for one in found]
