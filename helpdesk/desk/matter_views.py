"""What belongs to a ticket beside its own row: letters, compensations, the investigation group, pauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from helpdesk.model.compensation import format_yuan
from helpdesk.store.tables import Compensation, Investigator, Letter, Staff, TicketPause
from helpdesk.text.masking import mask_name, mask_text


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


def letter_view(letter: Letter, delivery: str | None, hidden_name: str | None) -> LetterView:
    """A letter; `hidden_name`: the customer's, for who is not in charge."""
    text = letter.text
    if hidden_name is not None:
        text = mask_text(text.replace(hidden_name, mask_name(hidden_name)) if hidden_name else text)
    return LetterView(
        id=letter.id,
        kind=letter.kind,
        round=letter.round,
        text=text,
        written_by=letter.written_by,
        written_at=letter.written_at,
        send_at=letter.send_at,
        sent_at=letter.sent_at,
        voided_at=letter.voided_at,
        delivery=delivery,
    )


def compensation_view(found: Compensation) -> CompensationView:
    """A compensation as colleagues see it."""
    return CompensationView(
        id=found.id,
        form=found.form,
        amount=format_yuan(found.cents),
        text=found.text,
        reason=found.reason,
        state=found.state,
        proposed_by=found.proposed_by,
        proposed_at=found.proposed_at,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        answered_at=found.answered_at,
    )


def investigator_views(group: Sequence[tuple[Investigator, Staff]]) -> list[InvestigatorView]:
    """The group, each with the department they came from."""
    return [
        InvestigatorView(staff_id=staff.id, name=staff.name, department=member.department) for member, staff in group
    ]


def pause_view(pause: TicketPause) -> PauseView:
    """A pause."""
    return PauseView(since=pause.since, until=pause.until, reason=pause.reason)
