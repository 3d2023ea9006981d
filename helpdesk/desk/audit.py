"""The audit, read by administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from helpdesk.desk import views
from helpdesk.desk.access import Filter, Given, Who
from helpdesk.model.rights import Deed
from helpdesk.text.masking import mask_fields
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.journal.audit_lines import Sought, lines
from helpdesk.usecases.people.rights import require_in_house

LARGEST_ID = 2**31 - 1

router = APIRouter(tags=["audit"])


class AuditView(views.View):
    """A line: who (`staff:<id>`, customer, bot or system) did what to what; personal values of `detail` masked."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] | None


@router.get("/audit")
async def audit(
    services: Given,
    who: Who,
    actor: Filter = None,
    action: Filter = None,
    subject: Filter = None,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[AuditView]:
    """The newest lines first; the next page begins `before` the last id of this one."""
    require_in_house(who.staff, Deed.READ_AUDIT)
    sought = Sought(_text(actor), _text(action), _text(subject), before)
    async with services.db.read() as uow:
        found = await lines(uow.session, sought, limit)
    personal = services.company.personal
    return [
        AuditView(
            id=one.id,
            at=one.at,
            actor=one.actor,
            action=one.action,
            subject=one.subject,
            detail=mask_fields(one.detail, personal) if one.detail else None,
        )
        for one in found
    ]


def _text(value: str | None) -> str | None:
    return clean(value) if value else None
