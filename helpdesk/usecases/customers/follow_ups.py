"""回访: what is to be asked of whom, reported, moved, given up, or answered by a letter of thanks (F6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.follow_up import By, Hours, Occasion, Report, State, fits, is_permitted
from helpdesk.model.letter import LetterKind, Writing
from helpdesk.model.matter import Matter
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, FollowUp, Staff, Ticket, new_id
from helpdesk.usecases.customers.edit import locked_file
from helpdesk.usecases.customers.planning import quiet_hours
from helpdesk.usecases.customers.settling import settle
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.letters import write_letter
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets.internal import open_internal
from helpdesk.usecases.tickets.register import Opening

LISTED = 200


async def listed(
    session: AsyncSession, *, state: State | None = None, owner_id: str | None = None, customer_id: str | None = None
) -> Sequence[tuple[FollowUp, Customer]]:
    """What is to be done, the next due first; what is done, the last first."""
    query = select(FollowUp, Customer).join(Customer, Customer.id == FollowUp.customer_id)
    if state is not None:
        query = query.where(FollowUp.state == state)
    if owner_id:
        query = query.where(FollowUp.owner_id == owner_id)
    if customer_id:
        query = query.where(FollowUp.customer_id == customer_id)
    order = FollowUp.due_at.asc() if state is State.OPEN else FollowUp.due_at.desc()
    rows = await session.execute(query.order_by(order, FollowUp.id).limit(LISTED))
    return [(one, customer) for one, customer in rows]


@dataclass(frozen=True)
class Plan:
    """How and when somebody is to be asked, and what about."""

    way: By
    due_at: datetime
    note: str | None = None


async def add(services: Services, customer_id: str, plan: Plan, by: Staff) -> FollowUp:
    """Plan one by hand.

    Raises:
        NotFound, NotAllowed. InvalidInput: the customer did not agree, or the moment is past, at night, or outside
        the customer's hours.
    """
    async with services.db.write() as uow:
        customer = await locked_file(uow, customer_id)
        await rights.require_for_file(uow.session, customer, by, Deed.EDIT_CUSTOMER)
        _check(services, customer, plan.way, plan.due_at, uow.now)
        made = FollowUp(
            id=new_id(),
            key=f"{Occasion.OTHER}:{new_id()}",
            customer_id=customer.id,
            occasion=Occasion.OTHER,
            way=plan.way,
            owner_id=customer.keeper_id or by.id,
            due_at=plan.due_at,
            note=plan.note,
            made_by=audit.by_staff(by.id),
            made_at=uow.now,
        )
        uow.session.add(made)
        audit.note(uow, made.made_by, "follow_up_planned", customer.id)
        await uow.commit()
    return made


def _check(services: Services, customer: Customer, way: By, due_at: datetime, now: datetime) -> None:
    if not is_permitted(way, customer.may_follow_up):
        raise InvalidInput("follow_up_no_consent", field="way")
    wish = Hours.read(customer.reach_from, customer.reach_until)
    if due_at <= now or not fits(due_at.astimezone(services.company.profile.zone), wish, quiet_hours(services)):
        raise InvalidInput("follow_up_not_then", field="due_at")


async def _open(uow: UnitOfWork, follow_up_id: str, by: Staff) -> tuple[FollowUp, Customer]:
    """One that is open, locked, with its file.

    Raises:
        NotFound. NotAllowed: it is a colleague's. Conflict: it is settled.
    """
    made = await uow.session.get(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise NotFound("follow_up_not_found", follow_up_id=follow_up_id)
    customer = await uow.session.get_one(Customer, made.customer_id)
    if made.owner_id != by.id:
        await rights.require_for_file(uow.session, customer, by, Deed.FOLLOW_UP)
    if made.state != State.OPEN:
        raise Conflict("follow_up_done", state=made.state)
    return made, customer


async def report(services: Services, follow_up_id: str, told: Report, by: Staff) -> FollowUp:
    """What came of it. Whatever is left becomes an internal ticket, so that nothing told is lost.

    Raises:
        NotFound, NotAllowed, Conflict. InvalidInput: it is a file to look through, or the customer refused meanwhile.
    """
    async with services.db.write() as uow:
        made, customer = await _open(uow, follow_up_id, by)
        if made.occasion == Occasion.REVIEW:
            raise InvalidInput("follow_up_is_review", field="follow_up_id")
        if not is_permitted(By(made.way), customer.may_follow_up):
            raise InvalidInput("follow_up_no_consent", field="way")
        number = await _left_over(services, uow, made, told, by) if told.needs_work else None
        made.report = {**told.kept(), **({"number": number} if number else {})}
        settle(uow, made, State.DONE, by)
        await uow.commit()
    return made


async def _left_over(services: Services, uow: UnitOfWork, made: FollowUp, told: Report, by: Staff) -> str:
    parts = (made.number, told.unpleasant, told.still_open)
    words = services.wording.render(
        "task_follow_up", score=told.satisfied, told="；".join(one for one in parts if one) or "—"
    )
    matter = Matter(Kind.INTERNAL, {"description": words}, category="follow_up")
    actor, talk = audit.by_staff(by.id), made.conversation_id
    ticket = await open_internal(services, uow, matter, Opening(made.customer_id, actor, owner=by), about=talk)
    return ticket.number


async def move(services: Services, follow_up_id: str, due_at: datetime, reason: str, by: Staff) -> FollowUp:
    """The customer was not reached, or wishes another time.

    Raises:
        NotFound, NotAllowed, Conflict. InvalidInput: see `add`.
    """
    async with services.db.write() as uow:
        made, customer = await _open(uow, follow_up_id, by)
        _check(services, customer, By(made.way), due_at, uow.now)
        made.due_at, made.note, made.moves = due_at, reason, made.moves + 1
        audit.note(uow, audit.by_staff(by.id), "follow_up_moved", customer.id)
        await uow.commit()
    return made


async def drop(services: Services, follow_up_id: str, reason: str, by: Staff) -> FollowUp:
    """It is given up.

    Raises:
        NotFound, NotAllowed, Conflict.
    """
    async with services.db.write() as uow:
        made, _ = await _open(uow, follow_up_id, by)
        made.note = reason
        settle(uow, made, State.DROPPED, by)
        await uow.commit()
    return made


async def thank(services: Services, follow_up_id: str, by: Staff) -> FollowUp:
    """A letter of thanks goes to the customer, by the ways every letter goes and not at night.

    Raises:
        NotFound, NotAllowed, Conflict. InvalidInput: there is no ticket it could be about, or no consent.
    """
    async with services.db.write() as uow:
        made, customer = await _open(uow, follow_up_id, by)
        if not made.number:
            raise InvalidInput("thanks_for_what", field="number")
        if not is_permitted(By.LETTER, customer.may_follow_up):
            raise InvalidInput("follow_up_no_consent", field="way")
        ticket = await uow.session.get_one(Ticket, made.number)
        key = f"{made.number}:thanks:{made.id}"
        await write_letter(services, uow, ticket, Writing(LetterKind.THANKS, key=key, by=audit.by_staff(by.id)))
        made.way = By.LETTER
        settle(uow, made, State.DONE, by)
        await uow.commit()
    return made
