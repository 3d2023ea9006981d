"""Whose hands a ticket is in, and what is offered to its customer."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import TEXT_LIMIT, Clean, Filled, Given, Id, Who
from helpdesk.desk.tickets import detail_of
from helpdesk.model.compensation import Decision, Form
from helpdesk.usecases.tickets import bulk, compensations, investigators, pass_on
from helpdesk.usecases.tickets import work as ticket_work
from helpdesk.usecases.tickets.compensations import Proposal

router = APIRouter(tags=["tickets"])


class NewOwner(BaseModel):
    """Who has the ticket from now on."""

    to: Filled = Field(max_length=64)
    note: Clean | None = Field(None, max_length=TEXT_LIMIT)


class ManyTickets(BaseModel):
    """Many tickets, and what is done to each: `owner` (with `to`), `note` (with `note`) or `accept`."""

    numbers: list[Filled] = Field(min_length=1, max_length=bulk.MOST)
    action: bulk.Many
    to: Clean | None = Field(None, max_length=64)
    note: Clean | None = Field(None, max_length=TEXT_LIMIT)


class OutcomeView(views.View):
    """One of them; `code` and `refused` say why it was left as it is, as an error does."""

    number: str
    code: str | None
    refused: str | None


class NewDepartment(BaseModel):
    """Which department is concerned, and why; `to` is its person, else one is chosen."""

    department: Filled = Field(max_length=64)
    to: Clean | None = Field(None, max_length=64)
    note: Filled = Field(max_length=TEXT_LIMIT)


class Why(BaseModel):
    """Why it goes up."""

    note: Filled = Field(max_length=TEXT_LIMIT)


class NewInvestigator(BaseModel):
    """Who joins the group, and for what."""

    staff_id: Filled = Field(max_length=64)
    note: Clean | None = Field(None, max_length=TEXT_LIMIT)


class Alternative(BaseModel):
    """What was offered instead of what could not be done."""

    text: Filled = Field(max_length=TEXT_LIMIT)


class NewCompensation(BaseModel):
    """What is proposed: `amount` in yuan (`88.00`), `text` as the customer reads it, `reason` for colleagues."""

    form: Form
    amount: Filled = Field(max_length=12)
    text: Filled = Field(max_length=500)
    reason: Filled = Field(max_length=TEXT_LIMIT)

    def proposal(self) -> Proposal:
        """The same for the use-case."""
        return Proposal(self.form, self.amount, self.text, self.reason)


class CompensationDecision(BaseModel):
    """approve or reject; accept or refuse is what the customer answered outside the chat."""

    decision: Decision
    note: Clean | None = Field(None, max_length=TEXT_LIMIT)


@router.post("/tickets/bulk")
async def change_many(body: ManyTickets, services: Given, who: Who) -> list[OutcomeView]:
    """Do the same to many tickets, each by itself: one that is refused stops no other."""
    wish = bulk.Wish(body.action, body.to or None, body.note or None)
    outcomes = await bulk.change(services, body.numbers, wish, who.staff)
    return [OutcomeView(number=one.number, code=one.code, refused=one.refused) for one in outcomes]


@router.post("/tickets/{number}/owner")
async def owner(number: Id, body: NewOwner, services: Given, who: Who) -> views.TicketDetail:
    """Give a ticket to a colleague; the customer is told who has it."""
    ticket = await pass_on.hand_on(services, number.upper(), body.to, body.note, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/department")
async def department(number: Id, body: NewDepartment, services: Given, who: Who) -> views.TicketDetail:
    """Give a ticket to another department; it has an owner there at once."""
    to = body.to or None
    ticket = await pass_on.transfer(
        services, number.upper(), pass_on.Transfer(body.department, body.note, to), who.staff
    )
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/escalate")
async def escalate(number: Id, body: Why, services: Given, who: Who) -> views.TicketDetail:
    """One level up: department, office, management."""
    ticket = await pass_on.escalate(services, number.upper(), body.note, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/investigators", status_code=201)
async def add_investigator(number: Id, body: NewInvestigator, services: Given, who: Who) -> views.TicketDetail:
    """A colleague of any department joins the investigation group."""
    ticket = await investigators.add(services, number.upper(), body.staff_id, body.note, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.delete("/tickets/{number}/investigators/{staff_id}")
async def remove_investigator(number: Id, staff_id: Id, services: Given, who: Who) -> views.TicketDetail:
    """A colleague leaves the group."""
    ticket = await investigators.remove(services, number.upper(), staff_id, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/alternatives", status_code=201)
async def alternative(number: Id, body: Alternative, services: Given, who: Who) -> views.TicketDetail:
    """The wish could not be met: what was offered instead."""
    ticket = await ticket_work.offer_alternative(services, number.upper(), body.text, who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/tickets/{number}/compensations", status_code=201)
async def propose(number: Id, body: NewCompensation, services: Given, who: Who) -> views.TicketDetail:
    """Propose compensation; within your own limit it is approved at once and offered to the customer."""
    ticket = await compensations.propose(services, number.upper(), body.proposal(), who.staff)
    return await detail_of(services, ticket.number, who.staff)


@router.post("/compensations/{compensation_id}/decision")
async def decide(compensation_id: Id, body: CompensationDecision, services: Given, who: Who) -> views.TicketDetail:
    """Approve or reject a proposal, or write down the customer's answer; an approval is offered by letter."""
    ticket = await compensations.decide(services, compensation_id, body.decision, body.note, who.staff)
    return await detail_of(services, ticket.number, who.staff)
