"""The same done to many tickets."""

from __future__ import annotations

import pytest

from helpdesk.store.tables import Message, Ticket
from tests.integration.desk.conftest import Desk
from tests.integration.desk.steps import ticket_of


async def three(desk: Desk) -> list[str]:
    await desk.sign_in()
    return [await ticket_of(desk, sender) for sender in ("zhao", "qian", "sun")]


async def test_each_is_done_by_the_rules_it_has_alone_and_one_that_is_refused_stops_no_other(desk: Desk) -> None:
    numbers = await three(desk)
    await desk.ok("POST", f"/tickets/{numbers[1]}/transitions", "supervisor", action="accept")
    asked = {"numbers": [*numbers, numbers[0].lower(), "TS20200101-0001"], "action": "accept"}
    outcomes = await desk.ok("POST", "/tickets/bulk", "supervisor", **asked)
    assert [one["number"] for one in outcomes] == [*numbers, "TS20200101-0001"]
    assert [one["code"] for one in outcomes] == [None, "move_refused", None, "not_found"]
    assert outcomes[1]["refused"]
    assert {one.status for one in await desk.rows(Ticket) if one.number in numbers} == {"accepted"}


async def test_every_customer_hears_who_has_it_from_now_on(desk: Desk) -> None:
    numbers = await three(desk)
    before = len(await desk.rows(Message))
    asked = {"numbers": numbers[:2], "action": "owner", "to": "agent", "note": "休假"}
    await desk.ok("POST", "/tickets/bulk", "supervisor", **asked)
    owners = {one.number: one.owner_id for one in await desk.rows(Ticket)}
    assert [owners[number] == "agent" for number in numbers] == [True, True, False]
    assert len(await desk.rows(Message)) == before + 2


async def test_who_may_not_do_it_to_one_may_not_do_it_to_many(sqlite_desk: Desk) -> None:
    numbers = await three(sqlite_desk)
    assert "agent" not in {one.owner_id for one in await sqlite_desk.rows(Ticket) if one.number in numbers}
    outcomes = await sqlite_desk.ok("POST", "/tickets/bulk", "agent", numbers=numbers, action="owner", to="agent")
    assert [one["code"] for one in outcomes] == ["not_allowed"] * 3


@pytest.mark.parametrize(
    "body",
    [
        {"numbers": [], "action": "accept"},
        {"numbers": ["TS1"] * 101, "action": "accept"},
        {"numbers": ["TS20201121-0001"], "action": "owner"},
        {"numbers": ["TS20201121-0001"], "action": "note"},
        {"numbers": ["TS20201121-0001"], "action": "conclude"},
        {"action": "accept"},
    ],
)
async def test_what_is_missing_or_too_much_is_refused_before_anything_is_done(sqlite_desk: Desk, body: dict) -> None:  # type: ignore[type-arg]
    await sqlite_desk.sign_in()
    await sqlite_desk.refused(422, "POST", "/tickets/bulk", "supervisor", **body)
