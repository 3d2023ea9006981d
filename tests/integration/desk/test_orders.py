"""Orders, parcels and progress beside a conversation, for who serves it."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.connectors import open_shop
from helpdesk.store.tables import Conversation, Customer
from helpdesk.testing import settings_for
from tests.integration.desk.conftest import Desk

ON_THE_WAY, REFUNDING = "2026111500021", "2026111200733"


@pytest.fixture
async def served(sqlite_desk: Desk) -> tuple[Desk, str]:
    """A customer whom `agent` serves, who spoke of an order."""
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await sqlite_desk.set_dialogue(conversation_id, order=ON_THE_WAY)
    return sqlite_desk, conversation_id


async def orders(desk: Desk, conversation_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await desk.ok("GET", f"/conversations/{conversation_id}/orders")
    return found


async def test_the_order_spoken_of_stands_there_with_its_parcel(served: tuple[Desk, str]) -> None:
    (order,) = await orders(*served)
    assert (order["number"], order["state_title"], order["expected"]) == (ON_THE_WAY, "已发货", "2026-11-23")
    (parcel,) = order["parcels"]
    assert (parcel["waybill"], parcel["place"]) == ("SS2026111700214", "郑州中转站")
    assert "phone_last4" not in order


async def test_those_of_a_known_customer_stand_there_too(served: tuple[Desk, str]) -> None:
    desk, conversation_id = served
    customer_id = (await desk.row(Conversation, id=conversation_id)).customer_id
    await desk.change(Customer, customer_id, user_id="u1003", tier="key")
    first, second = await orders(desk, conversation_id)
    assert (first["number"], second["number"]) == (ON_THE_WAY, REFUNDING)
    assert [one["kind_title"] for one in second["progress"]] == ["退款"]


async def test_nobody_else_is_told(served: tuple[Desk, str]) -> None:
    desk, conversation_id = served
    await desk.sign_in("agent2")
    await desk.refused(403, "GET", f"/conversations/{conversation_id}/orders", "agent2")
    await desk.refused(404, "GET", f"/conversations/{'0' * 32}/orders")


async def test_a_system_that_does_not_answer_is_said_so(served: tuple[Desk, str]) -> None:
    desk, conversation_id = served
    nobody = open_shop(settings_for("sqlite+aiosqlite://"), desk.services.company, desk.clock)
    desk.services.shop = nobody
    (order,) = await orders(desk, conversation_id)
    assert (order["number"], order["answers"], order["found"]) == (ON_THE_WAY, False, False)
