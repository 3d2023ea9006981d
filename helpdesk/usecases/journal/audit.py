"""Who did or looked at what; written in the unit of work of the deed itself."""

from __future__ import annotations

from typing import Any

from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Audit

BOT = "bot"
CUSTOMER = "customer"
SYSTEM = "system"


def by_staff(staff_id: str) -> str:
    """The actor's name of a member of staff."""
    return f"staff:{staff_id}"


def note(uow: UnitOfWork, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Add one line to the audit; it is kept only if the deed is."""
    uow.session.add(Audit(at=uow.now, actor=actor, action=action, subject=subject, detail=detail or None))
