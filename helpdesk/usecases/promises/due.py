"""How urgent a matter is, who gets it and by when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk.company import Clock, Company
from helpdesk.model.matter import Matter
from helpdesk.model.ticket import VISITS, Kind
from helpdesk.model.urgency import Urgency, highest
from helpdesk.services import Services
from zhtext.normalise import fold
from zhtext.values import times
from zhtext.values.days import Bias

DUTY_LINE = "duty"
CALL_BACK_KINDS = frozenset({Kind.CALLBACK, Kind.OFFLINE_MESSAGE})
CLOCKS: dict[Urgency, Clock] = {Urgency.SAFETY: "safety", Urgency.URGENT: "urgent"}


@dataclass(frozen=True)
class Assessment:
    """What follows from a matter; a due time is None where nothing is promised."""

    urgency: Urgency
    department: str
    first_contact_due: datetime | None
    result_due: datetime | None

    @property
    def promised_at(self) -> datetime | None:
        """The date the customer is told: of the result, or of the call."""
        return self.result_due or self.first_contact_due


def assess(services: Services, matter: Matter, now: datetime) -> Assessment:
    """Urgency, department and due times of a matter registered at `now`."""
    urgency = urgency_of(services.company, matter)
    first, result = due_times(services, matter.kind, urgency, now)
    result = _not_before_visit(services, matter, result, now)
    return Assessment(urgency, department_of(services.company, matter, urgency), first, result)


def _not_before_visit(services: Services, matter: Matter, result: datetime | None, now: datetime) -> datetime | None:
    """Nothing is promised to be done before the day on which the customer wishes for somebody to come."""
    wished = matter.known("visit_time") if matter.kind in VISITS else None
    if result is None or wished is None:
        return result
    told = times.read(fold(wished), now.astimezone(services.calendar.zone), Bias.FUTURE, asked=True)
    days = [moment.days.last for moment in told if moment.days is not None]
    return max(result, services.calendar.end_of(max(days))) if days else result


def urgency_of(company: Company, matter: Matter) -> Urgency:
    """The highest of what was said, what the category is, and what the words betray."""
    found = [matter.hint]
    if matter.is_dangerous:
        found.append(Urgency.SAFETY)
    if matter.kind is Kind.COMPLAINT:
        signs = company.urgency.detect(matter.text)
        clock = company.clock_of(matter.kind, matter.category, signs)
        found.append(Urgency(clock) if clock in set(Urgency) else Urgency.NORMAL)
    return highest(*found)


def department_of(company: Company, matter: Matter, urgency: Urgency) -> str:
    """A safety matter goes to the duty line, whatever it is about."""
    if urgency is Urgency.SAFETY and DUTY_LINE in company.departments:
        return DUTY_LINE
    return company.department_of(matter.kind, matter.category)


def clock_of(company: Company, kind: Kind, urgency: Urgency) -> Clock:
    """What a ticket of this kind and urgency is measured by."""
    return CLOCKS.get(urgency, company.kinds[kind].clock)


def due_times(
    services: Services, kind: Kind, urgency: Urgency, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """(first contact, result) of service standard C3; a call-back counts service hours, the others days."""
    limits = services.company.limits
    if kind is Kind.INTERNAL:
        limits = limits.model_copy(update={"urgent_working_days": limits.internal_working_days})
    due = services.calendar.due_times(clock_of(services.company, kind, urgency), now, limits)
    first = due.first_contact.at if due.first_contact else None
    if kind in CALL_BACK_KINDS and urgency is Urgency.NORMAL:
        first = services.calendar.after_open_time(now, limits.callback_open_minutes) or first
    return first, due.result.at if due.result else None
