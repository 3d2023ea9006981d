"""A shop's systems as a server on the loopback, and the ports that ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from demo.shop import StubShop, serving
from helpdesk.clock import ManualClock
from helpdesk.company import Company, Connectors, load_company
from helpdesk.connectors import Shop, open_shop
from helpdesk.testing import ROOT, free_port, settings_for

MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
COMPANY = load_company(ROOT / "company")
Opened = Callable[..., Shop]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
def stub(clock: ManualClock) -> StubShop:
    return StubShop(COMPANY, clock)


@pytest.fixture
async def opened(stub: StubShop, clock: ManualClock) -> AsyncIterator[Opened]:
    """Opens the ports onto the server, with parts of connectors.yml changed."""
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serving(stub, free_port()))

        def open_it(token: str = stub.token, **changes: object) -> Shop:
            settings = settings_for("sqlite+aiosqlite://", shop_address=address, shop_token=SecretStr(token))
            shop = open_shop(settings, changed(**changes), clock)
            stack.push_async_callback(shop.close)
            return shop

        yield open_it


def changed(**changes: object) -> Company:
    """The company with other rules for asking; validated as from the file."""
    rules = Connectors.model_validate({**COMPANY.connectors.model_dump(), **changes})
    return COMPANY.model_copy(update={"connectors": rules})
