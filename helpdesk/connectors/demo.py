"""The ports over the files of company/: orders/demo.yml, customers.yml and the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from helpdesk.clock import Clock
from helpdesk.company import Company, DemoOrder
from helpdesk.model.shop import Offer, Order, Parcel, Progress, ShopCustomer, Told
from zhtext.values.surnames import surname_of

T = TypeVar("T")


class DemoShop:
    """`OrderSource`, `CustomerSource` and `ProductSource`; it always answers, as of now."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self._company = company
        self._clock = clock

    def _now(self, value: T) -> Told[T]:
        return Told(value, self._clock.now())

    async def by_number(self, number: str) -> Told[Order | None]:
        found = self._company.orders.get(number)
        return self._now(self._order(number, found) if found else None)

    async def of_customer(self, customer: str) -> Told[Sequence[Order]]:
        return self._now([order for order in self._orders() if order.customer == customer])

    async def by_phone(self, phone: str, surname: str) -> Told[Sequence[Order]]:
        customers = self._company.customers
        ids = {one for one, c in customers.items() if c.phone == phone and surname in (c.name, surname_of(c.name))}
        return self._now([order for order in self._orders() if order.customer in ids])

    async def progress(self, number: str) -> Told[Sequence[Progress]]:
        order = self._company.orders.get(number)
        return self._now([Progress(**one.model_dump()) for one in order.progress] if order else [])

    async def parcels(self, number: str) -> Told[Sequence[Parcel]]:
        order = self._company.orders.get(number)
        return self._now(list(_parcels(order)) if order else [])

    async def parcel(self, waybill: str) -> Told[Parcel | None]:
        every = (parcel for order in self._company.orders.values() for parcel in _parcels(order))
        return self._now(next((one for one in every if one.waybill == waybill.upper()), None))

    async def by_id(self, customer: str) -> Told[ShopCustomer | None]:
        found = self._company.customers.get(customer)
        return self._now(ShopCustomer(customer, **found.model_dump()) if found else None)

    async def offer(self, product: str) -> Told[Offer | None]:
        found = self._company.products.get(product)
        return self._now(Offer(product, found.price, found.in_stock) if found else None)

    def _orders(self) -> Iterator[Order]:
        return (self._order(number, order) for number, order in self._company.orders.items())

    def _order(self, number: str, order: DemoOrder) -> Order:
        buyer = self._company.customers.get(order.customer or "")
        return Order(
            number=number,
            state=order.state,
            state_since=order.state_since,
            expected=order.expected,
            products=tuple(self._company.products[item.product].name for item in order.items),
            can_cancel=order.can_cancel,
            customer=order.customer,
            phone_last4=buyer.phone[-4:] if buyer else None,
        )


def _parcels(order: DemoOrder) -> Iterator[Parcel]:
    return (Parcel(**one.model_dump()) for one in order.parcels)
