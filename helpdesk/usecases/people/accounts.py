"""Accounts of staff: who there is, what they do here, and what every account keeps to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select

from helpdesk.company import Company
from helpdesk.errors import Conflict, InvalidInput, Reason
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import news
from helpdesk.usecases.people.duty import ROLE_ORDER
from helpdesk.usecases.people.invitations import Invitation, invite_within
from helpdesk.usecases.people.lookup import locked_person

ID = re.compile(r"[a-z][a-z0-9._-]{1,31}")
NUMBER = re.compile(r"[A-Za-z0-9-]{1,16}")
NAME_LIMIT = 30  # characters
MOST_AT_ONCE = 50
"""Customers that one person serves at a time."""
ADMIN = ROLE_ORDER[-1]


@dataclass(frozen=True)
class Wishes:
    """What an account is to be; None: as it is. `duty` is {"mon": ["9:00-18:00"]}, as in company/roster.yml."""

    name: str | None = None
    number: str | None = None
    role: str | None = None
    department: str | None = None
    skills: Sequence[str] | None = None
    capacity: int | None = None
    duty: Mapping[str, Sequence[str]] | None = None
    totp_required: bool | None = None

    def given(self) -> dict[str, Any]:
        """The values that are to change, as the table keeps them."""
        found = {name: value for name, value in asdict(self).items() if value is not None}
        return {**found, **({"skills": list(self.skills)} if self.skills is not None else {})}


def defaults(company: Company) -> Wishes:
    """What a new account is where nothing else is said; name and number have to be."""
    return Wishes(
        name="",
        number="",
        role=ROLE_ORDER[0],
        department="service",
        skills=(),
        capacity=company.limits.parallel_conversations,
        duty={},
        totp_required=False,
    )


async def add(services: Services, staff_id: str, wishes: Wishes, actor: str) -> tuple[Staff, Invitation]:
    """A new account, and the link by which its owner chooses a password.

    Raises:
        InvalidInput: values cannot be accepted; `reasons` in the details has one for each field.
    """
    values = {**defaults(services.company).given(), **wishes.given()}
    async with services.db.write() as uow:
        reasons = await _problems(uow, services.company, staff_id, values)
        if not ID.fullmatch(staff_id):
            reasons["id"] = Reason("account_id_wrong")
        elif await uow.session.get(Staff, staff_id) is not None:
            reasons["id"] = Reason("account_id_taken", staff_id=staff_id)
        _refuse(reasons)
        staff = Staff(id=staff_id, **values)
        uow.session.add(staff)
        await uow.session.flush()
        audit.note(uow, actor, "staff_added", staff_id, **wishes.given())
        invitation = await invite_within(services, uow, staff, actor)
        await uow.commit()
    return staff, invitation


async def change(services: Services, staff_id: str, wishes: Wishes, actor: str) -> Staff:
    """Change what somebody is here; it counts from their next request on.

    Raises:
        NotFound. InvalidInput: see `add`. Conflict: nobody could manage people any more.
    """
    async with services.db.write() as uow:
        staff = await locked_person(uow, staff_id)
        _refuse(await _problems(uow, services.company, staff_id, wishes.given()))
        if staff.role == ADMIN and wishes.role not in (None, ADMIN):
            await require_other_admin(uow, staff)
        before = apply(staff, wishes)
        if before:
            audit.note(uow, actor, "staff_changed", staff_id, before=before, after=wishes.given())
            await news.changed(services, uow)
        await uow.commit()
    return staff


def apply(staff: Staff, wishes: Wishes) -> dict[str, Any]:
    """Set what is wished; what was there before, of the values that are others now."""
    before = {name: getattr(staff, name) for name, value in wishes.given().items() if getattr(staff, name) != value}
    for name in before:
        setattr(staff, name, wishes.given()[name])
    return before


async def require_other_admin(uow: UnitOfWork, staff: Staff) -> None:
    """Somebody has to be left who can manage people.

    Raises:
        Conflict: this person is the last one.
    """
    others = select(func.count()).where(Staff.role == ADMIN, Staff.active, Staff.id != staff.id)
    if staff.active and not await uow.session.scalar(others):
        raise Conflict("last_admin", name=staff.name)


async def _problems(uow: UnitOfWork, company: Company, staff_id: str, values: Mapping[str, Any]) -> dict[str, Reason]:
    """Field -> why its value cannot be taken."""
    found = {name: reason for name, reason in _alone(company, values) if reason}
    number = values.get("number")
    if number is not None and "number" not in found:
        query = select(Staff).where(func.lower(Staff.number) == number.lower(), Staff.id != staff_id)
        other = (await uow.session.scalars(query.limit(1))).first()
        if other is not None:
            found["number"] = Reason("staff_number_taken", number=number, name=other.name)
    return found


def _alone(company: Company, values: Mapping[str, Any]) -> list[tuple[str, Reason | None]]:
    """Each value that is given, judged by itself: (field, what is wrong or nothing)."""
    judged: dict[str, Callable[[Any], Reason | None]] = {
        "name": lambda name: _unless(0 < len(name.strip()) <= NAME_LIMIT, "staff_name_wrong", most=NAME_LIMIT),
        "number": lambda number: _unless(NUMBER.fullmatch(number), "staff_number_wrong"),
        "role": lambda role: _unless(role in ROLE_ORDER, "no_such_role", role=role),
        "department": lambda name: _unless(name in company.departments, "no_such_department", department=name),
        "skills": lambda names: _unknown(names, company.complaints.categories),
        "capacity": lambda most: _unless(1 <= most <= MOST_AT_ONCE, "capacity_wrong", most=MOST_AT_ONCE),
    }
    return [(name, judge(values[name])) for name, judge in judged.items() if name in values]


def _unless(is_right: object, reason: str, /, **fills: Any) -> Reason | None:
    return None if is_right else Reason(reason, **fills)


def _unknown(names: Sequence[str], known: Mapping[str, object]) -> Reason | None:
    missing = [name for name in names if name not in known]
    return Reason("no_such_skill", skills=missing) if missing else None


def _refuse(reasons: Mapping[str, Reason]) -> None:
    if reasons:
        raise InvalidInput.at(reasons)
