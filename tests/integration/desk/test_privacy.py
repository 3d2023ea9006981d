"""Who may see a ticket in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.errors import TooManyTries
from helpdesk.model.conversation import TurnRef
from helpdesk.usecases.turns import lookups
from tests.integration.desk.conftest import Desk, complaint


def turn(conversation_id: str) -> TurnRef:
    return TurnRef(conversation_id, "m", 1)


async def opened(desk: Desk) -> tuple[str, str]:
    """The conversation of a customer, and the number of their complaint."""
    conversation_id = await desk.customer()
    return conversation_id, (await desk.turn(conversation_id, "open_ticket", complaint()))["number"]


async def test_the_customer_sees_the_state_and_who_has_it(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    view = await lookups.find_ticket(desk.services, turn(conversation_id), f" {number.lower()} ")
    assert view is not None
    assert (view.number, view.kind_title, view.status_title, view.round) == (number, "投诉", "已登记", 1)
    assert view.owner_name
    assert view.last_note_for_customer is None
    assert [t.number for t in await lookups.open_tickets(desk.services, turn(conversation_id))] == [number]


async def test_a_stranger_needs_the_last_four_digits_and_then_may_act(desk: Desk) -> None:
    _, number = await opened(desk)
    stranger = turn(await desk.customer("stranger"))
    assert await lookups.find_ticket(desk.services, stranger, number) is None
    assert await lookups.find_ticket(desk.services, stranger, number, "0000") is None
    assert await lookups.find_ticket(desk.services, stranger, number, "5678") is not None
    assert await lookups.find_ticket(desk.services, stranger, number) is not None
    urged = await desk.turn(stranger.conversation_id, "urge_ticket", {"number": number})
    assert urged["number"] == number
    assert await lookups.open_tickets(desk.services, stranger) == []


async def test_five_wrong_tries_an_hour_and_unknown_numbers_count_like_foreign_ones(desk: Desk) -> None:
    owner, number = await opened(desk)
    stranger = turn(await desk.customer("stranger"))
    for tried in (number, "TS20261123-9999", number, "TS1", number):
        assert await lookups.find_ticket(desk.services, stranger, tried, "0000") is None
    for tried in (number, "TS20261123-9999"):
        with pytest.raises(TooManyTries):
            await lookups.find_ticket(desk.services, stranger, tried, "5678")
    assert await lookups.find_ticket(desk.services, turn(owner), number) is not None
    other = turn(await desk.customer("another"))
    assert await lookups.find_ticket(desk.services, other, number, "5678") is not None
    desk.clock.advance(timedelta(hours=1, seconds=1))
    assert await lookups.find_ticket(desk.services, stranger, number, "5678") is not None


async def test_internal_tickets_are_nobodys_in_chat(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    fields = {"name": "王", "phone": "13812345678"}
    await sqlite_desk.turn(conversation_id, "abandoned", {"form": "complaint_form", "fields": fields})
    assert await lookups.open_tickets(sqlite_desk.services, turn(conversation_id)) == []


async def test_handoff_options_tell_hours_staff_and_the_next_opening(sqlite_desk: Desk) -> None:
    nobody = await lookups.handoff_options(sqlite_desk.services)
    assert (nobody["open"], nobody["staff_online"], nobody["next_open"]) == (True, 0, None)
    await sqlite_desk.sign_in()
    await sqlite_desk.waiting()
    somebody = await lookups.handoff_options(sqlite_desk.services)
    assert (somebody["staff_online"], somebody["position"], somebody["estimate_s"]) == (1, 2, None)


async def test_what_is_owed_is_told(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    owed = await lookups.promises(sqlite_desk.services, turn(conversation_id))
    assert [(one["number"], one["kind"]) for one in owed] == [(number, "first_contact"), (number, "result")]


async def test_the_desk_reads_no_identity_or_card_number(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.waiting("wang")
    await sqlite_desk.customer("wang", "身份证11010519491231002X，卡6222021234567890128")
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    for shown in (
        await sqlite_desk.ok("GET", f"/conversations/{conversation_id}"),
        await sqlite_desk.ok("GET", "/conversations"),
    ):
        assert "11010519491231002X" not in str(shown)
        assert "6222021234567890128" not in str(shown)
    assert "身份证1101************2X，卡6222*************28" in str(
        await sqlite_desk.ok("GET", f"/conversations/{conversation_id}")
    )
