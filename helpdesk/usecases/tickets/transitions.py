"""Staff move a ticket: with what each move needs, written down, and told to the customer."""

from __future__ import annotations

from dataclasses import asdict

from helpdesk.errors import Conflict, InvalidInput
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import (
    BY_CUSTOMER,
    NEEDS_NOTE,
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
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.customer_words import find_words
from helpdesk.usecases.tickets.move import apply_step, locked_ticket
from helpdesk.usecases.tickets.step import Step

SHORTEST_REASON = 4
"""Characters of a reason that stands in for the customer's own words."""


def parse_action(name: str) -> Action:
    """Read an action's name.

    Raises:
        InvalidInput: there is no such action.
    """
    if name not in set(Action):
        raise InvalidInput("no_such_choice", value=name[:40], what="action", actions=[str(action) for action in Action])
    return Action(name)


async def transition(services: Services, number: str, step: Step, by: Staff) -> Ticket:
    """Staff moves a ticket; the customer is told by letter.

    Raises:
        NotFound, MoveRefused, InvalidInput (a reason, cause or corrective action is missing, or its language must
        be mended; the customer's own words are wanted), NotAllowed (see the table of rights), Conflict (somebody
        changed the ticket meanwhile).
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        if step.version is not None and step.version != ticket.version:
            raise Conflict("ticket_changed", version=ticket.version)
        await rights.require(services, uow.session, ticket, by, *_deeds(step))
        _check(ticket, step)
        await _check_words(services, uow, ticket, step, by)
        _check_language(services, uow, ticket, step, by)
        actor = audit.by_staff(by.id)
        await apply_step(services, uow, ticket, step, actor)
        await ticket_letters.tell(services, uow, ticket, step, actor)
        await uow.commit()
    return ticket


def _deeds(step: Step) -> list[Deed]:
    """To name who goes on with it is to choose its owner."""
    return [Deed(step.action), *([Deed.HAND_ON] if step.to else [])]


def _check(ticket: Ticket, step: Step) -> None:
    after(Status(ticket.status), step.action)
    require_fields(_required(ticket, step), asdict(step))


async def _check_words(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, by: Staff) -> None:
    """Nobody but the customer is satisfied or withdraws; a supervisor may say so for them, and why."""
    if step.action not in BY_CUSTOMER or ticket.kind == Kind.INTERNAL:
        return
    if step.message_id is not None:
        await find_words(uow.session, ticket, step.action, step.message_id)
        return
    if Deed.END_WITHOUT_WORD not in await rights.allowed(services, uow.session, ticket, by):
        raise InvalidInput("words_wanted", field="message_id")
    if len("".join((step.note or "").split())) < SHORTEST_REASON:
        raise InvalidInput("reason_without_words", least=SHORTEST_REASON, field="note", fields=["note"])


def _required(ticket: Ticket, step: Step) -> list[str]:
    """A complaint's result needs its cause, and what is done about it unless nothing was wrong (C4)."""
    required = ["note"] if step.action in NEEDS_NOTE else []
    if step.action is Action.ANSWER and ticket.kind == Kind.COMPLAINT:
        required.append("cause")
        required += ["corrective_action"] if step.finding is not Finding.UNFOUNDED else []
    return required


def _check_language(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, by: Staff) -> None:
    """What staff write into a letter is checked like a reply (D6); who insists is recorded."""
    if step.action not in ticket_letters.QUOTES_NOTE:
        return
    text = "\n".join(filter(None, (step.note, step.corrective_action)))
    found = [asdict(finding) for finding in blocking(forbidden(services, text))]
    if found and not step.force:
        raise InvalidInput("words_to_mend", findings=found)
    if found:
        audit.note(uow, audit.by_staff(by.id), "letter_forced", ticket.number, text=text, findings=found)
