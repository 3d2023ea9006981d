"""What a member of staff is to a ticket, and what follows for what they may do (helpdesk/model/rights.py)."""

from __future__ import annotations

from collections.abc import Collection, Set

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.company import Company
from helpdesk.errors import NotAllowed
from helpdesk.model import rights
from helpdesk.model.matter import Matter
from helpdesk.model.rights import Deed, Part
from helpdesk.services import Services
from helpdesk.store.queries import naming_staff
from helpdesk.store.tables import Conversation, Customer, Investigator, Staff, Ticket
from helpdesk.usecases.people.duty import is_complained_of

ABOUT_YOU = "complaint_about_you"
SAYS = {
    Deed.CONCLUDE: "right_conclude",
    Deed.HAND_ON: "right_hand_on",
    Deed.TRANSFER: "right_transfer",
    Deed.CHANGE_GROUP: "right_change_group",
    Deed.REJECT: "right_reject",
    Deed.PUT_RIGHT: "right_put_right",
    Deed.SETTLE: "right_settle",
    Deed.EDIT_KNOWLEDGE: "right_edit_knowledge",
    Deed.READ_AUDIT: "right_read_audit",
    Deed.EDIT_SETTINGS: "right_edit_settings",
    Deed.IMPORT_CUSTOMERS: "right_import_customers",
    Deed.SUPERVISE: "right_supervise",
    Deed.SET_TIER: "right_set_tier",
    Deed.EDIT_CUSTOMER: "right_edit_customer",
    Deed.FOLLOW_UP: "right_follow_up",
    Deed.GIVE_CUSTOMER: "right_give_customer",
    Deed.MERGE_CUSTOMERS: "right_merge_customers",
    Deed.EXPORT_PERSON: "right_export_person",
    Deed.ERASE_PERSON: "right_erase_person",
}
OTHERWISE = "right_to_look_only"


def parts_of(company: Company, ticket: Ticket, owner: Staff, by: Staff, also: Set[Part] = frozenset()) -> Set[Part]:
    """What `by` is to a ticket; `also`: what the ticket does not tell (a member, an author)."""
    department = company.departments.get(ticket.department)
    found = {
        Part.ACCUSED: is_complained_of(by, Matter.of(ticket)),
        Part.COLLEAGUE: by.department in {ticket.department, owner.department},
        Part.OWNER: by.id == ticket.owner_id,
        Part.HEAD: department is not None and by.id == department.head,
    }
    return {part for part, holds in found.items() if holds} | also | rights.by_role(by.role)


async def parts(
    services: Services, session: AsyncSession, ticket: Ticket, by: Staff, *, author: str | None = None
) -> Set[Part]:
    """The same, with what the database has to say; `author`: the id of who made what is asked about."""
    owner = await session.get_one(Staff, ticket.owner_id)
    member = select(Investigator.id).where(Investigator.number == ticket.number, Investigator.staff_id == by.id)
    is_member = await session.scalar(member) is not None
    also = {part for part, holds in ((Part.MEMBER, is_member), (Part.AUTHOR, author == by.id)) if holds}
    return parts_of(services.company, ticket, owner, by, also)


async def allowed(services: Services, session: AsyncSession, ticket: Ticket, by: Staff) -> list[Deed]:
    """Everything that `by` may do to a ticket, as far as who they are decides it."""
    return rights.deeds(await parts(services, session, ticket, by))


async def require(
    services: Services, session: AsyncSession, ticket: Ticket, by: Staff, *wanted: Deed, author: str | None = None
) -> None:
    """Refuse whoever may not do all that is wanted to a ticket; asked while the ticket is locked.

    Raises:
        NotAllowed.
    """
    theirs = await parts(services, session, ticket, by, author=author)
    for deed in wanted:
        if not rights.may(deed, theirs):
            words = ABOUT_YOU if Part.ACCUSED in theirs else SAYS.get(deed, OTHERWISE)
            raise NotAllowed(words, deed=deed, owner=ticket.owner_id)


def require_in_house(by: Staff, deed: Deed) -> None:
    """Refuse whoever may not do something that is about no ticket.

    Raises:
        NotAllowed.
    """
    if not rights.may(deed, rights.by_role(by.role)):
        raise NotAllowed(SAYS.get(deed, NotAllowed.code), deed=deed)


def sees_contact(company: Company, ticket: Ticket, owner: Staff, by: Staff) -> bool:
    """Whether `by` is shown a ticket's personal values without asking (F4)."""
    return rights.may(Deed.SEE_CONTACT, parts_of(company, ticket, owner, by))


def sees_talk(conversation: Conversation, by: Staff, accusers: Collection[str]) -> bool:
    """Whether `by` is shown a customer's data in a conversation: in charge of it, and not who they complain of."""
    theirs = rights.to_served(by.role, serves=by.id == conversation.staff_id)
    return rights.may(Deed.SEE_CONTACT, theirs) and conversation.customer_id not in accusers


def to_file(customer: Customer, by: Staff, accusers: Collection[str] = ()) -> Set[Part]:
    """What `by` is to a customer's file: whoever keeps it owns it; whom the customer complains of is shut out."""
    parts = rights.to_served(by.role, serves=by.id == customer.keeper_id)
    return parts | ({Part.ACCUSED} if customer.id in accusers else set())


async def require_for_file(session: AsyncSession, customer: Customer, by: Staff, deed: Deed) -> None:
    """Refuse whoever may not do something to a customer's file.

    Raises:
        NotAllowed.
    """
    about_them = await accusers(session, by, Ticket.customer_id == customer.id)
    theirs = to_file(customer, by, about_them)
    if not rights.may(deed, theirs):
        raise NotAllowed(ABOUT_YOU if Part.ACCUSED in theirs else SAYS[deed], deed=deed)


async def accusers(session: AsyncSession, by: Staff, *conditions: ColumnElement[bool]) -> Set[str]:
    """The ids of customers who complain of this person."""
    return {one.customer_id for one in await _about(session, by, *conditions)}


async def _about(session: AsyncSession, by: Staff, *conditions: ColumnElement[bool]) -> list[Ticket]:
    naming = await naming_staff(session, *conditions)
    return [one for one in naming if is_complained_of(by, Matter.of(one))]


async def seen_tickets(session: AsyncSession, by: Staff) -> ColumnElement[bool]:
    """Those of a query on tickets whose personal values `by` is shown without asking."""
    in_charge = Ticket.owner_id == by.id
    if rights.may(Deed.SEE_CONTACT, rights.by_role(by.role)):
        in_charge = true()
    return and_(in_charge, Ticket.number.not_in([one.number for one in await _about(session, by)]))
