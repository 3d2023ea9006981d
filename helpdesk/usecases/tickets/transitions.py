"""Staff move a ticket: with what each move needs, written down, and told to the customer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from helpdesk.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.model.matter import Matter
from helpdesk.model.ticket import (
    INVESTIGATION,
    NEEDS_NOTE,
    SUPERVISOR_ONLY,
    Action,
    Finding,
    Kind,
    Status,
    after,
    require_fields,
)
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.courtesy import blocking, forbidden
from helpdesk.usecases.people.duty import is_complained_of
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.move import apply_step, locked_ticket
from helpdesk.usecases.tickets.step import Step

SUPERVISOR = "supervisor"


def parse_action(name: str) -> Action:
    """Read an action's name.

    Raises:
        InvalidInput: there is no such action.
    """
    if name not in set(Action):
        raise InvalidInput(f"no action {name!r}", actions=[str(action) for action in Action])
    return Action(name)


async def transition(services: Services, number: str, step: Step, by: Staff) -> Ticket:
    """Staff moves a ticket; the customer is told by letter.

    Raises:
        NotFound, MoveRefused, InvalidInput (a reason, cause or corrective action is missing, or its language must
        be mended), NotAllowed (supervisors only; the person complained of), Conflict (somebody changed the
        ticket meanwhile).
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        if step.version is not None and step.version != ticket.version:
            raise Conflict("工单已被同事更新，请刷新后再操作", version=ticket.version)
        _check(ticket, step, by)
        _check_language(services, uow, ticket, step, by, now)
        actor = audit.by_staff(by.id)
        await apply_step(services, uow, ticket, step, actor, now)
        await ticket_letters.tell(services, uow, ticket, step, actor, now)
        await uow.commit()
    return ticket


def _check(ticket: Ticket, step: Step, by: Staff) -> None:
    after(Status(ticket.status), step.action)
    if step.action in SUPERVISOR_ONLY and by.role != SUPERVISOR:
        raise NotAllowed("只有主管可以终结工单")
    if step.action in INVESTIGATION and is_complained_of(by, Matter.of(ticket)):
        raise NotAllowed("这件投诉涉及您本人，请交由其他同事核查")
    require_fields(_required(ticket, step), asdict(step))


def _required(ticket: Ticket, step: Step) -> list[str]:
    """A complaint's result needs its cause, and what is done about it unless nothing was wrong (C4)."""
    required = ["note"] if step.action in NEEDS_NOTE else []
    if step.action is Action.ANSWER and ticket.kind == Kind.COMPLAINT:
        required.append("cause")
        required += ["corrective_action"] if step.finding is not Finding.UNFOUNDED else []
    return required


def _check_language(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, by: Staff, now: datetime) -> None:
    """What staff write into a letter is checked like a reply (D6); who insists is recorded."""
    if step.action not in ticket_letters.QUOTES_NOTE:
        return
    text = "\n".join(filter(None, (step.note, step.corrective_action)))
    found = [asdict(finding) for finding in blocking(forbidden(services, text))]
    if found and not step.force:
        raise InvalidInput("给客户的答复用语需要修改", findings=found)
    if found:
        audit.note(uow, audit.by_staff(by.id), "letter_forced", ticket.number, now, text=text, findings=found)
