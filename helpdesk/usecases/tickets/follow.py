"""The page on which a customer follows a ticket: its number and the last four digits of its phone open it.

An unknown number, a ticket without a phone and wrong digits are one and the same answer. Five wrong tries an hour about
one number from one address close the door there, for the wrong and the right; a number and an address have room for
more in all, so that no neighbour and no stranger can shut a customer out by a handful of them.
"""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.door.addresses import network
from helpdesk.errors import NotFound
from helpdesk.model.field import known
from helpdesk.model.ticket import IN_HAND, Kind
from helpdesk.services import Services
from helpdesk.store.tables import Letter, Staff, Ticket, TicketEvent
from helpdesk.text.masking import last4, mask_numbers
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.journal import attempts
from helpdesk.usecases.journal.attempts import Throttle, Tries
from helpdesk.usecases.letters import notices
from helpdesk.usecases.tickets import follow_acts

BY_BOTH, BY_NUMBER, BY_ADDRESS = (
    Throttle("follow"),
    Throttle("follow_number", 15),
    Throttle("follow_address", 30),
)
"""Of ten thousand endings fifteen an hour are tried about a ticket, wherever from; an address may hold an office."""
NUMBER_LIMIT = 40  # characters of what may be a number


@dataclass(frozen=True)
class Dated:
    """Something that happened, or a letter under its title."""

    at: datetime
    text: str
    title: str = ""


@dataclass(frozen=True)
class Followed:
    """What the page shows of a ticket."""

    number: str
    kind_title: str
    status: str
    status_title: str
    level_title: str
    round: int
    owner: str
    promised_at: datetime | None
    steps: list[Dated]
    letters: list[Dated]
    key: str
    may_appeal: bool
    may_rate: bool


async def follow(services: Services, number: str, digits: str, address: str) -> Followed:
    """A ticket as its customer may see it without signing in anywhere. `address` is empty where it is unknown whose.

    Raises:
        NotFound: the number is unknown, or the digits are wrong.
        TooManyTries: too many wrong tries within the hour.
    """
    number, digits = _plain(number).upper()[:NUMBER_LIMIT], _plain(digits)
    tries = await _try(services, number, address)
    async with services.db.read() as uow:
        ticket = await uow.session.get(Ticket, number)
        found = await _shown(services, uow.session, ticket) if ticket is not None and _opens(ticket, digits) else None
    if found is None:
        raise NotFound("follow_not_found")
    await attempts.forgive(services.db, tries)
    await _note_visit(services, number)
    return found


async def follow_link(services: Services, token: str) -> Followed:
    """The same for whoever holds the link of a notice, which opens once.

    Raises:
        NotFound: the link is unknown, was used, or is too old.
    """
    number = await notices.opened(services, token)
    if number is None:
        raise NotFound("follow_link_over")
    await _note_visit(services, number)
    async with services.db.read() as uow:
        return await _shown(services, uow.session, await uow.session.get_one(Ticket, number))


async def again(services: Services, number: str) -> Followed:
    """The ticket as it is now, for who has just done something about it."""
    async with services.db.read() as uow:
        return await _shown(services, uow.session, await uow.session.get_one(Ticket, number))


async def _note_visit(services: Services, number: str) -> None:
    """Whoever sees their letters here has received them."""
    async with services.db.write() as uow:
        await notices.seen_on_page(uow, number)
        await uow.commit()


def _plain(text: str) -> str:
    """Without blanks, and full-width signs as plain ones."""
    return "".join(clean(unicodedata.normalize("NFKC", text)).split())


def _opens(ticket: Ticket, digits: str) -> bool:
    held = last4(str(known(ticket.fields.get("phone")) or ""))
    matches = hmac.compare_digest((held or "none").encode(), digits.encode())
    return matches and held is not None and ticket.kind != Kind.INTERNAL


# ---------------------------------------------------------------- wrong tries


async def _try(services: Services, number: str, address: str) -> Tries:
    """Count this try as a wrong one before it is looked at; to be forgiven when it was right.

    Raises:
        TooManyTries: and the try itself counts no longer.
    """
    place = network(address) if address else ""
    keys = {BY_BOTH: f"{number}@{place}", BY_NUMBER: number, **({BY_ADDRESS: place} if place else {})}
    tries = await attempts.try_once(services.db, keys, services.clock.now())
    if tries.over:
        await attempts.forgive(services.db, tries)
        raise tries.over[0].refusal("follow_too_many")
    return tries


# ---------------------------------------------------------------- what is shown


async def _shown(services: Services, session: AsyncSession, ticket: Ticket) -> Followed:
    render = services.wording.render
    owner = await session.get_one(Staff, ticket.owner_id)
    return Followed(
        number=ticket.number,
        kind_title=render(f"kind_{ticket.kind}"),
        status=ticket.status,
        status_title=render(f"status_{ticket.status}"),
        level_title=render(f"follow_level_{ticket.level}"),
        round=ticket.round,
        owner=render("staff_title", name=owner.name, number=owner.number),
        promised_at=_promised(ticket),
        steps=await _steps(services, session, ticket),
        letters=await _letters(services, session, ticket),
        key=follow_acts.key_of(services.settings, ticket.number, services.clock.now()),
        may_appeal=ticket.status not in IN_HAND,
        may_rate=follow_acts.may_rate(ticket),
    )


def _promised(ticket: Ticket) -> datetime | None:
    """The date the customer was told; none once there is a result."""
    if ticket.closed_at or ticket.answered_at:
        return None
    return ticket.result_due or ticket.first_contact_due


async def _steps(services: Services, session: AsyncSession, ticket: Ticket) -> list[Dated]:
    """What happened, in the company's words: notes are colleagues' business."""
    query = select(TicketEvent).where(TicketEvent.number == ticket.number).order_by(TicketEvent.id)
    events = (await session.scalars(query)).all()
    known = ((event.at, f"follow_step_{event.action}") for event in events)
    return [Dated(at, services.wording.render(key)) for at, key in known if key in services.wording.keys]


async def _letters(services: Services, session: AsyncSession, ticket: Ticket) -> list[Dated]:
    """The letters that were sent and still hold; all that are due where this page is the only way to read them."""
    query = select(Letter).where(Letter.number == ticket.number, Letter.voided_at.is_(None))
    query = query.order_by(Letter.written_at, Letter.id)
    if ticket.conversation_id is not None:
        query = query.where(Letter.sent_at.is_not(None))
    letters = (await session.scalars(query.where(Letter.send_at <= services.clock.now()))).all()
    render = services.wording.render
    return [
        Dated(one.sent_at or one.send_at, _safe(one.text, ticket), render(f"letter_title_{one.kind}"))
        for one in letters
    ]


def _safe(text: str, ticket: Ticket) -> str:
    """A letter for somebody who knows four digits: no whole phone number, no mail address, not where they live."""
    address = str(known(ticket.fields.get("address")) or "")
    return mask_numbers(text.replace(address, "（您的地址）") if len(address) > 3 else text)
