"""The ports over HTTP: each question by its entry in connectors.yml, its answer checked against what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from helpdesk.company.connectors import QUESTIONS, Call
from helpdesk.connectors.caller import Caller
from helpdesk.connectors.keeping import Kept
from helpdesk.connectors.reading import Misfit, one, several
from helpdesk.model.shop import Offer, Order, Parcel, Progress, ShopCustomer, Told

Fits = Callable[[Any], bool]


class Asking:
    """One system, its questions and the answers that are kept."""

    def __init__(self, caller: Caller, kept: Kept, calls: Mapping[str, Call]) -> None:
        self._caller = caller
        self._kept = kept
        self._calls = calls

    async def told(self, question: str, fits: Fits, **given: str) -> Told[Any]:
        """The thing, or None; the things, or none. What is not what was asked for is no answer.

        Raises:
            NotAnswering.
        """

        async def ask() -> Any:
            call = self._calls.get(question)
            if call is None:
                return () if QUESTIONS[question].for_several else None
            return await self._caller.ask(call, given, partial(_read, question, call, fits))

        return await self._kept.told((question, *sorted(given.items())), ask)


def _read(question: str, call: Call, fits: Fits, answer: Any) -> Any:
    asked = QUESTIONS[question]
    if answer is None:
        return () if asked.for_several else None
    things = several(asked.kind, call, answer) if asked.for_several else [one(asked.kind, call, answer)]
    if not all(fits(thing) for thing in things):
        raise Misfit("it tells of another one than was asked for")
    return things if asked.for_several else things[0]


def _anything(_: Any) -> bool:
    return True


class HttpOrders:
    """`OrderSource`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def by_number(self, number: str) -> Told[Order | None]:
        return await self._asking.told("order", lambda order: order.number == number, number=number)

    async def of_customer(self, customer: str) -> Told[Sequence[Order]]:
        def is_theirs(order: Order) -> bool:
            return order.customer in (None, customer)

        return await self._asking.told("orders_of_customer", is_theirs, customer=customer)

    async def by_phone(self, phone: str, surname: str) -> Told[Sequence[Order]]:
        def is_theirs(order: Order) -> bool:
            return order.phone_last4 in (None, phone[-4:])

        return await self._asking.told("orders_by_phone", is_theirs, phone=phone, surname=surname)

    async def progress(self, number: str) -> Told[Sequence[Progress]]:
        return await self._asking.told("progress", _anything, number=number)

    async def parcels(self, number: str) -> Told[Sequence[Parcel]]:
        return await self._asking.told("parcels", _anything, number=number)

    async def parcel(self, waybill: str) -> Told[Parcel | None]:
        def is_it(parcel: Parcel) -> bool:
            return parcel.waybill.upper() == waybill.upper()

        return await self._asking.told("parcel", is_it, waybill=waybill)


class HttpCustomers:
    """`CustomerSource`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def by_id(self, customer: str) -> Told[ShopCustomer | None]:
        return await self._asking.told("customer", lambda found: found.id == customer, customer=customer)


class HttpProducts:
    """`ProductSource`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def offer(self, product: str) -> Told[Offer | None]:
        return await self._asking.told("offer", lambda found: found.product == product, product=product)
