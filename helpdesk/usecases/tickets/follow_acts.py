"""What customers do on the follow-up page: add something, rate the result, appeal against it.

Who opened the ticket there, by number and digits or by the link of a notice, holds a key for half an hour. It is signed
and nothing is kept of it; every act is the customer's own, and stands on the timeline as theirs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from helpdesk.errors import Conflict, InvalidInput, NotSignedIn
from helpdesk.model.matter import Matter
from helpdesk.model.ticket import Action, Kind, Status
from helpdesk.model.timeline import Line
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Ticket
from helpdesk.usecases.conversations.receive import as_stored
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.attempts import Throttle
from helpdesk.usecases.journal.numbers import next_ticket_number
from helpdesk.usecases.journal.once import once
from helpdesk.usecases.people.duty import Search, choose_owner
from helpdesk.usecases.promises.due import assess
from helpdesk.usecases.tickets import disputes
from helpdesk.usecases.tickets import letters as ticket_letters
from helpdesk.usecases.tickets.internal import open_internal
from helpdesk.usecases.tickets.move import apply_step, locked_ticket
from helpdesk.usecases.tickets.register import Opening, Registration, add_event, open_ticket, touch
from helpdesk.usecases.tickets.step import Step

KEY_LASTS = timedelta(minutes=30)
LONGEST = 1000  # characters
ACTS = Throttle("follow_acts", most=20)
"""So many an hour about one ticket."""
LOWEST, HIGHEST, BAD = 1, 5, 2
RATED = frozenset({Status.ANSWERED, Status.SATISFIED, Status.CONCLUDED})


# ---------------------------------------------------------------- the key


def key_of(settings: Settings, number: str, now: datetime) -> str:
    """The key that opening a ticket gives: `<number>.<until>.<signature>`."""
    until = int((now + KEY_LASTS).timestamp())
    return f"{number}.{until}.{_signature(settings, number, until)}"


def _signature(settings: Settings, number: str, until: int) -> str:
    secret = settings.secret_key.get_secret_value().encode()
    made = hmac.new(secret, f"follow key:{number}:{until}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def opened_by(services: Services, key: str) -> str:
    """The number of the ticket that a key is for.

    Raises:
        NotSignedIn: it is none of ours, or too old.
    """
    number, _, rest = key.partition(".")
    told, _, signature = rest.partition(".")
    until = int(told) if told.isascii() and told.isdigit() and len(told) < 12 else 0
    is_ours = hmac.compare_digest(signature.encode(), _signature(services.settings, number, until).encode())
    if not is_ours or datetime.fromtimestamp(until, UTC) <= services.clock.now():
        raise NotSignedIn("follow_key_over")
    return number


# ---------------------------------------------------------------- the acts


async def remark(services: Services, key: str, text: str) -> str:
    """The customer adds something, for whoever is at it; the number.

    Raises:
        NotSignedIn. InvalidInput: it is empty or too long. TooManyTries.
    """
    number, words, now = opened_by(services, key), _words(services, text), services.clock.now()
    async with services.db.write(now) as uow:
        ticket = await taken(services, uow, number)
        add_event(uow, ticket, Line("customer_note", audit.CUSTOMER, note=words, detail={"channel": "follow"}))
        touch(uow, ticket)
        await uow.commit()
    return number


async def appeal(services: Services, key: str, reason: str) -> str:
    """The customer does not accept the result: investigated again by somebody else, noted with what is under way, or a
    new complaint where the time is over (C7); the number under which it goes on.

    Raises:
        NotSignedIn. InvalidInput: no reason was given. TooManyTries.
    """
    number, words, now = opened_by(services, key), _words(services, reason), services.clock.now()
    async with services.db.write(now) as uow:
        ticket = await taken(services, uow, number)
        outcome = await disputes.outcome(services, uow, ticket)
        if outcome == disputes.AGAIN:
            step = Step(Action.REINVESTIGATE, note=words)
            await apply_step(services, uow, ticket, step, audit.CUSTOMER)
            await ticket_letters.tell(services, uow, ticket, step, audit.SYSTEM)
        elif outcome == disputes.NEW:
            number = await _new_complaint(services, uow, ticket, words)
        else:
            add_event(uow, ticket, Line("customer_note", audit.CUSTOMER, note=words, detail={"channel": "follow"}))
            touch(uow, ticket)
        await uow.commit()
    return number


async def _new_complaint(services: Services, uow: UnitOfWork, old: Ticket, reason: str) -> str:
    matter = disputes.objection(old, reason)
    found = assess(services, matter, uow.now)
    number = await next_ticket_number(services, uow)
    owner = await choose_owner(services, uow, Search(matter, found.department, not_these={old.owner_id}))
    talk = await lock_conversation(uow.session, old.conversation_id) if old.conversation_id else None
    registration = Registration(number, found.first_contact_due, found.result_due)
    opening = Opening(old.customer_id, audit.CUSTOMER, talk, owner)
    ticket = await open_ticket(services, uow, matter, registration, opening)
    await ticket_letters.acknowledge(services, uow, ticket, audit.SYSTEM)
    return number


def may_rate(ticket: Ticket) -> bool:
    """Whether there is a result to rate; nobody is asked to rate what put somebody in danger (G2)."""
    return ticket.status in RATED and ticket.urgency != Urgency.SAFETY


async def rate(services: Services, key: str, score: int, comment: str) -> str:
    """What the customer thinks of the result, once a round; a bad score is somebody's task (G2).

    Raises:
        NotSignedIn. InvalidInput: the score is not 1 to 5. Conflict: there is no result, or it was rated. TooManyTries.
    """
    number, now = opened_by(services, key), services.clock.now()
    if not LOWEST <= score <= HIGHEST:
        raise InvalidInput("score_wrong", field="score")
    words = _words(services, comment) if comment.strip() else ""
    async with services.db.write(now) as uow:
        ticket = await taken(services, uow, number)
        if not may_rate(ticket):
            raise Conflict("follow_not_rated_yet")
        if not await once(uow, f"{number}:rated:{ticket.round}"):
            raise Conflict("follow_rated_already")
        add_event(uow, ticket, Line("rated", audit.CUSTOMER, note=words or None, detail={"score": score}))
        if score <= BAD:
            await _follow_up(services, uow, ticket, score, words)
        touch(uow, ticket)
        await uow.commit()
    return number


async def _follow_up(services: Services, uow: UnitOfWork, ticket: Ticket, score: int, comment: str) -> None:
    text = services.wording.render("task_low_rating_ticket", number=ticket.number, score=score, comment=comment or "—")
    matter = Matter(Kind.INTERNAL, {"description": text}, category="low_rating")
    await open_internal(services, uow, matter, Opening(ticket.customer_id, audit.SYSTEM))


def _words(services: Services, text: str) -> str:
    """As a customer's words are kept.

    Raises:
        InvalidInput.
    """
    words = as_stored(text)
    if not words or len(words) > LONGEST:
        raise InvalidInput("follow_words_wanted", field="text")
    return words


async def taken(services: Services, uow: UnitOfWork, number: str) -> Ticket:
    """The ticket, locked, with one more act counted.

    Raises:
        TooManyTries.
    """
    ticket = await locked_ticket(uow, number)
    await ACTS.check(uow.session, number, uow.now, "follow_too_many")
    ACTS.note(uow, number)
    return ticket
