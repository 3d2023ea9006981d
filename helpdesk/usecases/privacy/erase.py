"""A person's data is erased: words, numbers and pictures; what has to be kept is nobody's afterwards.

Conversations and the tickets that the law or the business needs stay as bare facts (when, which department, which
order, which result), so that figures stay true and no number is missing. All of it is one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, delete, inspect, null, select, update

from helpdesk.company import Company
from helpdesk.model.conversation import State
from helpdesk.model.personal import ERASED, only_codes
from helpdesk.model.ticket import CLOSED, Action
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.holdings import HOLDINGS, Blank, Holding, Owner, belongs, letters_of
from helpdesk.store.tables import Base, Conversation, Message, Promise, Ticket, TicketEvent
from helpdesk.usecases.journal import audit
from helpdesk.usecases.tickets.move import apply_step
from helpdesk.usecases.tickets.step import Step

KEPT_KINDS = frozenset({"when", "future"})
"""Kinds of field beside codes and choices of which a ticket keeps the value, where it is a date."""
POINT_ELSEWHERE = frozenset({"waybill", "credit_code"})
"""Codes by which others know the person's address or firm."""
ANONYMISED = "anonymised"
"""The event of a ticket whose customer is nobody any more."""
OF_TABLE: Mapping[type[Base], Holding] = {holding.table: holding for holding in HOLDINGS}
WITHDRAWN = "person_erased"
"""The wording of why an open matter ends with its customer."""


async def lock(uow: UnitOfWork, customers: Sequence[str]) -> Sequence[Conversation]:
    """Their conversations, each row locked, always in the same order; turns under way come to nothing."""
    query = (
        select(Conversation)
        .where(Conversation.customer_id.in_(customers))
        .order_by(Conversation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await uow.session.scalars(query)).all()


async def erase(services: Services, uow: UnitOfWork, customers: Sequence[str]) -> dict[str, int]:
    """Erase what is held of these customers, whose conversations are locked; rows that were touched, by table."""
    await _end_matters(services, uow, customers)
    await _end_talks(uow, customers)
    await uow.session.flush()
    counts = {one.name: await _delete(uow, one, customers) for one in HOLDINGS if one.goes}
    theirs = select(Ticket.number).where(Ticket.customer_id.in_(customers))
    await anonymise_tickets(services.company, uow, (await uow.session.scalars(theirs)).all())
    for holding in HOLDINGS:
        if not holding.goes and holding.words:
            counts[holding.name] = await blank(services.company, uow, holding, belongs(holding, customers))
    return {name: count for name, count in counts.items() if count}


async def _end_matters(services: Services, uow: UnitOfWork, customers: Sequence[str]) -> None:
    query = select(Ticket).where(Ticket.customer_id.in_(customers), Ticket.status.not_in(CLOSED)).with_for_update()
    for ticket in (await uow.session.scalars(query)).all():
        step = Step(Action.WITHDRAW, note=services.wording.render(WITHDRAWN))
        await apply_step(services, uow, ticket, step, audit.SYSTEM)
    loose = (Promise.customer_id.in_(customers), Promise.state == "open")
    for promise in (await uow.session.scalars(select(Promise).where(*loose))).all():
        promise.state = "kept" if promise.due_at >= uow.now else "broken"
        promise.settled_at = uow.now


async def _end_talks(uow: UnitOfWork, customers: Sequence[str]) -> None:
    """Closed, whoever had them; a turn under way finds its claim gone, and nothing is left to be answered."""
    theirs = Conversation.customer_id.in_(customers)
    nobody = {"turn_until": None, "staff_id": None, "queued_at": None, "held_until": None}
    ended = {"state": State.CLOSED, "turn_no": Conversation.turn_no + 1, **nobody}
    await _run(uow, update(Conversation).where(theirs).values(ended))
    await _run(uow, update(Conversation).where(theirs, Conversation.closed_at.is_(None)).values(closed_at=uow.now))
    ours = Message.conversation_id.in_(select(Conversation.id).where(theirs))
    waiting = (ours, Message.author == "customer", Message.processed_at.is_(None))
    await _run(uow, update(Message).where(*waiting).values(processed_at=uow.now))


async def _delete(uow: UnitOfWork, holding: Holding, customers: Sequence[str]) -> int:
    return await _run(uow, delete(holding.table).where(belongs(holding, customers)))


async def anonymise_tickets(company: Company, uow: UnitOfWork, numbers: Sequence[str]) -> None:
    """Tickets whose time is over: those that have to be kept lose their words, the others go."""
    kept = company.personal_data.kept_tickets
    theirs = select(Ticket.number).where(Ticket.number.in_(numbers))
    await _delete_tickets(uow, (await uow.session.scalars(theirs.where(Ticket.kind.not_in(kept)))).all())
    await _anonymise(company, uow, (await uow.session.scalars(theirs.where(Ticket.kind.in_(kept)))).all())


async def _delete_tickets(uow: UnitOfWork, numbers: Sequence[str]) -> None:
    """With all that hangs on them, the last in line first."""
    if not numbers:
        return
    order = [mapped.name for mapped in reversed(Base.metadata.sorted_tables)]
    for holding in sorted(_of_tickets(), key=lambda one: order.index(one.name)):
        await _run(uow, delete(holding.table).where(_hangs_on(holding, numbers)))
    await _run(uow, delete(Ticket).where(Ticket.number.in_(numbers)))


async def _anonymise(company: Company, uow: UnitOfWork, numbers: Sequence[str]) -> None:
    await blank(company, uow, OF_TABLE[Ticket], Ticket.number.in_(numbers))
    for holding in _of_tickets():
        if holding.goes:
            await _run(uow, delete(holding.table).where(_hangs_on(holding, numbers)))
        else:
            await blank(company, uow, holding, _hangs_on(holding, numbers))
    for number in numbers:
        uow.session.add(TicketEvent(number=number, at=uow.now, actor=audit.SYSTEM, action=ANONYMISED))
        uow.announce("ticket", number=number)


def _of_tickets() -> list[Holding]:
    return [one for one in HOLDINGS if {Owner.TICKET, Owner.LETTER} & set(one.by)]


def _hangs_on(holding: Holding, numbers: Sequence[str]) -> ColumnElement[bool]:
    """The rows that belong to these tickets, or to letters about them."""
    if Owner.LETTER in holding.by:
        return holding.column(holding.by[Owner.LETTER]).in_(letters_of(numbers))
    return holding.column(holding.by[Owner.TICKET]).in_(numbers)


# ---------------------------------------------------------------- words out of rows


async def blank(company: Company, uow: UnitOfWork, holding: Holding, where: ColumnElement[bool]) -> int:
    """Take the words out of rows that stay; how many rows."""
    count = await blank_rows_of(uow, holding.table, where)
    partly = [name for name, rest in holding.words.items() if rest is not Blank.NOTHING]
    if not partly:
        return count
    query = select(holding.table).where(where).execution_options(populate_existing=True)
    rows = (await uow.session.scalars(query)).all()
    for row in rows:
        for name in partly:
            setattr(row, name, _rest(company, holding.words[name], row, getattr(row, name)))
    await uow.session.flush()
    return len(rows)


async def blank_rows_of(uow: UnitOfWork, table: type[Base], where: ColumnElement[bool]) -> int:
    """Empty the columns that are all words; how many rows."""
    holding = OF_TABLE[table]
    whole = {name: _empty(holding, name) for name, rest in holding.words.items() if rest is Blank.NOTHING}
    return await _run(uow, update(table).where(where).values(whole)) if whole else 0


def _rest(company: Company, blank: Blank, row: Base, value: Any) -> Any:
    if blank is Blank.NAME:
        return f"{ERASED}{getattr(row, 'id', '')}"
    if blank is Blank.TICKET_CODES:
        return anonymous(company, value)
    return only_codes(value) or None


def anonymous(company: Company, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket's fields as they may be kept: which order, which kind of trouble, when; a product by our own name."""
    keep = kept_fields(company)
    products = {name for one in company.products.values() for name in (one.name, one.kind)}
    product = {"product": fields["product"]} if fields.get("product") in products else {}
    return {**only_codes(fields, keep), **product}


def kept_fields(company: Company) -> Collection[str]:
    """Names of the fields that an anonymous ticket keeps."""
    fields = {name: spec for name, spec in company.fields.items() if not spec.personal}
    coded = {name for name in company.legible if fields[name].kind not in POINT_ELSEWHERE}
    return coded | {name for name, spec in fields.items() if spec.kind in KEPT_KINDS} | {"category"}


def _empty(holding: Holding, name: str) -> Any:
    """Nothing, as the column can hold it."""
    column = inspect(holding.table).columns[name]
    if column.nullable:
        return null()
    return {} if isinstance(column.type, JSON) else ""


async def _run(uow: UnitOfWork, statement: Any) -> int:
    done = await uow.session.execute(statement, execution_options={"synchronize_session": False})
    return int(getattr(done, "rowcount", 0))
