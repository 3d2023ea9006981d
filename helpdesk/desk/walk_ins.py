"""What came by telephone, at the counter, by letter or by mail; and letters to be printed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from helpdesk.couriers.paper import set_sheet, sheet_of
from helpdesk.desk import views
from helpdesk.desk.access import Clean, Filled, Given, Id, Who
from helpdesk.desk.matters import RegisteredView
from helpdesk.model.notice import Way
from helpdesk.text.masking import mask_name
from helpdesk.usecases.letters.letters import to_print
from helpdesk.usecases.tickets import walk_in

router = APIRouter(tags=["walk-ins"])


class Phone(BaseModel):
    """Whose caller is looked for; in a body, for addresses end up in logs."""

    phone: Filled = Field(max_length=64)


class MatterOfView(views.View):
    """A matter that the caller has with us."""

    number: str
    kind_title: str
    status_title: str


class CallerView(views.View):
    """Who is known under the number; enough of the name to recognise it, for the caller says it themselves."""

    customer_id: str
    name: str | None
    tier: str
    reach_by: str | None
    tickets: list[MatterOfView]


class WalkIn(BaseModel):
    """What was taken down. `client_id` makes sending it again harmless."""

    source: walk_in.Source
    kind: Filled = Field(max_length=32)
    category: Clean | None = Field(None, max_length=64)
    fields: dict[str, Any] = Field(default_factory=dict, max_length=60)
    customer_id: Clean | None = Field(None, max_length=32)
    reach_by: Way | None = None
    client_id: Filled | None = Field(None, max_length=64)


@router.post("/callers")
async def callers(body: Phone, services: Given, who: Who) -> list[CallerView]:
    """Who is known under a number; the look is recorded."""
    return [
        CallerView(
            customer_id=one.customer.id,
            name=mask_name(one.customer.name) if one.customer.name else None,
            tier=one.customer.tier,
            reach_by=one.customer.reach_by,
            tickets=[
                MatterOfView(
                    number=ticket.number,
                    kind_title=services.wording.render(f"kind_{ticket.kind}"),
                    status_title=services.wording.render(f"status_{ticket.status}"),
                )
                for ticket in one.tickets
            ],
        )
        for one in await walk_in.callers(services, body.phone, who.staff)
    ]


@router.post("/walk-ins", status_code=201)
async def register(body: WalkIn, services: Given, who: Who) -> RegisteredView:
    """Register a matter that came outside the chat; the acknowledgement goes by short message or mail."""
    given = walk_in.WalkIn(**dict(body))
    registered = await walk_in.take_down(services, given, who.staff)
    return RegisteredView(**registered.as_result())


@router.get("/letters/{letter_id}/pdf", response_class=Response)
async def printed(letter_id: Id, services: Given, who: Who) -> Response:
    """A letter to be printed and handed over; who printed it is recorded."""
    letter = await to_print(services, letter_id, who.staff)
    title = services.wording.render(f"letter_title_{letter.kind}")
    sheet = await set_sheet(sheet_of(services, title, letter.text))
    headers = {"Content-Disposition": "inline", "Cache-Control": "no-store"}
    return Response(sheet, media_type="application/pdf", headers=headers)
