"""Repeated causes open an improvement (C4): the third complaint of the same kind is a task for ourselves.

Two complaints are of a kind when they are of one category and about one product (looked at when a complaint
is registered), or were found to have the same cause (when one is answered).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select

from helpdesk.model.matter import Matter
from helpdesk.model.ticket import Action, Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Once, Ticket, TicketEvent
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.numbers import next_count
from helpdesk.usecases.journal.once import once
from helpdesk.usecases.tickets.internal import house, open_internal
from helpdesk.usecases.tickets.register import Opening

IMPROVEMENT = "improvement"
"""The category of the internal ticket."""
KEY_LENGTH = 120
LISTED = 10


async def of_product(services: Services, uow: UnitOfWork, ticket: Ticket) -> Ticket | None:
    """A complaint came in: the improvement that it opens, if it is the one too many."""
    product = Matter.of(ticket).known("product")
    if ticket.category is None or product is None:
        return None
    await _one_at_a_time(services, uow, ticket)
    same = Ticket.fields["product"].as_string() == product
    numbers = await _numbers(uow, _complaints(services, ticket, uow.now).where(same))
    return await _open(services, uow, ticket, ("product", product), numbers)


async def of_cause(services: Services, uow: UnitOfWork, ticket: Ticket, cause: str) -> Ticket | None:
    """A complaint was found justified: the same, by its cause. It counts with those answered before it."""
    cause = " ".join(cause.split())
    if ticket.category is None:
        return None
    await _one_at_a_time(services, uow, ticket)
    query = (
        _complaints(services, ticket, uow.now)
        .join(TicketEvent, TicketEvent.number == Ticket.number)
        .where(TicketEvent.action == Action.ANSWER, _says("cause", cause), Ticket.number != ticket.number)
        .distinct()
    )
    numbers = [*await _numbers(uow, query), ticket.number]
    return await _open(services, uow, ticket, ("cause", cause), numbers)


async def _one_at_a_time(services: Services, uow: UnitOfWork, ticket: Ticket) -> None:
    """Until its unit ends, nobody else looks back on this category: two at a moment would each miss the other."""
    await uow.session.flush()
    await next_count(services, uow, f"{IMPROVEMENT}:{ticket.category}")


def _complaints(services: Services, ticket: Ticket, now: datetime) -> Select[str]:
    since = now - timedelta(days=services.company.limits.repeat_cause_days)
    return select(Ticket.number).where(
        Ticket.kind == Kind.COMPLAINT, Ticket.category == ticket.category, Ticket.created_at > since
    )


def _says(name: str, value: str) -> ColumnElement[bool]:
    said: ColumnElement[bool] = TicketEvent.detail[name].as_string() == value
    return said


async def _numbers(uow: UnitOfWork, query: Select[str]) -> Sequence[str]:
    return (await uow.session.scalars(query.order_by(Ticket.number))).all()


async def _open(
    services: Services, uow: UnitOfWork, ticket: Ticket, repeated: tuple[str, str], numbers: Sequence[str]
) -> Ticket | None:
    what, about = repeated
    if len(numbers) < services.company.limits.repeat_cause_count:
        return None
    if not await _is_first(services, uow, f"{IMPROVEMENT}:{ticket.category}:{what}:{about}"[:KEY_LENGTH]):
        return None
    category = services.company.complaints.categories.get(ticket.category or "")
    text = services.wording.render(
        "task_improvement",
        days=services.company.limits.repeat_cause_days,
        count=len(numbers),
        category=category.title if category else str(ticket.category),
        about=about,
        numbers="、".join(numbers[-LISTED:]),
    )
    customer = await house(services, uow)
    matter = Matter(Kind.INTERNAL, {"description": text}, IMPROVEMENT)
    return await open_internal(services, uow, matter, Opening(customer.id, audit.SYSTEM))


async def _is_first(services: Services, uow: UnitOfWork, subject: str) -> bool:
    """Once in the span that is looked back on; the key's number keeps two at the same moment apart."""
    span = timedelta(days=services.company.limits.repeat_cause_days)
    lately = select(Once.key).where(Once.key.startswith(f"{subject}:", autoescape=True), Once.at > uow.now - span)
    if await uow.session.scalar(lately.limit(1)) is not None:
        return False
    return await once(uow, f"{subject}:{int(uow.now.timestamp() // span.total_seconds())}")
