"""Which systems are asked: demo data in demo mode, HTTP where an address is set, else none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from helpdesk.clock import Clock
from helpdesk.company import Company
from helpdesk.connectors.caller import Caller
from helpdesk.connectors.demo import DemoShop
from helpdesk.connectors.keeping import Kept
from helpdesk.connectors.over_http import Asking, HttpCustomers, HttpOrders, HttpProducts
from helpdesk.errors import NotAnswering
from helpdesk.model.shop import CustomerSource, OrderSource, ProductSource
from helpdesk.settings import Settings


@dataclass(frozen=True)
class Shop:
    """The ports, and what has to be closed in the end."""

    orders: OrderSource
    customers: CustomerSource
    products: ProductSource
    caller: Caller | None = None

    async def close(self) -> None:
        """Ends the connections, if there are any."""
        if self.caller:
            await self.caller.close()


class Nobody:
    """The ports where no system is connected: whoever asks is told so, instead of a demo's orders."""

    async def _silent(self, *_: str) -> NoReturn:
        raise NotAnswering(why="no system is connected: HELPDESK_SHOP_ADDRESS is not set")

    by_number = of_customer = by_phone = progress = parcels = parcel = by_id = offer = _silent


def open_shop(settings: Settings, company: Company, clock: Clock) -> Shop:
    """The systems that the settings name; nothing is connected yet."""
    if settings.shop_address:
        return _over_http(settings, company, clock)
    source = DemoShop(company, clock) if settings.demo else Nobody()
    return Shop(source, source, source)


def _over_http(settings: Settings, company: Company, clock: Clock) -> Shop:
    rules = company.connectors
    caller = Caller(settings.shop_address, settings.shop_token.get_secret_value(), rules, clock)
    asking = Asking(caller, Kept(rules.keeping, clock), rules.calls)
    return Shop(HttpOrders(asking), HttpCustomers(asking), HttpProducts(asking), caller)
