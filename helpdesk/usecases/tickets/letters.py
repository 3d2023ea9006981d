"""Which letter goes with which change of a ticket, and what it quotes.

A change made by staff is told by a letter of its own. What the customer asked for in a turn is answered by
the bot; the letter goes with that reply where it says more (whose hands it is in, by when), else it is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.say import Choice, Say
from helpdesk.model.ticket import Action, Finding, Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Letter, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.compose import sentence
from helpdesk.usecases.letters.letters import enclose, keep, last_result, write_letter
from helpdesk.usecases.tickets.step import Step

CONTENT = "satisfy_ticket"
"""The press with which a customer accepts a result."""
QUOTES_NOTE = frozenset({Action.ANSWER, Action.CORRECT, Action.CONCLUDE})
"""Their letters hold what staff wrote."""
SAID_ONCE = frozenset({LetterKind.SATISFIED})
"""The bot's reply says all of it."""

Chosen = tuple[LetterKind, Words]
Choose = Callable[[Services, UnitOfWork, Ticket, Step], Awaitable[Chosen]]


async def tell(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, by: str) -> None:
    """The letter about a move that staff has just made."""
    kind, words = await letter_of(services, uow, ticket, step)
    await write_letter(services, uow, ticket, Writing(kind, words=words, key=key_of(ticket, kind), by=by))


async def progress(services: Services, uow: UnitOfWork, ticket: Ticket, occasion: str, by: str) -> Letter | None:
    """A letter about something that happened to a ticket beside a move: another owner, department or level."""
    kind = LetterKind.PROGRESS
    return await write_letter(
        services, uow, ticket, Writing(kind, words=Words(occasion), key=key_of(ticket, kind), by=by)
    )


async def answer_customer(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> list[Say]:
    """What follows the bot's reply to a customer who moved the ticket in this turn."""
    kind, words = await letter_of(services, uow, ticket, step)
    return await beside_reply(services, uow, ticket, kind, words)


async def acknowledge_in_turn(services: Services, uow: UnitOfWork, ticket: Ticket) -> list[Say]:
    """受理回执 after the bot's "registered": whose hands it is in, the dates, how to follow (C2)."""
    return await beside_reply(services, uow, ticket, LetterKind.ACKNOWLEDGEMENT, Words(_registered_as(ticket)))


async def acknowledge(services: Services, uow: UnitOfWork, ticket: Ticket, by: str) -> Letter | None:
    """受理回执 of a ticket that staff registered for the customer while talking to them."""
    due = ticket.result_due or ticket.first_contact_due
    opened = {"kind": "ticket_opened", "number": ticket.number, "promised_at": due.isoformat() if due else None}
    kind, words = LetterKind.ACKNOWLEDGEMENT, Words(_registered_as(ticket), custom=opened)
    key = key_of(ticket, kind)
    return await write_letter(services, uow, ticket, Writing(kind, words=words, key=key, by=by), at_once=True)


async def beside_reply(
    services: Services, uow: UnitOfWork, ticket: Ticket, kind: LetterKind, words: Words
) -> list[Say]:
    """A complaint's letters are said after the bot's reply; a simple matter's are kept, for one bubble is enough."""
    key = key_of(ticket, kind)
    if ticket.kind == Kind.COMPLAINT and kind not in SAID_ONCE:
        return await enclose(services, uow, ticket, Writing(kind, words=words, key=key, by=audit.SYSTEM))
    await keep(services, uow, ticket, Writing(kind, words=words, key=key, by=audit.SYSTEM))
    return []


def key_of(ticket: Ticket, kind: LetterKind) -> str:
    """One letter of a kind for each version of a ticket."""
    return f"{ticket.number}:{ticket.version}:{kind}"


def _registered_as(ticket: Ticket) -> str:
    if ticket.first_contact_due is None:
        return "plain"
    if ticket.result_due is None:
        return "call"
    return "complaint" if ticket.kind == Kind.COMPLAINT else "service"


# ---------------------------------------------------------------- the letter of each move


async def letter_of(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> Chosen:
    """The letter that tells the customer of a move."""
    if step.action in OCCASIONS:
        return LetterKind.PROGRESS, Words(OCCASIONS[step.action])
    if step.action in PLAIN:
        return PLAIN[step.action], Words()
    return await CHOSEN[step.action](services, uow, ticket, step)


async def _result(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> Chosen:
    fields = {"note": sentence(step.note)}
    choices = opinion_choices(services, ticket)
    if step.finding is Finding.UNFOUNDED:
        return LetterKind.RESULT_UNFOUNDED, Words("", fields, choices)
    occasion = "complaint" if ticket.kind == Kind.COMPLAINT else "service"
    fields |= {"measures": _measures(services, step)} if ticket.kind == Kind.COMPLAINT else {}
    return LetterKind.RESULT_JUSTIFIED, Words(occasion, fields, choices)


async def _correction(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> Chosen:
    """The earlier letter is void from now on; one that nobody has read yet is simply replaced."""
    earlier = await last_result(uow, ticket.number)
    if earlier is not None:
        earlier.voided_at = uow.now
        if earlier.sent_at is None:
            return await _result(services, uow, ticket, step)
    sent = earlier.sent_at if earlier and earlier.sent_at else ticket.updated_at
    local = sent.astimezone(services.company.profile.zone)
    fields = {
        "note": sentence(step.note),
        "measures": _measures(services, step),
        "replaced": f"{local.month}月{local.day}日",
    }
    return LetterKind.CORRECTED_RESULT, Words("", fields, opinion_choices(services, ticket))


async def _conclusion(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> Chosen:
    return LetterKind.CONCLUSION, Words("", {"note": sentence(step.note)})


def _measures(services: Services, step: Step) -> str:
    """A line of its own, or nothing."""
    if not step.corrective_action:
        return ""
    return services.wording.render("letter_measures", corrective_action=sentence(step.corrective_action)) + "\n"


def opinion_choices(services: Services, ticket: Ticket) -> tuple[Choice, Choice]:
    """The customer is asked what they think of the result (C6): content closes it, else the bot hears them out."""
    content, discontent = (services.wording.render(key) for key in ("press_content", "press_discontent"))
    dispute = {"intent": "dispute_result", "entities": {"ticket": ticket.number}, "title": discontent}
    return (
        Choice(content, {"service": CONTENT, "number": ticket.number}),
        Choice(discontent, dispute),
    )


OCCASIONS: Mapping[Action, str] = {
    Action.ACCEPT: "accepted",
    Action.INVESTIGATE: "investigating",
    Action.RESUME: "resumed",
}
PLAIN: Mapping[Action, LetterKind] = {
    Action.SATISFY: LetterKind.SATISFIED,
    Action.REINVESTIGATE: LetterKind.APPEAL_RECEIVED,
    Action.WITHDRAW: LetterKind.WITHDRAWAL,
}
CHOSEN: Mapping[Action, Choose] = {
    Action.ANSWER: _result,
    Action.CORRECT: _correction,
    Action.CONCLUDE: _conclusion,
}
