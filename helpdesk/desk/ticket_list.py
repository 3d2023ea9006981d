"""The list of tickets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from helpdesk.desk import views
from helpdesk.desk.access import Filter, Given, Who, parse_flag
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.tickets import list as ticket_list

TOTAL = "X-Total-Count"

router = APIRouter(tags=["tickets"])


class TicketRow(views.TicketView):
    """A ticket in the list; `paused` while it waits for its customer."""

    paused: bool


def _text(value: str | None) -> str | None:
    return clean(value) if value else None


@router.get("/tickets")
async def listed(
    services: Given,
    who: Who,
    response: Response,
    status: Filter = None,
    kind: Filter = None,
    q: Filter = None,
    sender: Filter = None,
    department: Filter = None,
    mine: Filter = None,
    overdue: Filter = None,
    order: Filter = None,
    cursor: Filter = None,
    limit: Annotated[int, Query(ge=1, le=ticket_list.LARGEST)] = ticket_list.PAGE,
) -> list[TicketRow]:
    """Tickets, the newest first or by `order=due`; `status` and `kind` may name several, separated by commas.

    The next page begins after `cursor`, the last number of this one; the first says how many there are in all.
    """
    async with services.db.read() as uow:
        seen = await ticket_list.look(uow.session, who.staff, services.company, _text(q))
    wanted = ticket_list.Wanted(
        status=_text(status),
        kind=_text(kind),
        text=_text(q),
        sender=_text(sender),
        department=_text(department),
        owner_id=who.staff.id if parse_flag(mine) else None,
        overdue_at=services.clock.now() if parse_flag(overdue) else None,
        seen=seen,
    )
    sorted_by = ticket_list.parse_order(_text(order))
    async with services.db.read(much=True) as uow:
        rows = await ticket_list.page(uow.session, wanted, order=sorted_by, after=_text(cursor), limit=limit)
        if not cursor:
            response.headers[TOTAL] = str(await ticket_list.count(uow.session, wanted, sorted_by))
    return [
        TicketRow(**views.ticket_values(services, ticket, owner, who.staff), paused=paused)
        for ticket, owner, paused in rows
    ]
