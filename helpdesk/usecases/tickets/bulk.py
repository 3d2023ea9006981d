"""The same done to many tickets: each by itself, by the rules it has alone, so that a refused one stops no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.errors import HelpdeskError, InvalidInput
from helpdesk.model.ticket import Action
from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.usecases.tickets import pass_on, work
from helpdesk.usecases.tickets.step import Step
from helpdesk.usecases.tickets.transitions import transition

MOST = 100

Deed = Callable[[str], Awaitable[object]]


class Many(StrEnum):
    """What may be done to many at once: nothing that needs the customer's words or a result."""

    OWNER = "owner"
    ACCEPT = "accept"
    NOTE = "note"


@dataclass(frozen=True)
class Wish:
    """`to`: the new owner; `note`: the remark, or why it is handed on."""

    action: Many
    to: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one; `code` and `refused` say why it was left as it is."""

    number: str
    code: str | None = None
    refused: str | None = None


async def change(services: Services, numbers: Sequence[str], wish: Wish, by: Staff) -> list[Outcome]:
    """One after the other, in their order, each ticket once.

    Raises:
        InvalidInput: none or too many are named, or what the deed needs is missing.
    """
    chosen = list(dict.fromkeys(number.upper() for number in numbers))
    if not 0 < len(chosen) <= MOST:
        raise InvalidInput("tickets_too_many", field="numbers", limit=MOST)
    deed = _deed(services, wish, by)
    return [await _tried(services, number, deed) for number in chosen]


def _deed(services: Services, wish: Wish, by: Staff) -> Deed:
    if wish.action == Many.OWNER:
        to = _needed(wish.to, "to")
        return lambda number: pass_on.hand_on(services, number, to, wish.note, by)
    if wish.action == Many.NOTE:
        note = _needed(wish.note, "note")
        return lambda number: work.note_ticket(services, number, note, by)
    return lambda number: transition(services, number, Step(Action.ACCEPT, note=wish.note), by)


def _needed(value: str | None, field: str) -> str:
    if not value:
        raise InvalidInput("fields_missing", field=field, fields=[field])
    return value


async def _tried(services: Services, number: str, deed: Deed) -> Outcome:
    try:
        await deed(number)
    except HelpdeskError as refusal:
        return Outcome(number, refusal.code, services.wording.refusal(refusal))
    return Outcome(number)
