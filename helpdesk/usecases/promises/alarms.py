"""When something has to be done about an open promise: its owner warned, its customer told, the promise broken.

Pure reckoning over a promise, its ticket and the calendar; `timers/promises` acts on it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.model.promise import PromiseKind
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.tables import Promise, Ticket
from helpdesk.usecases.promises.promises import clock_of_ticket
from helpdesk.usecases.promises.warnings import lead

POSTPONED = frozenset({PromiseKind.RESULT, PromiseKind.CALLBACK, PromiseKind.STAFF})
"""A first contact is not postponed by a letter, which would be one: it is made, or missed and escalated."""


def remind_at(services: Services, promise: Promise) -> datetime:
    """When the owner is warned."""
    return promise.due_at - lead(services, promise)


def postpone_at(services: Services, promise: Promise, ticket: Ticket | None, now: datetime) -> datetime | None:
    """When the customer is told that it will be later, if it is not done by then; None for never.

    Some time before the promise is due, at a permitted hour: before the night it would fall into, else after it.
    A promise made too shortly before is kept or broken; the customer of an internal matter or a danger is not
    put off.
    """
    if promise.kind not in POSTPONED or _is_not_put_off(ticket):
        return None
    before = _notice(services, promise)
    if promise.due_at - promise.made_at < 2 * before:
        return None
    limits, calendar = services.company.limits, services.calendar
    at = calendar.last_permitted(promise.due_at - before, limits)
    if at <= promise.made_at:
        at = calendar.next_permitted(promise.due_at - before, limits)
    if at < now:
        at = calendar.next_permitted(now, limits)
    return at if at < promise.due_at else None


def _is_not_put_off(ticket: Ticket | None) -> bool:
    return ticket is not None and (ticket.urgency == Urgency.SAFETY or ticket.kind == Kind.INTERNAL)


def _notice(services: Services, promise: Promise) -> timedelta:
    limits = services.company.limits
    is_result = promise.kind == PromiseKind.RESULT
    return timedelta(minutes=limits.postpone_result_minutes if is_result else limits.postpone_call_minutes)


def later(services: Services, promise: Promise, ticket: Ticket | None) -> datetime | None:
    """The new date of a promise that is put off; None where the limits allow none."""
    limits, calendar = services.company.limits, services.calendar
    if promise.kind == PromiseKind.CALLBACK:
        return calendar.after_open_time(promise.due_at, limits.callback_open_minutes)
    if promise.kind == PromiseKind.RESULT and ticket is not None:
        due = calendar.later_result(promise.due_at, clock_of_ticket(services, ticket), promise.made_at, limits)
        return due.at if due else None
    local = promise.due_at.astimezone(calendar.zone)
    day = calendar.working_day_after(local.date(), limits.postpone_working_days)
    return datetime.combine(day, local.timetz())
