"""Deletions: asked for by a data request, told to the customer, called off in time, carried out once.

Between asking and erasing lies `deletion_notice_minutes`: the customer hears of it where they wrote from, so that
nobody deletes another's data unheard, and staff can call it off. Then a timer erases, whichever process comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import Conflict, InvalidInput, NotFound
from helpdesk.model.field import known
from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.moments import in_words
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import CLOSED, Action, Kind, Status
from helpdesk.model.timeline import Line
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Deletion, Staff, Ticket, new_id
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.letters import send_time, write_letter
from helpdesk.usecases.people import rights
from helpdesk.usecases.privacy import consents, list_file, sweep
from helpdesk.usecases.privacy.erase import erase, lock
from helpdesk.usecases.privacy.list_file import Listed
from helpdesk.usecases.privacy.person import Overview, namesakes, overview, traces
from helpdesk.usecases.tickets import register
from helpdesk.usecases.tickets.internal import HOUSE
from helpdesk.usecases.tickets.move import apply_step, locked_ticket
from helpdesk.usecases.tickets.step import Step

DUE, DONE, CALLED_OFF = "due", "done", "called_off"
DELETES = frozenset({"delete", "withdraw"})
"""What a customer has to have asked for."""
SHORTEST_PROOF = 4
STEPS = {
    Status.REGISTERED: (Action.ACCEPT, Action.INVESTIGATE, Action.CONCLUDE),
    Status.ACCEPTED: (Action.INVESTIGATE, Action.CONCLUDE),
    Status.INVESTIGATING: (Action.CONCLUDE,),
    Status.ANSWERED: (Action.CONCLUDE,),
}
"""How a data request comes to its end from where it stands."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Wish:
    """What is to be deleted. `typed`: the words that confirm it; `others`: ids of customers who are the same person,
    and `proof`, how that was made sure; `end_open`: matters of theirs that are still open end with them."""

    typed: str
    others: tuple[str, ...] = ()
    proof: str = ""
    end_open: bool = False


@dataclass(frozen=True)
class DataRequest:
    """A data request with whose it is: what there is of them, who has the same number, what was decided."""

    ticket: Ticket
    customer: Customer
    overview: Overview
    others: Sequence[Customer]
    deletion: Deletion | None = None
    wants: str = ""

    @property
    def confirm(self) -> str:
        """What has to be typed for a deletion."""
        return words_to_type(self.ticket.number)


def words_to_type(number: str) -> str:
    """What confirms a deletion."""
    return f"删除 {number}"


async def request_of(services: Services, number: str, by: Staff | None) -> DataRequest:
    """What a data request is about; `by` None: the operator.

    Raises:
        NotFound, NotAllowed. InvalidInput: the ticket is no data request.
    """
    async with services.db.read(much=True) as uow:
        ticket = await uow.session.get(Ticket, number)
        if ticket is None:
            raise NotFound("ticket_not_found", number=number)
        await check_request(services, uow.session, ticket, by, Deed.EXPORT_PERSON)
        return DataRequest(
            ticket=ticket,
            customer=await uow.session.get_one(Customer, ticket.customer_id),
            overview=await overview(uow.session, [ticket.customer_id], number),
            others=await namesakes(uow.session, ticket),
            deletion=await _last(uow.session, number),
            wants=str(known(ticket.fields.get("data_action")) or ""),
        )


async def check_request(
    services: Services, session: AsyncSession, ticket: Ticket, by: Staff | None, deed: Deed
) -> None:
    """Refuse whoever may not, and whatever is no customer's request.

    Raises:
        NotAllowed, InvalidInput.
    """
    if by is not None:
        await rights.require(services, session, ticket, by, deed)
    if ticket.kind != Kind.DATA_REQUEST or ticket.customer_id == HOUSE:
        raise InvalidInput("no_data_request", field="number")


async def check_same_person(session: AsyncSession, ticket: Ticket, others: Sequence[str], proof: str) -> None:
    """Nobody gets, or loses, another's data because a number is the same.

    Raises:
        InvalidInput: they have not the same number, or nothing says how it was made sure that they are one.
    """
    if others and not {one.id for one in await namesakes(session, ticket)}.issuperset(others):
        raise InvalidInput("others_other_phone", field="others")
    if others and len(proof.strip()) < SHORTEST_PROOF:
        raise InvalidInput("proof_wanted", field="proof")


async def _last(session: AsyncSession, number: str) -> Deletion | None:
    query = select(Deletion).where(Deletion.number == number).order_by(Deletion.asked_at.desc()).limit(1)
    return (await session.scalars(query)).first()


async def recent(services: Services, limit: int = 100) -> Sequence[Deletion]:
    """Deletions, the newest first."""
    async with services.db.read() as uow:
        query = select(Deletion).order_by(Deletion.asked_at.desc(), Deletion.id).limit(limit)
        return (await uow.session.scalars(query)).all()


# ---------------------------------------------------------------- asked for, called off


async def ask(services: Services, number: str, wish: Wish, by: Staff | None) -> Deletion:
    """Decide a deletion; it is carried out when the notice is over.

    Raises:
        NotFound, NotAllowed. InvalidInput: what was typed is not what confirms it, or the others are not proved to be
        the same person. Conflict: the customer did not ask for it, it is decided already, or matters are open.
    """
    now = services.clock.now()
    actor = audit.by_staff(by.id) if by else audit.SYSTEM
    async with services.db.write(now) as uow:
        ticket = await locked_ticket(uow, number)
        await check_request(services, uow.session, ticket, by, Deed.ERASE_PERSON)
        await _check(uow.session, ticket, wish)
        customers = [ticket.customer_id, *wish.others]
        await _check_open(uow.session, customers, number, wish)
        made = Deletion(
            id=new_id(),
            number=number,
            customer_ids=customers,
            state=DUE,
            asked_by=actor,
            asked_at=now,
            erase_at=_erase_at(services, ticket, now),
        )
        uow.session.add(made)
        register.add_event(uow, ticket, Line("deletion_due", actor, note=wish.proof or None))
        await _tell(services, uow, ticket, made, actor)
        audit.note(uow, actor, "person_deletion_due", number, others=len(wish.others))
        register.touch(uow, ticket)
        await uow.commit()
    return made


def _erase_at(services: Services, ticket: Ticket, now: datetime) -> datetime:
    """The notice begins when the customer may be told of it, not in the night."""
    notice = timedelta(minutes=services.company.personal_data.deletion_notice_minutes)
    return max(now, send_time(services, ticket, now)) + notice if notice else now


async def _check(session: AsyncSession, ticket: Ticket, wish: Wish) -> None:
    if known(ticket.fields.get("data_action")) not in DELETES:
        raise Conflict("no_deletion_wished")
    if ticket.status in CLOSED:
        raise Conflict("ticket_over", status=ticket.status)
    last = await _last(session, ticket.number)
    if last is not None and last.state == DUE:
        raise Conflict("deletion_due_already", erase_at=last.erase_at.isoformat())
    if " ".join(wish.typed.split()) != words_to_type(ticket.number):
        raise InvalidInput("deletion_words", words=words_to_type(ticket.number), field="typed")
    await check_same_person(session, ticket, wish.others, wish.proof)


async def _check_open(session: AsyncSession, customers: Sequence[str], number: str, wish: Wish) -> None:
    found = await overview(session, customers, number)
    if found.talks:
        raise Conflict("customer_in_talk", conversations=list(found.talks))
    if (found.open_tickets or found.open_promises) and not wish.end_open:
        if found.open_tickets:
            raise Conflict("open_tickets_first", tickets=list(found.open_tickets))
        raise Conflict("open_promises_first", count=found.open_promises, tickets=[])


async def _tell(services: Services, uow: UnitOfWork, ticket: Ticket, made: Deletion, actor: str) -> None:
    at = in_words(made.erase_at.astimezone(services.company.profile.zone))
    words = Words(fields={"at": at})
    await write_letter(
        services,
        uow,
        ticket,
        Writing(LetterKind.DATA_DELETION, words=words, key=f"{ticket.number}:{made.id}", by=actor),
    )


async def call_off(services: Services, number: str, by: Staff | None) -> Deletion:
    """Nothing is deleted.

    Raises:
        NotFound, NotAllowed, InvalidInput. Conflict: nothing waits to be deleted any more.
    """
    now = services.clock.now()
    actor = audit.by_staff(by.id) if by else audit.SYSTEM
    async with services.db.write(now) as uow:
        ticket = await locked_ticket(uow, number)
        await check_request(services, uow.session, ticket, by, Deed.ERASE_PERSON)
        last = await _last(uow.session, number)
        if last is None or last.state != DUE:
            raise Conflict("no_deletion_due")
        last.state, last.done_at = CALLED_OFF, now
        register.add_event(uow, ticket, Line("deletion_called_off", actor))
        audit.note(uow, actor, "person_deletion_called_off", number)
        register.touch(uow, ticket)
        await uow.commit()
    return last


# ---------------------------------------------------------------- carried out


async def run(services: Services, now: datetime) -> None:
    """The timer: everything whose notice is over."""
    query = select(Deletion.id).where(Deletion.state == DUE, Deletion.erase_at <= now).order_by(Deletion.erase_at)
    async with services.db.read() as uow:
        due = (await uow.session.scalars(query)).all()
    for deletion_id in due:
        try:
            await carry_out(services, deletion_id)
        except Exception:
            log.exception("deletion_failed", deletion=deletion_id)


async def carry_out(services: Services, deletion_id: str) -> Deletion:
    """Erase; a deletion that is done or called off stays as it is, and one whose customer is being served waits.

    Raises:
        NotFound: there is no such deletion.
    """
    async with services.db.read() as uow:
        made = await uow.session.get(Deletion, deletion_id)
        if made is None:
            raise NotFound("deletion_not_found", deletion_id=deletion_id)
        told = await traces(uow.session, services.company, made.customer_ids)
        talks = (await overview(uow.session, made.customer_ids)).talks
    if made.state != DUE or talks:
        return made
    list_file.add(list_file.path_of(services.settings), _listed(made))
    places = await sweep.find(services, told)
    made = await _erase(services, deletion_id, places, told)
    await services.db.forget()
    return made


def _listed(made: Deletion) -> Listed:
    return Listed(made.id, made.number, tuple(made.customer_ids), made.asked_by, made.asked_at.isoformat())


async def _erase(services: Services, deletion_id: str, places: Sequence[sweep.Place], told: frozenset[str]) -> Deletion:
    async with services.db.write() as uow:
        customers = (await uow.session.get_one(Deletion, deletion_id)).customer_ids
        talks = await lock(uow, customers)
        made = await uow.session.get_one(Deletion, deletion_id, with_for_update=True, populate_existing=True)
        if made.state != DUE:
            return made
        swept = await sweep.blank(uow, places, told)
        await _conclude(services, uow, made)
        withdrawn = await consents.withdraw(uow, customers)
        counts = await erase(services, uow, customers)
        made.counts = {**counts, **({"elsewhere": swept} if swept else {}), "consents": withdrawn}
        made.state, made.done_at = DONE, uow.now
        audit.note(uow, made.asked_by, "person_erased", made.number, counts=made.counts)
        for talk in talks:
            uow.announce("conversation", conversation_id=talk.id)
        await uow.commit()
    log.info("person_erased", deletion=made.id, **made.counts)
    return made


async def _conclude(services: Services, uow: UnitOfWork, made: Deletion) -> None:
    """The request is settled by what was asked for."""
    ticket = await uow.session.get(Ticket, made.number, with_for_update=True)
    for action in STEPS.get(Status(ticket.status), ()) if ticket else ():
        assert ticket is not None
        note = services.wording.render("person_erased_note") if action is Action.CONCLUDE else None
        await apply_step(services, uow, ticket, Step(action, note=note), made.asked_by)


# ---------------------------------------------------------------- after a restore


async def apply_deletions(services: Services, file: Path | None = None) -> int:
    """Erase again whoever was erased before, and is back: after an older backup was put in place.

    `file`: a list from elsewhere; else the one in `HELPDESK_VAR_DIR`. Returns how many deletions were done anew. It is
    called at every start and may be called at any time; what this database knows to be done is passed over.
    """
    again = [
        one for one in list_file.read(file or list_file.path_of(services.settings)) if await _is_back(services, one)
    ]
    for one in again:
        await carry_out(services, one.id)
    if again:
        log.warning("deletions_applied_again", count=len(again))
    return len(again)


async def _is_back(services: Services, one: Listed) -> bool:
    """Make sure that this database has the deletion, waiting to be done; whether there is anything to do."""
    at = datetime.fromisoformat(one.at)
    async with services.db.write() as uow:
        row = await uow.session.get(Deletion, one.id, with_for_update=True)
        theirs = select(Customer.id).where(Customer.id.in_(one.customers))
        known_here = list((await uow.session.scalars(theirs)).all())
        if (row is not None and row.state == DONE) or not known_here:
            return False
        if row is None:
            row = Deletion(id=one.id, number=one.number, asked_by=one.by, asked_at=at)
            uow.session.add(row)
        row.customer_ids, row.state, row.erase_at, row.done_at = known_here, DUE, at, None
        await uow.commit()
    return True
