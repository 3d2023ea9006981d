"""The one mover of tickets: by the table of allowed moves, with all that follows, and written down."""

from __future__ import annotations

from helpdesk.errors import NotFound
from helpdesk.model.ticket import Status, after
from helpdesk.model.timeline import Line, Standing
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Ticket
from helpdesk.usecases.tickets.consequences import FOLLOWS
from helpdesk.usecases.tickets.register import add_event, lock_ticket, touch
from helpdesk.usecases.tickets.step import Step


async def locked_ticket(uow: UnitOfWork, number: str) -> Ticket:
    """The conversation first, then the ticket: the same order as at a turn's end, so nobody waits in a circle."""
    ticket = await uow.session.get(Ticket, number)
    if ticket is None:
        raise NotFound("ticket_not_found", number=number)
    if ticket.conversation_id:
        await lock_conversation(uow.session, ticket.conversation_id)
    return await lock_ticket(uow, number)


async def apply_step(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, actor: str) -> None:
    """Move a locked ticket, with all that follows from it: clocks, owner, promises, timeline.

    Raises:
        MoveRefused: the table has no such move.
    """
    before = Standing.of(ticket)
    ticket.status = after(Status(before.status), step.action)
    if step.action in FOLLOWS:
        await FOLLOWS[step.action](services, uow, ticket, step)
    add_event(uow, ticket, Line(step.action, actor, note=step.note, detail=step.detail), before=before, moved=True)
    touch(uow, ticket)
