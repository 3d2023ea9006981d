"""What the company's own systems tell: orders, parcels, customers, prices; and the ports through which they are asked.

A system that does not answer, or answers what cannot be used, is `NotAnswering` (helpdesk/errors.py) for whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)

OrderState = Literal[
    "unpaid", "paid", "picking", "shipped", "delivered", "installed", "completed", "cancelled", "refunding",
    "refunded",
]  # fmt: skip
ParcelState = Literal["waiting", "collected", "moving", "delivering", "signed", "returned", "trouble"]
ProgressKind = Literal["refund", "invoice", "repair"]
ProgressState = Literal["accepted", "checking", "working", "done", "refused"]
Tier = Literal["normal", "key"]


@dataclass(frozen=True)
class Told(Generic[T_co]):
    """What a system said, and when. `is_old`: it does not answer now, and this is what it said last."""

    value: T_co
    at: datetime
    is_old: bool = False


@dataclass(frozen=True)
class Order:
    """An order as a chat may tell of it; `customer` and `phone_last4` prove whose it is and are never told."""

    number: str
    state: OrderState
    state_since: date
    expected: date | None = None
    products: tuple[str, ...] = ()
    can_cancel: bool | None = None
    """None: the system does not say, and the state decides."""
    customer: str | None = None
    """The buyer's id in the company's systems."""
    phone_last4: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far a refund, an invoice or a repair of an order is."""

    kind: ProgressKind
    state: ProgressState
    since: date
    expected: date | None = None


@dataclass(frozen=True)
class Parcel:
    """A parcel on its way. `place` is where it was seen last: the buyer's own business."""

    waybill: str
    state: ParcelState
    carrier: str = ""
    seen_at: datetime | None = None
    place: str = ""
    expected: date | None = None


@dataclass(frozen=True)
class ShopCustomer:
    """A customer of the company, by the id of its own systems."""

    id: str
    name: str = ""
    phone: str = ""
    tier: Tier = "normal"


@dataclass(frozen=True)
class Offer:
    """What a product costs today, in yuan, and whether it can be had."""

    product: str
    price: Decimal
    in_stock: bool = True


class OrderSource(Protocol):
    """Every method raises `NotAnswering`; what is unknown is None or empty."""

    async def by_number(self, number: str) -> Told[Order | None]: ...
    async def of_customer(self, customer: str) -> Told[Sequence[Order]]: ...
    async def by_phone(self, phone: str, surname: str) -> Told[Sequence[Order]]: ...
    async def progress(self, number: str) -> Told[Sequence[Progress]]: ...
    async def parcels(self, number: str) -> Told[Sequence[Parcel]]:
        """Those of an order."""
        ...

    async def parcel(self, waybill: str) -> Told[Parcel | None]: ...


class CustomerSource(Protocol):
    """Raises `NotAnswering`."""

    async def by_id(self, customer: str) -> Told[ShopCustomer | None]: ...


class ProductSource(Protocol):
    """Raises `NotAnswering`."""

    async def offer(self, product: str) -> Told[Offer | None]:
        """By the key of company/products."""
        ...
