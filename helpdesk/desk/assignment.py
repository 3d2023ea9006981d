"""Offers of customers to whoever asks, and customers' tiers."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import AtWork, Clean, Filled, Given, Id, Who
from helpdesk.usecases.queue import offers as asking
from helpdesk.usecases.queue.tiers import set_tier

router = APIRouter(tags=["conversations"])


class Tier(BaseModel):
    """`normal` or `key`, and why."""

    tier: Clean = Field(max_length=16)
    reason: Filled = Field(max_length=200)


@router.get("/offers")
async def offers(services: Given, who: Who) -> list[views.OfferView]:
    """Whom I am asked to take now; 接入 (`claim`) accepts, `pass` does not."""
    async with services.db.read() as uow:
        found = await asking.open_offers(uow.session, who.staff.id)
    return [
        views.OfferView(conversation_id=key, why=one.why, offered_at=one.offered_at, until=one.until)
        for key, one in found.items()
    ]


@router.post("/conversations/{conversation_id}/pass", status_code=204)
async def pass_on(conversation_id: Id, services: Given, who: AtWork) -> None:
    """Let somebody else take a customer who is offered to me."""
    await asking.pass_on(services, conversation_id, who.staff)


@router.post("/customers/{customer_id}/tier")
async def tier(customer_id: Id, body: Tier, services: Given, who: Who) -> views.TierView:
    """Mark a key customer, or no longer."""
    customer = await set_tier(services, customer_id, body.tier, body.reason, who.staff)
    return views.TierView(customer_id=customer.id, tier=customer.tier)
