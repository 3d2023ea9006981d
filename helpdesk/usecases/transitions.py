"""A ticket moves: by the table, with what each move needs, written down, and told to the customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.errors import Conflict, InvalidInput, NotAllowed, NotFound
from helpdesk.model.matter import Matter
from helpdesk.model.promise import PromiseKind
from helpdesk.model.say import Choice, Say
from helpdesk.model.ticket import NEEDS_NOTE, SUPERVISOR_ONLY, Action, Kind, Status, after, next_level, require_fields
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Staff, Ticket
from helpdesk.usecases import audit, promises
from helpdesk.usecases.assess import CALL_BACK_KINDS, due_times
from helpdesk.usecases.duty import choose_owner
from helpdesk.usecases.promises import due_words
from helpdesk.usecases.speak import say
from helpdesk.usecases.tickets import add_event, lock_ticket, promise_dates, touch

SUPERVISOR = "supervisor"
CONTENT = "satisfy_ticket"
"""The press with which a customer accepts a result."""
DONE_BY_ANSWER = frozenset({PromiseKind.FIRST_CONTACT, PromiseKind.CALLBACK, PromiseKind.RESULT})
TOLD = {
    Action.ACCEPT: "ticket_accepted",
    Action.INVESTIGATE: "ticket_investigating",
    Action.ANSWER: "ticket_answered",
    Action.SATISFY: "ticket_satisfied",
    Action.REINVESTIGATE: "ticket_reinvestigating",
    Action.CONCLUDE: "ticket_concluded",
    Action.WITHDRAW: "ticket_withdrawn",
    Action.RESUME: "ticket_resumed",
}


@dataclass(frozen=True)
class Step:
    """One move somebody asks for. `version`: the one they saw, so that two cannot overwrite each other."""

    action: Action
    note: str | None = None
    cause: str | None = None
    corrective_action: str | None = None
    version: int | None = None
    to: str | None = None

    @property
    def detail(self) -> dict[str, Any] | None:
        """What the timeline keeps besides the note."""
        kept = {"cause": self.cause, "corrective_action": self.corrective_action, "to": self.to}
        return {name: value for name, value in kept.items() if value} or None


def parse_action(name: str) -> Action:
    """Read an action's name.

    Raises:
        InvalidInput: there is no such action.
    """
    if name not in set(Action):
        raise InvalidInput(f"no action {name!r}", actions=[str(action) for action in Action])
    return Action(name)


async def transition(services: Services, number: str, step: Step, by: Staff) -> Ticket:
    """Staff moves a ticket; the customer is told in their conversation.

    Raises:
        NotFound, MoveRefused, InvalidInput (a reason, cause or corrective action is missing), NotAllowed
        (supervisors only), Conflict (somebody changed the ticket meanwhile).
    """
    now = services.clock.now()
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        if step.version is not None and step.version != ticket.version:
            raise Conflict("工单已被同事更新，请刷新后再操作", version=ticket.version)
        _check(ticket, step, by)
        await apply_step(services, uow, ticket, step, audit.by_staff(by.id), now)
        await _tell(services, uow, ticket, step, now)
        await uow.commit()
    return ticket


async def locked_ticket(uow: UnitOfWork, number: str) -> Ticket:
    """The conversation first, then the ticket: the same order as at a turn's end, so nobody waits in a circle."""
    ticket = await uow.session.get(Ticket, number)
    if ticket is None:
        raise NotFound(f"no ticket {number}")
    if ticket.conversation_id:
        await lock_conversation(uow.session, ticket.conversation_id)
    return await lock_ticket(uow, number)


def _check(ticket: Ticket, step: Step, by: Staff) -> None:
    after(Status(ticket.status), step.action)
    if step.action in SUPERVISOR_ONLY and by.role != SUPERVISOR:
        raise NotAllowed("只有主管可以终结工单")
    required = []
    if step.action in NEEDS_NOTE:
        required.append("note")
    if step.action is Action.ANSWER and ticket.kind == Kind.COMPLAINT:
        required += ["cause", "corrective_action"]
    require_fields(required, {"note": step.note, "cause": step.cause, "corrective_action": step.corrective_action})


async def apply_step(
    services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, actor: str, now: datetime
) -> None:
    """Move a locked ticket, with all that follows from it: clocks, owner, promises, timeline.

    Raises:
        MoveRefused: the table has no such move.
    """
    before = ticket.status
    ticket.status = after(Status(before), step.action)
    if step.action in FOLLOWS:
        await FOLLOWS[step.action](services, uow, ticket, step, now)
    add_event(
        uow, ticket, step.action, actor, now, from_status=before, to_status=ticket.status, note=step.note,
        detail=step.detail,
    )  # fmt: skip
    touch(uow, ticket, now)


Follow = Callable[[Services, UnitOfWork, Ticket, Step, datetime], Awaitable[None]]


async def _accepted(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> None:
    """The customer hears who is in charge: that is the first contact. A call-back is only kept by a call."""
    if ticket.kind not in CALL_BACK_KINDS:
        await contacted(uow, ticket, now, {PromiseKind.FIRST_CONTACT})


async def contacted(uow: UnitOfWork, ticket: Ticket, now: datetime, kinds: set[PromiseKind]) -> None:
    """The customer was reached: the first time stops that clock."""
    ticket.first_contact_at = ticket.first_contact_at or now
    await promises.settle(uow, ticket, kinds, now)


async def _answered(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> None:
    ticket.answered_at = now
    ticket.first_contact_at = ticket.first_contact_at or now
    await promises.settle(uow, ticket, DONE_BY_ANSWER, now)


async def _closed(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> None:
    ticket.closed_at = now
    await promises.cancel(uow, ticket, now)


async def _again(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> None:
    """One round more, one level up, another handler, new dates (C6)."""
    ticket.round += 1
    ticket.level = next_level(ticket.level)
    ticket.department = services.company.departments[ticket.department].escalates_to
    owner = await _other_owner(services, uow, ticket, step, now)
    ticket.owner_id = owner.id
    await _new_dates(services, uow, ticket, now)


async def _other_owner(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> Staff:
    if step.to is not None and step.to != ticket.owner_id:
        return await active_staff(uow, step.to)
    matter = Matter(Kind(ticket.kind), ticket.fields, ticket.category)
    return await choose_owner(services, uow, matter, ticket.department, now, not_these={ticket.owner_id})


async def active_staff(uow: UnitOfWork, staff_id: str) -> Staff:
    """A colleague who can be given something.

    Raises:
        InvalidInput: there is no such active member of staff.
    """
    found = await uow.session.get(Staff, staff_id)
    if found is None or not found.active:
        raise InvalidInput(f"没有这位同事：{staff_id}", to=staff_id)
    return found


async def _resumed(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> None:
    ticket.closed_at = None
    await _new_dates(services, uow, ticket, now)


async def _new_dates(services: Services, uow: UnitOfWork, ticket: Ticket, now: datetime) -> None:
    ticket.answered_at = None
    first, last = due_times(services, Kind(ticket.kind), Urgency(ticket.urgency), now)
    ticket.result_due = last
    ticket.first_contact_due = ticket.first_contact_due if ticket.first_contact_at else first
    await uow.session.flush()
    promise_dates(services, uow, ticket, audit.SYSTEM, now, first_again=ticket.first_contact_at is None)


FOLLOWS: Mapping[Action, Follow] = {
    Action.ACCEPT: _accepted,
    Action.ANSWER: _answered,
    Action.SATISFY: _closed,
    Action.CONCLUDE: _closed,
    Action.WITHDRAW: _closed,
    Action.REINVESTIGATE: _again,
    Action.RESUME: _resumed,
}


async def _tell(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step, now: datetime) -> None:
    if ticket.conversation_id is None or ticket.kind == Kind.INTERNAL:
        return
    conversation = await lock_conversation(uow.session, ticket.conversation_id)
    told = await progress(services, uow, ticket, step)
    await say(uow, conversation, [told], answers=None, in_reply_to=[], now=now)


async def progress(services: Services, uow: UnitOfWork, ticket: Ticket, step: Step) -> Say:
    """What the customer is told of a move (C5)."""
    owner = await uow.session.get_one(Staff, ticket.owner_id)
    key = TOLD[step.action]
    known = {
        "number": ticket.number,
        "kind": services.wording.render(f"kind_{ticket.kind}"),
        "owner": services.wording.render("staff_title", name=owner.name, number=owner.number),
        "due": _promised(services, ticket),
        "round": ticket.round,
        "note": _sentence(step.note),
    }
    fields = {name: known[name] for name in services.wording.fields_of(key)}
    text = services.wording.render(key, variant_seed=f"{ticket.number}:{ticket.version}", **fields)
    choices = opinion_choices(services, ticket) if step.action is Action.ANSWER else ()
    return Say(
        text, buttons=choices, custom={"kind": "ticket_status", "number": ticket.number, "status": ticket.status}
    )


def opinion_choices(services: Services, ticket: Ticket) -> tuple[Choice, Choice]:
    """The customer is asked what they think of the result (C6): content closes it, else the bot hears them out."""
    content, discontent = (services.wording.render(key) for key in ("press_content", "press_discontent"))
    dispute = {"intent": "dispute_result", "entities": {"ticket": ticket.number}, "title": discontent}
    return (
        Choice(content, {"service": CONTENT, "number": ticket.number}),
        Choice(discontent, dispute),
    )


def _promised(services: Services, ticket: Ticket) -> str:
    due = ticket.result_due or ticket.first_contact_due or ticket.updated_at
    return due_words(services, due)


def _sentence(note: str | None) -> str:
    """A note that stands inside our own sentence ends like one."""
    text = (note or "").strip()
    return text if not text or text[-1] in "。！？!?." else f"{text}。"
