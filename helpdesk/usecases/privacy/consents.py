"""Which privacy notice a customer was told before they told us anything, word for word, and when they took it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.model.personal import PRIVACY_NOTICE
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Base, Consent, Conversation, PrivacyText, new_id


async def note_told(services: Services, uow: UnitOfWork, conversation: Conversation, says: Sequence[Say]) -> None:
    """Keep that the notice is among what is said in this turn; the same version is kept once a customer."""
    company = services.company
    versions = {str((one.custom or {}).get("version")) for one in says if _is_notice(one)}
    if company.privacy_version not in versions:
        return
    text = {"version": company.privacy_version, "text": company.privacy_notice, "first_told_at": uow.now}
    await _once(uow, PrivacyText, text)
    told = {"customer_id": conversation.customer_id, "conversation_id": conversation.id, "at": uow.now}
    await _once(uow, Consent, {"id": new_id(), "version": company.privacy_version, **told})


def _is_notice(one: Say) -> bool:
    return (one.custom or {}).get("kind") == PRIVACY_NOTICE


async def _once(uow: UnitOfWork, table: type[Base], values: dict[str, Any]) -> None:
    is_sqlite = uow.session.get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if is_sqlite else postgresql.insert)(table)
    await uow.session.execute(insert.values(**values).on_conflict_do_nothing())


async def withdraw(uow: UnitOfWork, customers: Sequence[str]) -> int:
    """These customers take back what they agreed to; how many notices that concerns."""
    theirs = (Consent.customer_id.in_(customers), Consent.withdrawn_at.is_(None))
    count = await uow.session.scalar(select(func.count()).select_from(Consent).where(*theirs))
    await uow.session.execute(
        update(Consent).where(*theirs).values(withdrawn_at=uow.now), execution_options={"synchronize_session": False}
    )
    return int(count or 0)
