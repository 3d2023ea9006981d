"""What the company's own systems say of a customer's orders, for whoever serves them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.errors import NotAnswering
from helpdesk.model import dialogue
from helpdesk.model.shop import Order, Parcel, Progress
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Customer

MOST = 3
"""Orders that stand beside a conversation."""


@dataclass(frozen=True)
class OrderSheet:
    """One order; `order` is None where the system knows none or does not answer. `at`: when it said so."""

    number: str
    order: Order | None = None
    parcels: Sequence[Parcel] = ()
    progress: Sequence[Progress] = ()
    at: datetime | None = None
    is_old: bool = False
    answers: bool = True


async def of_conversation(services: Services, conversation: Conversation, customer: Customer) -> list[OrderSheet]:
    """The order spoken of, then the others of a customer who came with a signed identity."""
    spoken = dialogue.told(conversation.dialogue).get("order")
    numbers = [str(spoken)] if spoken and str(spoken).isdigit() else []
    numbers += await _own(services, customer)
    return await _sheets(services, numbers)


async def of_customer(services: Services, customer: Customer) -> list[OrderSheet]:
    """The orders of a customer who came with a signed identity; the company's systems know no other by name."""
    return await _sheets(services, await _own(services, customer))


async def _sheets(services: Services, numbers: Sequence[str]) -> list[OrderSheet]:
    return list(await asyncio.gather(*(sheet(services, number) for number in list(dict.fromkeys(numbers))[:MOST])))


async def _own(services: Services, customer: Customer) -> list[str]:
    if customer.user_id is None:
        return []
    try:
        return [order.number for order in (await services.shop.orders.of_customer(customer.user_id)).value]
    except NotAnswering:
        return []


async def sheet(services: Services, number: str) -> OrderSheet:
    """Everything about one order; whatever of it is not answered is left out, and said so."""
    orders = services.shop.orders
    try:
        told, parcels, progress = await asyncio.gather(
            orders.by_number(number), orders.parcels(number), orders.progress(number)
        )
    except NotAnswering:
        return OrderSheet(number, answers=False)
    is_old = told.is_old or parcels.is_old or progress.is_old
    return OrderSheet(number, told.value, parcels.value, progress.value, told.at, is_old)
