"""A ticket needs something from its customer: they are asked in writing, and its clock waits (C3).

The customer's next words, in the ticket's conversation or about the ticket anywhere else, end the wait (the
timers see them), as staff can; then the result's date moves by the working-time rule, and the customer is told.
Locks are taken in the common order: conversation, ticket, promise.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from helpdesk.calendar import Due, Pause
from helpdesk.errors import Conflict, InvalidInput
from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.promise import PromiseKind
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import CLOSED, Kind, Status
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff, Ticket, TicketPause
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.courtesy import blocking, check_reply
from helpdesk.usecases.letters.compose import sentence
from helpdesk.usecases.letters.letters import write_letter
from helpdesk.usecases.people import rights
from helpdesk.usecases.promises import pauses
from helpdesk.usecases.promises.promises import clock_of_ticket, open_promises
from helpdesk.usecases.tickets.move import locked_ticket
from helpdesk.usecases.tickets.register import add_event, touch

STOPPED = CLOSED | {Status.ANSWERED}
"""Nothing is asked any more: the clock has stopped."""
A_MOMENT_AGO = timedelta(minutes=10)
"""Whoever wrote so lately is awake, and may be told at any hour."""
DATED_BY_US = "undated_promise"


async def ask(services: Services, number: str, text: str, by: Staff) -> Ticket:
    """Ask the customer for something; the result's clock stands still until they answer.

    A second question does not lengthen the wait; the same one again changes nothing.

    Raises:
        NotFound. Conflict: the ticket is answered, closed or internal. InvalidInput: the language of `text` must
        be mended (details.findings).
    """
    _check_words(services, text)
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.ASK)
        if ticket.status in STOPPED or ticket.kind == Kind.INTERNAL:
            raise Conflict("ticket_asks_nothing", status=ticket.status)
        known = await pauses.open_pause(uow.session, number)
        if known is None or known.reason != text:
            since = await _ask(services, uow, ticket, text, audit.by_staff(by.id))
            if known is None:
                uow.session.add(TicketPause(number=ticket.number, since=since, reason=text))
            else:
                known.reason = text
            await uow.commit()
    return ticket


def _check_words(services: Services, text: str) -> None:
    """As for any reply (D6); a date is not asked for, because the letter itself says what happens to it."""
    found = blocking(check_reply(services, text, greeted=True))
    to_mend = [asdict(finding) for finding in found if finding.code != DATED_BY_US]
    if to_mend:
        raise InvalidInput("words_to_mend", field="text", findings=to_mend)


async def _ask(services: Services, uow: UnitOfWork, ticket: Ticket, text: str, actor: str) -> datetime:
    """Write the question, and down that it was asked; from when on it waits for the customer."""
    letter = await write_letter(
        services,
        uow,
        ticket,
        Writing(
            LetterKind.REMINDER_QUESTION,
            words=Words(fields={"question": sentence(text)}),
            key=f"{ticket.number}:question:{ticket.version}",
            by=actor,
        ),
    )
    since = max(uow.now, letter.send_at) if letter else uow.now
    add_event(uow, ticket, Line("asked", actor, note=text, detail={"paused_from": since.isoformat()}))
    touch(uow, ticket)
    return since


async def unpause(services: Services, number: str, note: str | None, by: Staff) -> Ticket:
    """Go on without waiting any longer (the customer was reached in another way); without a pause nothing happens.

    Raises:
        NotFound.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.UNPAUSE)
        if await end(services, uow, ticket, End(audit.by_staff(by.id), uow.now, note)):
            await uow.commit()
    return ticket


@dataclass(frozen=True)
class End:
    """Who ended a wait, as of when, and what is said of it."""

    actor: str
    until: datetime
    note: str | None = None


async def end(services: Services, uow: UnitOfWork, ticket: Ticket, over: End) -> bool:
    """The wait of a locked ticket was over at `over.until`; False when there was none.

    The result and what was promised of it are due later, never earlier; the customer is told the new date, at
    night only who has just written.
    """
    pause = await pauses.close(uow.session, ticket.number, over.until)
    if pause is None or pause.until is None:
        return False
    before = ticket.result_due
    if ticket.status not in STOPPED:
        await _move(services, uow, ticket, Pause(pause.since, pause.until))
    detail = {"since": pause.since.isoformat(), "until": pause.until.isoformat()}
    if ticket.result_due is not None and ticket.result_due != before:
        detail["result_due"] = ticket.result_due.isoformat()
        at_once = over.actor == audit.CUSTOMER and uow.now - over.until < A_MOMENT_AGO
        await write_letter(
            services,
            uow,
            ticket,
            Writing(
                LetterKind.PROGRESS,
                words=Words("continued"),
                key=f"{ticket.number}:continued:{pause.id}",
                by=audit.SYSTEM,
            ),
            at_once=at_once,
        )
    add_event(uow, ticket, Line("continued", over.actor, note=over.note, detail=detail))
    touch(uow, ticket)
    return True


async def _move(services: Services, uow: UnitOfWork, ticket: Ticket, pause: Pause) -> None:
    clock = clock_of_ticket(services, ticket)

    def moved(due_at: datetime) -> datetime:
        return services.calendar.moved(Due(due_at), clock, pause).at.astimezone(UTC)

    if ticket.result_due is not None:
        ticket.result_due = moved(ticket.result_due)
    for promise in await open_promises(uow.session, ticket.number):
        if promise.kind == PromiseKind.RESULT:
            promise.due_at = moved(promise.due_at)
