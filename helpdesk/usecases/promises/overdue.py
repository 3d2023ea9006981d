"""Which ticket is overdue: it runs, and a date of its clocks has passed undone.

While its customer is waited for, the date of its result does not count. One rule, for a ticket in hand and for a query.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_

from helpdesk.model.ticket import Status
from helpdesk.store.tables import Ticket, TicketPause

RUNNING = (Status.REGISTERED, Status.ACCEPTED, Status.INVESTIGATING)
"""Statuses in which a ticket's clocks run."""


def missed(ticket: Ticket, now: datetime, *, paused: bool = False) -> datetime | None:
    """The first of a running ticket's dates that has passed undone."""
    dates = [ticket.first_contact_due if ticket.first_contact_at is None else None]
    dates.append(None if paused else ticket.result_due)
    return min((due for due in dates if due is not None and due < now), default=None)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Whether a ticket of the query is overdue."""
    late_contact = and_(Ticket.first_contact_at.is_(None), Ticket.first_contact_due < now)
    late_result = and_(Ticket.result_due < now, ~is_paused())
    return and_(Ticket.status.in_(RUNNING), or_(late_contact, late_result))


def is_paused() -> ColumnElement[bool]:
    """Whether a ticket of the query waits for its customer."""
    return exists().where(TicketPause.number == Ticket.number, TicketPause.until.is_(None))
