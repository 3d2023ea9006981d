"""Time plans what customers are asked afterwards (F6), and the files that have to be looked through again (F1).

Each occasion is planned once, by whichever process comes first: `key` says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, literal, or_, select
from sqlalchemy.exc import IntegrityError

from helpdesk.model.customer import is_stale
from helpdesk.model.follow_up import WRITTEN, By, Hours, Occasion, next_fit
from helpdesk.model.matter import Matter
from helpdesk.model.ticket import Status
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Customer, FollowUp, Rating, Staff, Ticket, new_id
from helpdesk.usecases.customers.files import IS_A_FILE, stale
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.once import fired_at, once
from helpdesk.usecases.people.duty import is_complained_of

BATCH, REVIEWS_A_DAY = 50, 200
WINDOW = timedelta(days=14)
"""What ended longer ago is not asked about any more, also when the plans are new."""
BAD = 2
ENDED = (Status.SATISFIED, Status.CONCLUDED)


@dataclass(frozen=True)
class Cause:
    """Why somebody is to be asked, since when; the key by which it is planned once."""

    key: str
    occasion: Occasion
    since: datetime
    number: str | None = None
    conversation_id: str | None = None


def quiet_hours(services: Services) -> Hours:
    """The hours in which nobody is asked."""
    return Hours(services.company.limits.quiet_from, services.company.limits.quiet_until)


def suited(services: Services, customer: Customer, at: datetime) -> datetime:
    """The first moment from `at` on that is neither at night nor outside the customer's own hours."""
    wish = Hours.read(customer.reach_from, customer.reach_until)
    return next_fit(at.astimezone(services.company.profile.zone), wish, quiet_hours(services))


async def run(services: Services, now: datetime) -> None:
    """The timer: everything that ended or grew stale since, a batch at a time."""
    async with services.db.read(now) as uow:
        causes = [*await _tickets(services, uow), *await _ratings(services, uow)]
    if await _is_first_today(services, now):
        async with services.db.read(now, much=True) as uow:
            causes += await _stale(services, uow)
    for customer_id, cause in causes:
        await _plan(services, customer_id, cause, now)


async def _is_first_today(services: Services, now: datetime) -> bool:
    """Files that grew old are looked for once a day, and only so many as can be looked through in one."""
    key = f"reviews:{now.astimezone(services.company.profile.zone):%Y-%m-%d}"
    async with services.db.read() as uow:
        if await fired_at(uow, key) is not None:
            return False
    async with services.db.write(now) as uow:
        is_first = await once(uow, key)
        await uow.commit()
    return is_first


async def _plan(services: Services, customer_id: str, cause: Cause, now: datetime) -> None:
    try:
        async with services.db.write(now) as uow:
            customer = await uow.session.get(Customer, customer_id, with_for_update=True)
            if customer is not None and not customer.merged_into:
                await _add(services, uow, customer, cause)
            await uow.commit()
    except IntegrityError:  # another process has planned it just now
        return


async def _add(services: Services, uow: UnitOfWork, customer: Customer, cause: Cause) -> None:
    plan = services.company.customer_files.follow_ups.get(cause.occasion)
    due = cause.since + timedelta(days=plan.days) if plan else uow.now
    due = suited(services, customer, max(due, uow.now)) if plan else due
    owner = await _owner(uow, customer, cause)
    if owner is None:
        return
    made = FollowUp(
        id=new_id(),
        key=cause.key,
        customer_id=customer.id,
        occasion=cause.occasion,
        number=cause.number,
        conversation_id=cause.conversation_id,
        way=plan.way if plan else By.PHONE,
        owner_id=owner,
        due_at=due,
        made_by=audit.SYSTEM,
        made_at=uow.now,
    )
    uow.session.add(made)
    uow.announce("ticket", number=cause.number or "")


async def _owner(uow: UnitOfWork, customer: Customer, cause: Cause) -> str | None:
    """Who keeps the file, else who had the matter, else who leads; never whom the customer complains of."""
    ticket = await uow.session.get(Ticket, cause.number) if cause.number else None
    wanted = [customer.keeper_id, ticket.owner_id if ticket else None]
    everyone = {one.id: one for one in (await uow.session.scalars(select(Staff).where(Staff.active))).all()}
    leading = sorted(one.id for one in everyone.values() if one.role != "agent")
    for staff_id in (*wanted, *leading):
        staff = everyone.get(staff_id or "")
        if staff and not (ticket and is_complained_of(staff, Matter.of(ticket))):
            return staff.id
    return None


# ---------------------------------------------------------------- what is new


def _agrees(way: By) -> ColumnElement[bool]:
    if way in WRITTEN:
        return Customer.may_follow_up.is_(True)
    return or_(Customer.may_follow_up.is_(None), Customer.may_follow_up.is_(True))


def _is_new(key: ColumnElement[str]) -> ColumnElement[bool]:
    return ~exists().where(FollowUp.key == key)


async def _tickets(services: Services, uow: UnitOfWork) -> list[tuple[str, Cause]]:
    found: list[tuple[str, Cause]] = []
    for occasion in (Occasion.INSTALLATION, Occasion.COMPLAINT):
        plan = services.company.customer_files.follow_ups.get(occasion)
        if plan is None:
            continue
        query = (
            select(Ticket.customer_id, Ticket.number, Ticket.closed_at)
            .join(Customer, Customer.id == Ticket.customer_id)
            .where(Ticket.closed_at >= uow.now - WINDOW, Ticket.kind == occasion, Ticket.status.in_(ENDED))
            .where(IS_A_FILE, _agrees(plan.way), _is_new(literal(f"{occasion}:") + Ticket.number))
            .order_by(Ticket.closed_at)
            .limit(BATCH)
        )
        rows = (await uow.session.execute(query)).all()
        found += [(who, Cause(f"{occasion}:{number}", occasion, ended, number)) for who, number, ended in rows if ended]
    return found


async def _ratings(services: Services, uow: UnitOfWork) -> list[tuple[str, Cause]]:
    occasion = Occasion.LOW_RATING
    plan = services.company.customer_files.follow_ups.get(occasion)
    if plan is None:
        return []
    query = (
        select(Conversation.customer_id, Rating.id, Rating.at, Conversation.id)
        .join(Conversation, Conversation.id == Rating.conversation_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(Rating.at >= uow.now - WINDOW, Rating.score <= BAD)
        .where(IS_A_FILE, _agrees(plan.way), _is_new(literal(f"{occasion}:") + cast(Rating.id, String)))
        .order_by(Rating.at)
        .limit(BATCH)
    )
    rows = (await uow.session.execute(query)).all()
    return [(who, Cause(f"{occasion}:{rating}", occasion, at, conversation_id=talk)) for who, rating, at, talk in rows]


async def _stale(services: Services, uow: UnitOfWork) -> list[tuple[str, Cause]]:
    """Files that somebody keeps, and nobody is to look through yet."""
    after = services.company.customer_files.stale_after
    open_review = exists().where(
        FollowUp.customer_id == Customer.id, FollowUp.occasion == Occasion.REVIEW, FollowUp.settled_at.is_(None)
    )
    query = select(Customer).where(IS_A_FILE, Customer.keeper_id.is_not(None), stale(uow.now - after), ~open_review)
    oldest = query.order_by(Customer.last_seen_at).limit(REVIEWS_A_DAY)
    rows: Sequence[Customer] = (await uow.session.scalars(oldest)).all()
    return [
        (one.id, Cause(f"review:{one.id}:{uow.now:%Y-%m-%d}", Occasion.REVIEW, uow.now))
        for one in rows
        if is_stale(one.last_seen_at, one.reviewed_at, uow.now, after)
    ]
