"""Orders, parcels and progress beside a conversation, from the company's own systems."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter

from helpdesk.desk.access import Given, Id, Who
from helpdesk.desk.views import View
from helpdesk.errors import NotAllowed
from helpdesk.services import Services
from helpdesk.store.tables import Ticket
from helpdesk.usecases.people import rights
from helpdesk.usecases.queue import lookup
from helpdesk.usecases.queue.order_lookup import OrderSheet, of_conversation

router = APIRouter(tags=["conversations"])


class ParcelView(View):
    """A parcel; `state_title` is what customers read."""

    waybill: str
    carrier: str
    state_title: str
    seen_at: datetime | None
    place: str
    expected: date | None


class ProgressView(View):
    """How far a refund, an invoice or a repair is."""

    kind_title: str
    state_title: str
    since: date
    expected: date | None


class OrderView(View):
    """One order. `answers` false: the system does not; `is_old`: it does not now, and this is what it said at `at`."""

    number: str
    answers: bool
    found: bool
    state_title: str | None
    state_since: date | None
    expected: date | None
    products: list[str]
    can_cancel: bool | None
    parcels: list[ParcelView]
    progress: list[ProgressView]
    at: datetime | None
    is_old: bool


@router.get("/conversations/{conversation_id}/orders")
async def orders(conversation_id: Id, services: Given, who: Who) -> list[OrderView]:
    """The order spoken of and those of a known customer; for who may see the customer's data."""
    async with services.db.read() as uow:
        found, _, customer = await lookup.conversation(uow.session, conversation_id)
        accusers = await rights.accusers(uow.session, who.staff, Ticket.customer_id == found.customer_id)
    if not rights.sees_talk(found, who.staff, accusers):
        raise NotAllowed("orders_by_server")
    return [order_view(services, sheet) for sheet in await of_conversation(services, found, customer)]


def order_view(services: Services, sheet: OrderSheet) -> OrderView:
    """One order as staff read it."""
    order, say = sheet.order, services.wording.render
    return OrderView(
        number=sheet.number,
        answers=sheet.answers,
        found=order is not None,
        state_title=say(f"order_{order.state}") if order else None,
        state_since=order.state_since if order else None,
        expected=order.expected if order else None,
        products=list(order.products) if order else [],
        can_cancel=order.can_cancel if order else None,
        parcels=[
            ParcelView(
                waybill=one.waybill,
                carrier=one.carrier,
                state_title=say(f"parcel_{one.state}"),
                seen_at=one.seen_at,
                place=one.place,
                expected=one.expected,
            )
            for one in sheet.parcels
        ],
        progress=[
            ProgressView(
                kind_title=say(f"progress_of_{one.kind}"),
                state_title=say(f"progress_{one.state}"),
                since=one.since,
                expected=one.expected,
            )
            for one in sheet.progress
        ],
        at=sheet.at,
        is_old=sheet.is_old,
    )
