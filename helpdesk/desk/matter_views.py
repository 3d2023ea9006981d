"""What belongs to a ticket beside its own row: letters, compensations, the investigation group, pauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime

from pydantic import BaseModel

from helpdesk.model.compensation import format_yuan
from helpdesk.model.rights import Deed, Part, may
from helpdesk.store.tables import Compensation, Investigator, Letter, Notice, Staff, TicketPause


class NoticeView(BaseModel):
    """A letter's way to its customer: the last way that was tried, and the one by which it was received."""

    state: str
    way: str | None
    received_at: datetime | None
    received_by: str | None


class LetterView(BaseModel):
    """A letter as it was written; `sent_at` is empty while it waits for the morning, or has nobody to go to."""

    id: str
    kind: str
    round: int
    text: str
    written_by: str
    written_at: datetime
    send_at: datetime
    sent_at: datetime | None
    voided_at: datetime | None
    delivery: str | None = None
    notice: NoticeView | None = None


class CompensationView(BaseModel):
    """What was proposed for a loss, and what came of it; `amount` in yuan."""

    id: str
    form: str
    amount: str
    text: str
    reason: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answered_at: datetime | None
    may: list[Deed]


class InvestigatorView(BaseModel):
    """A member of the investigation group."""

    staff_id: str
    name: str
    department: str


class PauseView(BaseModel):
    """A span in which the ticket waited for its customer; without end while it still does."""

    since: datetime
    until: datetime | None
    reason: str | None


def notice_view(notice: Notice) -> NoticeView:
    """How far a letter has come beyond the chat."""
    return NoticeView(
        state=notice.state, way=notice.way, received_at=notice.received_at, received_by=notice.received_by
    )


def letter_view(
    letter: Letter, delivery: str | None, hide: Callable[[str], str], notice: Notice | None = None
) -> LetterView:
    """A letter, with `hide` over its words."""
    return LetterView(
        id=letter.id,
        kind=letter.kind,
        round=letter.round,
        text=hide(letter.text),
        written_by=letter.written_by,
        written_at=letter.written_at,
        send_at=letter.send_at,
        sent_at=letter.sent_at,
        voided_at=letter.voided_at,
        delivery=delivery,
        notice=notice_view(notice) if notice else None,
    )


def compensation_view(found: Compensation, hide: Callable[[str], str], parts: Set[Part]) -> CompensationView:
    """A compensation as a colleague sees it who is `parts` to it."""
    return CompensationView(
        id=found.id,
        form=found.form,
        amount=format_yuan(found.cents),
        text=hide(found.text),
        reason=hide(found.reason),
        state=found.state,
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        answered_at=found.answered_at,
        may=[deed for deed in (Deed.APPROVE, Deed.REJECT, Deed.NOTE_ANSWER) if may(deed, parts)],
    )


def investigator_views(group: Sequence[tuple[Investigator, Staff]]) -> list[InvestigatorView]:
    """The group, each with the department they came from."""
    return [
        InvestigatorView(staff_id=staff.id, name=staff.name, department=member.department) for member, staff in group
    ]


def pause_view(pause: TicketPause, hide: Callable[[str], str]) -> PauseView:
    """A pause."""
    return PauseView(since=pause.since, until=pause.until, reason=hide(pause.reason) if pause.reason else None)
