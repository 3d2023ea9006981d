"""The list of tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Given, InQuery, Who, parse_flag
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.tickets import list as ticket_list

TOTAL = "X-Total-Count"

router = APIRouter(tags=["tickets"])


class TicketRow(views.TicketView):
    """A ticket in the list; `paused` while it waits for its customer."""

    paused: bool


class TicketQuery(BaseModel):
    """Which tickets are asked for: `status` and `kind` may name several, separated by commas."""

    status: InQuery = None
    kind: InQuery = None
    q: InQuery = None
    sender: InQuery = None
    department: InQuery = None
    mine: InQuery = None
    overdue: InQuery = None
    order: InQuery = None
    cursor: InQuery = None
    limit: int = Field(ticket_list.PAGE, ge=1, le=ticket_list.LARGEST)

    def wanted(self, staff_id: str, now: datetime) -> ticket_list.Wanted:
        """What the list is to hold for this person."""
        return ticket_list.Wanted(
            status=_text(self.status),
            kind=_text(self.kind),
            sender=_text(self.sender),
            department=_text(self.department),
            owner_id=staff_id if parse_flag(self.mine) else None,
            overdue_at=now if parse_flag(self.overdue) else None,
        )


def _text(value: str | None) -> str | None:
    return clean(value) if value else None


@router.get("/tickets")
async def listed(
    services: Given, who: Who, response: Response, asked: Annotated[TicketQuery, Query()]
) -> list[TicketRow]:
    """Tickets, the newest first or by `order=due`; `status` and `kind` may name several, separated by commas.

    The next page begins after `cursor`, the last number of this one; the first says how many there are in all.
    """
    wanted = asked.wanted(who.staff.id, services.clock.now())
    sorted_by, after = ticket_list.parse_order(_text(asked.order)), _text(asked.cursor)
    async with services.db.read(much=True) as uow:
        if text := _text(asked.q):
            wanted = replace(
                wanted, numbers=await ticket_list.find(uow.session, who.staff, services.company, wanted, text)
            )
        rows = await ticket_list.page(uow.session, wanted, order=sorted_by, after=after, limit=asked.limit)
        if not asked.cursor:
            response.headers[TOTAL] = str(await ticket_list.count(uow.session, wanted, sorted_by))
    return [
        TicketRow(**views.ticket_values(services, ticket, owner, who.staff), paused=paused)
        for ticket, owner, paused in rows
    ]
