"""Staff change a file: what it says, who keeps it, that it was looked through. What was before is kept (F1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk.errors import Conflict, InvalidInput, NotFound, Reason
from helpdesk.model.customer import SAID
from helpdesk.model.notice import Way
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Staff
from helpdesk.text.fields import Accepted, accept
from helpdesk.usecases.customers.settling import close_reviews
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import rights
from helpdesk.usecases.tickets.internal import HOUSE

HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
REMARK = 500  # characters
CONTACTS = ("name", "phone", "email")
SAYS = {"name": "no_name", "phone": "no_phone", "email": "no_email"}

Values = Mapping[str, Any]


async def locked_file(uow: UnitOfWork, customer_id: str) -> Customer:
    """A file as it is now, its row locked until the unit ends.

    Raises:
        NotFound: there is none, or it became part of another.
    """
    query = select(Customer).where(Customer.id == customer_id, Customer.id != HOUSE, Customer.merged_into.is_(None))
    found = await uow.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound("customer_not_found", customer_id=customer_id)
    return found


async def change(services: Services, customer_id: str, values: Values, seen: datetime | None, by: Staff) -> Customer:
    """Change what a file says: names of columns with what they are to hold, None for nothing.

    `seen`: the `changed_at` of what the editor had before them.

    Raises:
        NotFound, NotAllowed. Conflict: a colleague changed it meanwhile. InvalidInput: `reasons` in the details has
        one for each value that cannot be taken; nothing was changed.
    """
    async with services.db.write() as uow:
        customer = await locked_file(uow, customer_id)
        await rights.require_for_file(uow.session, customer, by, Deed.EDIT_CUSTOMER)
        if customer.changed_at != seen:
            raise Conflict("customer_changed")
        taken = _checked(services, {**_hours(customer), **values}, uow.now)
        before = {name: getattr(customer, name) for name, value in taken.items() if getattr(customer, name) != value}
        for name in before:
            setattr(customer, name, taken[name])
        if before:
            customer.changed_at = uow.now
            after = {name: taken[name] for name in before}
            audit.note(uow, audit.by_staff(by.id), "customer_edited", customer.id, before=before, after=after)
        await uow.commit()
    return customer


def _hours(customer: Customer) -> Values:
    return {"reach_from": customer.reach_from, "reach_until": customer.reach_until}


def _checked(services: Services, values: Values, now: datetime) -> dict[str, Any]:
    """The values as they are stored.

    Raises:
        InvalidInput.
    """
    taken = {name: value if value != "" else None for name, value in values.items()}
    reasons: dict[str, Reason] = {}
    for name, value in taken.items():
        if name in CONTACTS and value is not None:
            taken[name] = _contact(services, name, value, now)
            reasons |= {} if taken[name] else {name: Reason(SAYS[name])}
        elif value is not None and name in CHECKS and not CHECKS[name](value):
            reasons[name] = Reason(WRONG[name], most=REMARK)
    if (taken["reach_from"] is None) != (taken["reach_until"] is None) or _is_backward(taken):
        reasons.setdefault("reach_until", Reason("hours_wrong"))
    if reasons:
        raise InvalidInput.at(reasons)
    return taken


def _is_backward(taken: Values) -> bool:
    return bool(taken["reach_from"] and taken["reach_until"] and taken["reach_from"] >= taken["reach_until"])


def _contact(services: Services, name: str, value: str, now: datetime) -> str | None:
    verdict = accept(services.company, name, value, now.astimezone(services.company.profile.zone))
    return verdict.value if isinstance(verdict, Accepted) and isinstance(verdict.value, str) else None


CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "class_said": lambda value: value in SAID,
    "reach_by": lambda value: value in set(Way),
    "reach_from": lambda value: HOUR.fullmatch(value) is not None,
    "reach_until": lambda value: HOUR.fullmatch(value) is not None,
    "remark": lambda value: len(value) <= REMARK,
}
WRONG = {
    "class_said": "class_not_by_hand",
    "reach_by": "no_such_way",
    "reach_from": "hour_wrong",
    "reach_until": "hour_wrong",
    "remark": "remark_too_long",
}


async def review(services: Services, customer_id: str, by: Staff) -> Customer:
    """Somebody looked through the file and it is right: it is not stale any more.

    Raises:
        NotFound, NotAllowed.
    """
    async with services.db.write() as uow:
        customer = await locked_file(uow, customer_id)
        await rights.require_for_file(uow.session, customer, by, Deed.EDIT_CUSTOMER)
        customer.reviewed_at = uow.now
        await close_reviews(uow, customer.id, by)
        audit.note(uow, audit.by_staff(by.id), "customer_reviewed", customer.id)
        await uow.commit()
    return customer


async def give(services: Services, customer_id: str, to: str, reason: str, by: Staff) -> Customer:
    """A colleague keeps the file from now on.

    Raises:
        NotAllowed, NotFound. InvalidInput: nobody who works here has this id.
    """
    rights.require_in_house(by, Deed.GIVE_CUSTOMER)
    async with services.db.write() as uow:
        customer = await locked_file(uow, customer_id)
        await rights.require_for_file(uow.session, customer, by, Deed.GIVE_CUSTOMER)
        keeper = await uow.session.get(Staff, to)
        if keeper is None or not keeper.active:
            raise InvalidInput("no_such_colleague", field="to")
        if customer.keeper_id != keeper.id:
            detail = {"from_keeper": customer.keeper_id, "to_keeper": keeper.id, "reason": reason}
            audit.note(uow, audit.by_staff(by.id), "customer_given", customer.id, **detail)
            customer.keeper_id, customer.kept_since = keeper.id, uow.now
        await uow.commit()
    return customer
