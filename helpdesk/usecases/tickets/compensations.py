"""Compensation for a loss (C5): proposed by staff, approved within a role's limit, answered by the customer.

An approval offers it to the customer by letter. Whether they accept or refuse closes nothing and is no
condition of anything (C11); every step is on the ticket's timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, func, select

from helpdesk.errors import Conflict, NotAllowed, NotFound
from helpdesk.model.compensation import (
    BY_CUSTOMER,
    COUNTS,
    WORTH_SOMETHING,
    Decision,
    Form,
    Given,
    Offer,
    decided,
    format_yuan,
    parse_cents,
)
from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.rights import Deed
from helpdesk.model.say import Choice, Say
from helpdesk.model.ticket import CLOSED
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Compensation, Staff, Ticket, new_id
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.compose import sentence
from helpdesk.usecases.letters.letters import write_letter
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.register import add_event, lock_ticket, touch

ANSWER = "answer_compensation"
"""The press with which a customer accepts or refuses."""
DEEDS = {Decision.APPROVE: Deed.APPROVE, Decision.REJECT: Deed.REJECT}
REFUSALS = {
    "ticket": "amount_above_ticket",
    "day": "amount_above_day",
    "own": "amount_above_own",
}


@dataclass(frozen=True)
class Proposal:
    """What is proposed: `amount` in yuan as text, `text` as the customer reads it, `reason` for colleagues."""

    form: Form
    amount: str
    text: str
    reason: str


@dataclass(frozen=True)
class Ruling:
    """What was decided about a proposal, by whom, and what they say to it."""

    decision: Decision
    by: Staff
    note: str | None = None


async def propose(services: Services, number: str, proposal: Proposal, by: Staff) -> Ticket:
    """Propose compensation; within the small limit for one's own proposals it is approved at once and offered.

    Raises:
        NotFound, NotAllowed, InvalidInput (the amount). Conflict: the ticket is closed.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.PROPOSE)
        if ticket.status in CLOSED:
            raise Conflict("ticket_over", status=ticket.status)
        made = _made(ticket, proposal, by, uow.now)
        uow.session.add(made)
        _note(uow, ticket, made, Line("compensation_proposed", audit.by_staff(by.id), proposal.reason))
        if await _refusal(services, uow, made, by) is None:
            await _decide(services, uow, ticket, made, Ruling(Decision.APPROVE, by))
        await uow.commit()
    return ticket


def _made(ticket: Ticket, proposal: Proposal, by: Staff, now: datetime) -> Compensation:
    return Compensation(
        id=new_id(),
        number=ticket.number,
        form=proposal.form,
        cents=parse_cents(proposal.amount, proposal.form),
        text=proposal.text,
        reason=proposal.reason,
        state=Offer.PROPOSED,
        proposed_by=by.id,
        proposed_at=now,
    )


async def decide(services: Services, compensation_id: str, decision: Decision, note: str | None, by: Staff) -> Ticket:
    """Approve or reject a proposal, or write down what the customer answered outside the chat.

    Raises:
        NotFound. NotAllowed: not theirs to decide, or more than they may (see `Authority`). MoveRefused: it is
        not open to this any more.
    """
    async with services.db.write() as uow:
        ticket, found = await _locked(uow, compensation_id)
        deed = DEEDS.get(decision, Deed.NOTE_ANSWER)
        await rights.require(services, uow.session, ticket, by, deed, author=found.proposed_by)
        decided(Offer(found.state), decision)
        if decision is Decision.APPROVE:
            await _check_limits(services, uow, found, by)
        await _decide(services, uow, ticket, found, Ruling(decision, by, note))
        await uow.commit()
    return ticket


async def _locked(uow: UnitOfWork, compensation_id: str) -> tuple[Ticket, Compensation]:
    """The ticket first: whoever changes a compensation holds its ticket."""
    found = await uow.session.get(Compensation, compensation_id)
    if found is None:
        raise NotFound("compensation_not_found", compensation_id=compensation_id)
    ticket = await locked_ticket(uow, found.number)
    await uow.session.refresh(found, with_for_update=True)
    return ticket, found


async def _check_limits(services: Services, uow: UnitOfWork, found: Compensation, by: Staff) -> None:
    crossed = await _refusal(services, uow, found, by)
    if crossed is not None:
        limit = getattr(services.company.limits.compensation(by.role), crossed) // 100
        raise NotAllowed(REFUSALS[crossed], limit=limit, crossed=crossed)


async def _refusal(services: Services, uow: UnitOfWork, found: Compensation, by: Staff) -> str | None:
    """Which limit an approval by this person would cross; their row is locked, so that two cannot both fit."""
    await uow.session.get_one(Staff, by.id, with_for_update=True, populate_existing=True)
    given = await _given(services, uow, found.number, by)
    authority = services.company.limits.compensation(by.role)
    return authority.refusal(found.cents, given, is_own=found.proposed_by == by.id)


async def _given(services: Services, uow: UnitOfWork, number: str, by: Staff) -> Given:
    zone = services.company.profile.zone
    midnight = datetime.combine(uow.now.astimezone(zone).date(), time(), zone).astimezone(UTC)
    of_ticket, mine = Compensation.number == number, Compensation.decided_by == by.id
    return Given(
        ticket=await _sum(uow, of_ticket),
        day=await _sum(uow, mine, Compensation.decided_at >= midnight),
        own=await _sum(uow, of_ticket, mine, Compensation.proposed_by == by.id),
    )


async def _sum(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> int:
    query = select(func.coalesce(func.sum(Compensation.cents), 0)).where(Compensation.state.in_(COUNTS), *conditions)
    return int(await uow.session.scalar(query) or 0)


async def _decide(
    services: Services,
    uow: UnitOfWork,
    ticket: Ticket,
    found: Compensation,
    ruling: Ruling,
) -> None:
    decision, by = ruling.decision, ruling.by
    found.state = decided(Offer(found.state), decision)
    if decision in BY_CUSTOMER:
        found.answered_at = uow.now
    else:
        found.decided_by, found.decided_at = by.id, uow.now
    _note(uow, ticket, found, Line(f"compensation_{found.state}", audit.by_staff(by.id), ruling.note))
    if decision is Decision.APPROVE:
        await _offer(services, uow, ticket, found, by)


async def _offer(services: Services, uow: UnitOfWork, ticket: Ticket, found: Compensation, by: Staff) -> None:
    await write_letter(
        services,
        uow,
        ticket,
        Writing(
            LetterKind.COMPENSATION,
            words=Words(fields={"offer": sentence(in_words(services, found))}, choices=_choices(services, found)),
            key=f"{ticket.number}:compensation:{found.id}",
            by=audit.by_staff(by.id),
        ),
    )


def in_words(services: Services, found: Compensation) -> str:
    """The offer as the customer reads it; money and coupons with their amount."""
    if found.form not in WORTH_SOMETHING:
        return found.text
    text = found.text.rstrip(" 。.")  # the amount ends the sentence
    return services.wording.render("compensation_worth", text=text, amount=format_yuan(found.cents))


def _choices(services: Services, found: Compensation) -> tuple[Choice, Choice]:
    accept, refuse = (services.wording.render(key) for key in ("press_accept_offer", "press_refuse_offer"))
    return (
        Choice(accept, {"service": ANSWER, "id": found.id, "accept": True}),
        Choice(refuse, {"service": ANSWER, "id": found.id, "accept": False}),
    )


async def answer(services: Services, uow: UnitOfWork, compensation_id: str, *, accept: bool) -> list[Say]:
    """The customer presses; a press that comes too late is told what holds now, or nothing."""
    found = await uow.session.get_one(Compensation, compensation_id)
    ticket = await lock_ticket(uow, found.number)
    await uow.session.refresh(found, with_for_update=True)
    if found.state == Offer.APPROVED:
        found.state = decided(Offer.APPROVED, Decision.ACCEPT if accept else Decision.REFUSE)
        found.answered_at = uow.now
        _note(uow, ticket, found, Line(f"compensation_{found.state}", audit.CUSTOMER))
    key = {Offer.ACCEPTED: "compensation_accepted", Offer.REFUSED: "compensation_refused"}.get(Offer(found.state))
    if key is None:
        return []
    offer = in_words(services, found)
    text = services.wording.render(key, variant_seed=found.id, number=ticket.number, offer=offer)
    return [Say(text, custom={"kind": "compensation", "number": ticket.number, "state": found.state})]


def _note(uow: UnitOfWork, ticket: Ticket, found: Compensation, line: Line) -> None:
    detail = {"id": found.id, "form": found.form, "amount": format_yuan(found.cents), "text": found.text}
    add_event(uow, ticket, replace(line, detail=detail))
    touch(uow, ticket)


async def of_ticket(uow: UnitOfWork, number: str) -> Sequence[Compensation]:
    """Every compensation that was ever proposed for a ticket."""
    query = select(Compensation).where(Compensation.number == number)
    return (await uow.session.scalars(query.order_by(Compensation.proposed_at, Compensation.id))).all()
