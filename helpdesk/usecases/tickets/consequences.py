"""What follows from a ticket's move: clocks, owner, promises. The move itself is in `move`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping

from helpdesk.model.promise import PromiseKind
from helpdesk.model.ticket import Action, Finding, Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.promises import promises
from helpdesk.usecases.promises.due import CALL_BACK_KINDS, due_times
from helpdesk.usecases.tickets import improvements
from helpdesk.usecases.tickets.register import promise_dates
from helpdesk.usecases.tickets.routing import one_level_up
from helpdesk.usecases.tickets.step import Step

DONE_BY_ANSWER = frozenset({PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK, PromiseKind.RESULT})

Follow = Callable[[Services, UnitOfWork, Ticket, Step], Awaitable[None]]


async def _accepted(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> None:
    """The customer hears who is in charge: that is the first contact. A call-back is only kept by a call."""
    if ticket.kind not in CALL_BACK_KINDS:
        await contacted(uow, ticket, {PromiseKind.FIRST_CONTACT})


async def contacted(uow: UnitOfWork, ticket: Ticket, kinds: Collection[PromiseKind]) -> None:
    """The customer was reached: the first time stops that clock."""
    ticket.first_contact_at = ticket.first_contact_at or uow.now
    await promises.settle(uow, ticket, kinds)


async def _answered(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> None:
    ticket.answered_at = uow.now
    ticket.first_contact_at = ticket.first_contact_at or uow.now
    await promises.settle(uow, ticket, DONE_BY_ANSWER)
    if ticket.kind == Kind.COMPLAINT and step.cause and step.finding is not Finding.UNFOUNDED:
        await improvements.of_cause(services, uow, ticket, step.cause)


async def _corrected(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> None:
    """The time to appeal begins anew with the result that holds."""
    ticket.answered_at = uow.now


async def _closed(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> None:
    ticket.closed_at = uow.now
    await promises.cancel(uow, ticket)


async def _again(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> None:
    """One round more, one level up, another handler, new dates (C6)."""
    ticket.round += 1
    await one_level_up(services, uow, ticket, to=step.to)
    await _new_dates(services, uow, ticket)


async def _resumed(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> None:
    ticket.closed_at = None
    await _new_dates(services, uow, ticket)


async def _new_dates(services: Services, uow: UnitOfWork, ticket: Ticket) -> None:
    ticket.answered_at = None
    first, last = due_times(services, Kind(ticket.kind), Urgency(ticket.urgency), uow.now)
    ticket.result_due = last
    ticket.first_contact_due = ticket.first_contact_due if ticket.first_contact_at else first
    await uow.session.flush()
    promise_dates(services, uow, ticket, audit.SYSTEM, first_again=ticket.first_contact_at is None)


FOLLOWS: Mapping[Action, Follow] = {
    Action.ACCEPT: _accepted,
    Action.ANSWER: _answered,
    Action.CORRECT: _corrected,
    Action.SATISFY: _closed,
    Action.CONCLUDE: _closed,
    Action.WITHDRAW: _closed,
    Action.REINVESTIGATE: _again,
    Action.RESUME: _resumed,
}
