"""company/roster.yml as an import: who is on it has an account as it says. Nobody is locked for not being on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from helpdesk.company import Company, CompanyFileError, StaffMember
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import news
from helpdesk.usecases.people.accounts import ID, NUMBER, Wishes, apply, defaults
from helpdesk.usecases.people.passwords import hashed


@dataclass
class Imported:
    """What an import did, or would do: ids of new accounts; id -> field -> what it was; accounts it says nothing of."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, Mapping[str, object]] = field(default_factory=dict)
    unmentioned: list[str] = field(default_factory=list)


def check_roster(company: Company) -> None:
    """What the file must keep to beside its shape.

    Raises:
        CompanyFileError: an id or a 工号 is none, or two have the same 工号, or a skill is no category.
    """
    numbers: dict[str, str] = {}
    for staff_id, member in company.roster.items():
        problem = _problem(company, staff_id, member, numbers)
        if problem:
            raise CompanyFileError(company.root / "roster.yml", staff_id, problem)
        numbers[member.number.lower()] = staff_id


def _problem(company: Company, staff_id: str, member: StaffMember, numbers: Mapping[str, str]) -> str:
    if not ID.fullmatch(staff_id):
        return "an id is lower-case letters, digits, . _ or -, and begins with a letter"
    if not NUMBER.fullmatch(member.number):
        return f"number: {member.number!r} is no 工号 (letters, digits, -; 16 at most)"
    if member.number.lower() in numbers:
        return f"number: {member.number} is that of {numbers[member.number.lower()]} already"
    unknown = [skill for skill in member.skills if skill not in company.complaints.categories]
    return f"skills: {', '.join(unknown)} is no category of complaints.yml" if unknown else ""


async def import_roster(services: Services, *, only_look: bool = False) -> Imported:
    """Make and change accounts as company/roster.yml says; new ones have no password yet.

    Raises:
        CompanyFileError: see `check_roster`, or a 工号 is that of somebody who is not on the file.
    """
    check_roster(services.company)
    async with services.db.write() as uow:
        done = await apply_roster(services, uow)
        if done.added or done.changed:
            await news.changed(services, uow)
        if not only_look:
            await uow.commit()
    return done


async def apply_roster(services: Services, uow: UnitOfWork) -> Imported:
    """The same within a unit of work."""
    company, done = services.company, Imported()
    there = {one.id: one for one in (await uow.session.scalars(select(Staff).order_by(Staff.id))).all()}
    done.unmentioned = [one.id for one in there.values() if one.id not in company.roster and one.active]
    _refuse_numbers_of_others(company, there)
    for staff_id, member in company.roster.items():
        wishes = _wishes(company, member)
        if staff_id not in there:
            uow.session.add(Staff(id=staff_id, **{**defaults(company).given(), **wishes.given()}))
            audit.note(uow, audit.SYSTEM, "staff_added", staff_id, **wishes.given())
            done.added.append(staff_id)
        elif before := apply(there[staff_id], wishes):
            audit.note(uow, audit.SYSTEM, "staff_changed", staff_id, before=before, after=wishes.given())
            done.changed[staff_id] = before
    await uow.session.flush()
    return done


def _refuse_numbers_of_others(company: Company, there: Mapping[str, Staff]) -> None:
    taken = {one.number.lower(): one.id for one in there.values() if one.id not in company.roster}
    for staff_id, member in company.roster.items():
        other = taken.get(member.number.lower())
        if other is not None:
            problem = f"number: {member.number} is that of {other}, who is not on this file"
            raise CompanyFileError(company.root / "roster.yml", staff_id, problem)


def _wishes(company: Company, member: StaffMember) -> Wishes:
    duty: dict[str, list[str]] = {day: [str(period) for period in periods] for day, periods in member.duty.items()}
    return Wishes(
        name=member.name,
        number=member.number,
        role=member.role,
        department=member.department,
        skills=member.skills,
        capacity=member.capacity or company.limits.parallel_conversations,
        duty=duty,
    )


async def ensure_staff(services: Services) -> None:
    """Accounts for the roster, without passwords; nothing of one that is there already is changed."""
    async with services.db.write() as uow:
        there = set((await uow.session.scalars(select(Staff.id))).all())
        missing = {name: one for name, one in services.company.roster.items() if name not in there}
        for staff_id, member in missing.items():
            values = {**defaults(services.company).given(), **_wishes(services.company, member).given()}
            uow.session.add(Staff(id=staff_id, **values))
        await uow.commit()


async def ensure_demo_staff(services: Services, password: str) -> None:
    """The roster's accounts can sign in with this password (demo mode); kept as a hash only."""
    await ensure_staff(services)
    kept = await hashed(password)
    async with services.db.write() as uow:
        for staff in await uow.session.scalars(select(Staff).where(Staff.id.in_(services.company.roster))):
            staff.password_hash, staff.must_change_password = kept, False
        await uow.commit()
