"""What was kept long enough goes by itself, kind by kind (company/personal_data.yml): a little at a time.

Words go by their own age, tickets from the day they were closed, and a person of whom nothing is left that has to
stay goes altogether. Each batch is a unit of work; what is left over of a day comes with the next.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, and_, delete, exists, not_, null, or_, select, update

from helpdesk.model.personal import ERASED
from helpdesk.model.ticket import CLOSED
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import (
    Audit,
    Base,
    Conversation,
    Customer,
    CustomerMerge,
    Draft,
    Effect,
    FollowUp,
    Identity,
    Message,
    Outbox,
    Picture,
    QuestionGroup,
    Rating,
    Survey,
    Ticket,
    TicketEvent,
    Unanswered,
)
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.once import fired_at, once
from helpdesk.usecases.privacy import erase
from helpdesk.usecases.tickets.internal import HOUSE

BATCH = 200
BATCHES_A_DAY = 500
DONE = "kept_long_enough"
ON_ITS_WAY = ("queued",)
PEOPLE = "people"
OF_PEOPLE = ("conversations", "tickets")

log = structlog.get_logger(__name__)

Find = Callable[[datetime], Select[Any]]
Forget = Callable[[Services, UnitOfWork, Sequence[Any]], Awaitable[None]]


async def run(services: Services, now: datetime) -> None:
    """Once a day, soon after midnight, by whichever process comes first."""
    key = f"retention:{now.astimezone(services.company.profile.zone):%Y-%m-%d}"
    async with services.db.read() as uow:
        if await fired_at(uow, key) is not None:
            return
    async with services.db.write(now) as uow:
        is_first = await once(uow, key)
        await uow.commit()
    if is_first:
        await forget_old(services, now)


async def forget_old(services: Services, now: datetime) -> dict[str, int]:
    """Erase everything that was kept long enough; rows by kind."""
    keep = services.company.personal_data.keep
    counts: dict[str, int] = {}
    for name, (kind, find, forget) in OLD.items():
        counts[name] = await _in_batches(services, name, now, find(now - keep.span(kind)), forget)
    longest = timedelta(days=max(keep.model_dump()[kind] for kind in OF_PEOPLE))
    counts[PEOPLE] = await _in_batches(services, PEOPLE, now, _people(now - longest), _forget_people)
    counts = {name: count for name, count in counts.items() if count}
    if counts:
        await services.db.forget()
        log.info(DONE, **counts)
    return counts


async def _in_batches(services: Services, name: str, now: datetime, find: Select[Any], forget: Forget) -> int:
    count = 0
    for _ in range(BATCHES_A_DAY):
        async with services.db.read(much=True) as uow:
            keys = (await uow.session.scalars(find.limit(BATCH))).all()
        if not keys:
            break
        async with services.db.write(now) as uow:
            await forget(services, uow, keys)
            audit.note(uow, audit.SYSTEM, DONE, name, counts=len(keys))
            await uow.commit()
        count += len(keys)
    return count


# ---------------------------------------------------------------- what is old


def _settled(column: Any) -> ColumnElement[bool]:
    """Of a conversation none of whose tickets is open."""
    return not_(exists().where(Ticket.conversation_id == column, Ticket.status.not_in(CLOSED)))


def _is_open(number: Any) -> ColumnElement[bool]:
    """Whether a row is an open ticket's."""
    return exists().where(Ticket.number == number, Ticket.status.not_in(CLOSED))


def _messages(before: datetime) -> Select[Any]:
    has_words = or_(Message.text != "", Message.input.is_not(None), Message.external_id.is_not(None))
    spoken = (Message.at < before, has_words, Message.processed_at.is_not(None) | (Message.author != "customer"))
    return select(Message.id).where(*spoken, _settled(Message.conversation_id))


def _states(before: datetime) -> Select[Any]:
    """Of conversations that fell silent: what the bot knew, and what staff were told."""
    holds = or_(Conversation.dialogue.is_not(None), Conversation.handoff_note.is_not(None))
    silent = and_(Conversation.last_customer_at < before, Conversation.state.in_(("bot", "closed")))
    return select(Conversation.id).where(holds, silent, _settled(Conversation.id))


def _tickets(before: datetime) -> Select[Any]:
    is_done = exists().where(TicketEvent.number == Ticket.number, TicketEvent.action == erase.ANONYMISED)
    return select(Ticket.number).where(Ticket.status.in_(CLOSED), Ticket.closed_at < before, not_(is_done))


def _people(before: datetime) -> Select[Any]:
    """Nobody has heard of them since, and every matter of theirs is long over."""
    named = or_(
        Customer.name.is_not(None),
        Customer.phone.is_not(None),
        Customer.email.is_not(None),
        exists().where(Identity.customer_id == Customer.id, not_(Identity.sender.startswith(ERASED))),
    )
    theirs = and_(Ticket.customer_id == Customer.id, or_(Ticket.status.not_in(CLOSED), Ticket.closed_at >= before))
    talks = and_(Conversation.customer_id == Customer.id, Conversation.state.in_(("waiting", "staff")))
    busy = or_(exists().where(theirs), exists().where(talks))
    return select(Customer.id).where(Customer.id != HOUSE, Customer.last_seen_at < before, named, not_(busy))


# ---------------------------------------------------------------- how it goes


async def _blank_messages(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
    await erase.blank_rows_of(uow, Message, Message.id.in_(keys))


async def _blank_states(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
    await erase.blank_rows_of(uow, Conversation, Conversation.id.in_(keys))


async def _blank_comments(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
    await erase.blank_rows_of(uow, Rating, Rating.id.in_(keys))


async def _blank_details(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
    await uow.session.execute(update(Audit).where(Audit.id.in_(keys)).values(detail=null()))


async def _anonymise_tickets(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
    await erase.anonymise_tickets(services.company, uow, keys)


async def _forget_people(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
    await erase.lock(uow, keys)
    await erase.erase(services, uow, keys)


def _deleting(table: type[Base], column: Any) -> Forget:
    async def delete_rows(services: Services, uow: UnitOfWork, keys: Sequence[Any]) -> None:
        await uow.session.execute(delete(table).where(column.in_(keys)))

    return delete_rows


OLD: Mapping[str, tuple[str, Find, Forget]] = {
    "messages": ("conversations", _messages, _blank_messages),
    "states": ("conversations", _states, _blank_states),
    "comments": (
        "conversations",
        lambda before: select(Rating.id).where(Rating.at < before, Rating.comment.is_not(None)),
        _blank_comments,
    ),
    "effects": (
        "conversations",
        lambda before: select(Effect.key).where(Effect.staged_at < before, Effect.status != "staged"),
        _deleting(Effect, Effect.key),
    ),
    "pictures": (
        "pictures",
        lambda before: select(Picture.id).where(
            Picture.at < before, _settled(Picture.conversation_id), not_(_is_open(Picture.number))
        ),
        _deleting(Picture, Picture.id),
    ),
    "merges": (
        "merges",
        lambda before: select(CustomerMerge.id).where(CustomerMerge.at < before),
        _deleting(CustomerMerge, CustomerMerge.id),
    ),
    "drafts": ("drafts", lambda before: select(Draft.id).where(Draft.at < before), _deleting(Draft, Draft.id)),
    "questions": (
        "questions",
        lambda before: select(Unanswered.id).where(Unanswered.at < before),
        _deleting(Unanswered, Unanswered.id),
    ),
    "question_groups": (
        "questions",
        lambda before: select(QuestionGroup.id).where(
            QuestionGroup.last_at < before, not_(exists().where(Unanswered.group_id == QuestionGroup.id))
        ),
        _deleting(QuestionGroup, QuestionGroup.id),
    ),
    "deliveries": (
        "deliveries",
        lambda before: select(Outbox.id).where(Outbox.next_at < before, Outbox.status.not_in(ON_ITS_WAY)),
        _deleting(Outbox, Outbox.id),
    ),
    "audit": (
        "audit",
        lambda before: select(Audit.id).where(Audit.at < before, Audit.detail.is_not(None)),
        _blank_details,
    ),
    "follow_ups": (
        "tickets",
        lambda before: select(FollowUp.id).where(FollowUp.settled_at < before),
        _deleting(FollowUp, FollowUp.id),
    ),
    "surveys": (
        "tickets",
        lambda before: select(Survey.id).where(Survey.asked_at < before),
        _deleting(Survey, Survey.id),
    ),
    "tickets": ("tickets", _tickets, _anonymise_tickets),
}
"""Kind of rows -> which setting says how long, which rows, how they go; in this order."""
