"""On the follow-up page customers add something, rate a result, appeal against it; with a key that opening gives."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from helpdesk.model.picture import LARGEST
from helpdesk.store.tables import Notice, Picture, Ticket, TicketEvent
from helpdesk.usecases.privacy import retention
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.letters import MOVES, moved, opened
from tests.integration.desk.steps import taken
from tests.support.files import NO_PICTURES, PNG


async def page(desk: Desk, number: str) -> dict[str, Any]:
    """The ticket as its customer opens it."""
    answer = await desk.client.post("/follow", json={"number": number, "last4": "5678"})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def act(desk: Desk, name: str, **body: Any) -> httpx.Response:
    return await desk.client.post(f"/follow/{name}", json=body)


async def answered(desk: Desk, **fields: Any) -> str:
    """The number of a complaint with a result."""
    _, number = await opened(desk, **fields)
    await moved(desk, number, *MOVES)
    return number


async def test_a_remark_is_on_the_timeline_as_the_customers(desk: Desk) -> None:
    _, number = await opened(desk)
    key = (await page(desk, number))["key"]
    shown = await act(desk, "remark", key=key, text="师傅说要换压缩机，身份证 11010519491231002X")
    assert shown.json()["steps"][-1]["text"] == "收到您补充的情况"
    [event] = await desk.rows(TicketEvent, number=number, action="customer_note")
    assert event.actor == "customer"
    assert "压缩机" in event.note
    assert "11010519491231002X" not in event.note


async def test_an_appeal_is_investigated_again_by_somebody_else_and_told(desk: Desk) -> None:
    number = await answered(desk)
    before = await desk.row(Ticket, number=number)
    shown = await page(desk, number)
    assert (shown["may_appeal"], shown["may_rate"]) == (True, True)
    after = (await act(desk, "appeal", key=shown["key"], text="换的还是坏的")).json()
    assert (after["number"], after["status"], after["round"]) == (number, "investigating", 2)
    ticket = await desk.row(Ticket, number=number)
    assert ticket.owner_id != before.owner_id
    assert "申诉受理" in [one["title"] for one in after["letters"]]
    assert len(await desk.rows(Notice, number=number)) >= 2


async def test_a_late_appeal_is_a_new_complaint_under_its_own_number(desk: Desk) -> None:
    number = await answered(desk)
    await page(desk, number)
    desk.clock.advance(timedelta(days=11))
    shown = await page(desk, number)
    after = (await act(desk, "appeal", key=shown["key"], text="又坏了")).json()
    assert after["number"] != number
    fresh = await desk.row(Ticket, number=after["number"])
    assert (fresh.fields["ticket"], fresh.status) == (number, "registered")


async def test_an_appeal_before_the_result_is_noted(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    shown = await page(sqlite_desk, number)
    assert shown["may_appeal"] is False
    assert (await act(sqlite_desk, "appeal", key=shown["key"], text="太慢了")).json()["number"] == number
    assert [one.note for one in await sqlite_desk.rows(TicketEvent, action="customer_note")] == ["太慢了"]


async def test_a_result_is_rated_once_and_a_bad_score_is_a_task(desk: Desk) -> None:
    number = await answered(desk)
    key = (await page(desk, number))["key"]
    codes = await asyncio.gather(*(act(desk, "rating", key=key, score=1, comment="等了太久") for _ in range(3)))
    assert sorted(one.status_code for one in codes) == [200, 409, 409]
    [task] = await desk.rows(Ticket, kind="internal", category="low_rating")
    assert number in task.fields["description"]
    assert "等了太久" in task.fields["description"]


async def test_what_has_no_result_and_what_was_dangerous_is_not_rated(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    key = (await page(sqlite_desk, number))["key"]
    assert (await act(sqlite_desk, "rating", key=key, score=5)).status_code == 409
    for score in (0, 6, -1):
        assert (await act(sqlite_desk, "rating", key=key, score=score)).status_code == 422


@pytest.mark.parametrize("spoil", ["number", "until", "signature", "nothing"])
async def test_a_key_that_was_changed_or_is_old_opens_nothing(sqlite_desk: Desk, spoil: str) -> None:
    _, number = await opened(sqlite_desk)
    _, other = await opened(sqlite_desk, "li", phone="13912345678", order="2026110899999")
    _, until, signature = (await page(sqlite_desk, number))["key"].split(".")
    spoilt = {
        "number": f"{other}.{until}.{signature}",
        "until": f"{number}.{int(until) + 9999}.{signature}",
        "signature": f"{number}.{until}.{signature[:-2]}AA",
        "nothing": "",
    }[spoil]
    for name, more in (("remark", {"text": "x"}), ("appeal", {"text": "x"}), ("rating", {"score": 5})):
        assert (await act(sqlite_desk, name, key=spoilt, **more)).status_code == 401
    assert await sqlite_desk.rows(TicketEvent, action="customer_note") == []


async def test_a_key_is_good_for_half_an_hour_and_twenty_acts(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    key = (await page(sqlite_desk, number))["key"]
    for _ in range(20):
        assert (await act(sqlite_desk, "remark", key=key, text="补充")).status_code == 200
    assert (await act(sqlite_desk, "remark", key=key, text="补充")).status_code == 429
    sqlite_desk.clock.advance(timedelta(minutes=31))
    assert (await act(sqlite_desk, "remark", key=key, text="补充")).status_code == 401
    fresh = (await page(sqlite_desk, number))["key"]
    for empty in ("", "   ", "x" * 1001):
        assert (await act(sqlite_desk, "remark", key=fresh, text=empty)).status_code == 422


# ---------------------------------------------------------------- pictures, and matters without a conversation


async def show_picture(desk: Desk, key: str, content: bytes = PNG) -> httpx.Response:
    file = {"picture": ("crack.png", content, "image/png")}
    return await desk.client.post("/follow/pictures", files=file, headers={"X-Follow-Key": key})


@pytest.mark.parametrize("source", ["phone", "counter", "letter", "email"])
async def test_what_came_without_a_chat_is_added_to_shown_rated_and_appealed_against(desk: Desk, source: str) -> None:
    number = (await taken(desk, source=source))["number"]
    key = (await page(desk, number))["key"]
    assert (await act(desk, "remark", key=key, text="又漏水了")).status_code == 200
    assert (await show_picture(desk, key)).json()["steps"][-1]["text"] == "收到您补充的图片"
    await moved(desk, number, *MOVES)
    key = (await page(desk, number))["key"]
    assert (await act(desk, "rating", key=key, score=1, comment="没修好")).status_code == 200
    after = (await act(desk, "appeal", key=key, text="换的还是坏的")).json()
    assert (after["number"], after["round"]) == (number, 2)
    assert "申诉受理" in [one["title"] for one in after["letters"]]
    ticket = await desk.row(Ticket, number=number)
    [picture] = await desk.rows(Picture)
    assert ticket.fields["evidence"][-1] == f"/pictures/{picture.id}"
    assert (picture.number, picture.conversation_id) == (number, None)
    seen = await desk.client.get(f"/pictures/{picture.id}", headers=await desk.sign_in("agent"))
    assert seen.headers["content-type"] == "image/png"
    assert [one.fields["description"] for one in await desk.rows(Ticket, category="low_rating")]


async def test_a_late_appeal_of_a_caller_takes_pictures_under_its_new_number(desk: Desk) -> None:
    number = (await taken(desk))["number"]
    await moved(desk, number, *MOVES)
    await page(desk, number)
    desk.clock.advance(timedelta(days=11))
    after = (await act(desk, "appeal", key=(await page(desk, number))["key"], text="又坏了")).json()
    assert after["number"] != number
    shown = (await show_picture(desk, after["key"])).json()
    assert shown["number"] == after["number"]
    fresh = await desk.row(Ticket, number=after["number"])
    assert (fresh.conversation_id, len(fresh.fields["evidence"])) == (None, 1)


async def test_a_picture_is_added_once_beside_what_was_told_of_evidence(desk: Desk) -> None:
    number = (await taken(desk, **complaint(evidence="有发票")))["number"]
    key = (await page(desk, number))["key"]
    codes = await asyncio.gather(*(show_picture(desk, key) for _ in range(3)))
    assert {one.status_code for one in codes} == {200}
    [picture] = await desk.rows(Picture)
    ticket = await desk.row(Ticket, number=number)
    assert ticket.fields["evidence"] == ["有发票", f"/pictures/{picture.id}"]
    assert len(await desk.rows(TicketEvent, action="customer_picture")) == 1


@pytest.mark.parametrize("content", [*NO_PICTURES.values(), b""], ids=[*NO_PICTURES, "empty"])
async def test_what_is_no_picture_is_not_added(sqlite_desk: Desk, content: bytes) -> None:
    _, number = await opened(sqlite_desk)
    key = (await page(sqlite_desk, number))["key"]
    assert (await show_picture(sqlite_desk, key, content)).status_code == 422
    assert await sqlite_desk.rows(Picture) == []


async def test_a_picture_without_the_key_or_too_large_is_refused_unread(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    key = (await page(sqlite_desk, number))["key"]
    assert (await show_picture(sqlite_desk, key[:-2])).status_code == 401
    assert (await show_picture(sqlite_desk, key, PNG + b"x" * LARGEST)).status_code == 413
    assert await sqlite_desk.rows(Picture) == []


async def test_pictures_of_a_matter_end_with_it_and_with_their_customer(desk: Desk) -> None:
    number = (await taken(desk))["number"]
    await show_picture(desk, (await page(desk, number))["key"])
    services, keep = desk.services, desk.services.company.personal_data.keep
    desk.clock.advance(timedelta(days=keep.longest + 1))
    await retention.forget_old(services, desk.clock.now())
    assert len(await desk.rows(Picture)) == 1, "the matter is open"
    await desk.change(Ticket, number, status="concluded", closed_at=desk.clock.now())
    await retention.forget_old(services, desk.clock.now())
    assert await desk.rows(Picture) == []
