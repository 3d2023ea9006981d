"""What came by telephone, at the counter, by letter or by mail: taken down at the desk, told by message or print."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from helpdesk.couriers import rounds
from helpdesk.couriers.paper import Sheet, as_pdf
from helpdesk.store.tables import Audit, Customer, Letter, Notice, Ticket, TicketEvent
from helpdesk.usecases import timers
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.letters import moved
from tests.integration.desk.outside import made_outside
from tests.integration.desk.steps import taken


async def test_a_complaint_by_telephone_has_owner_source_dates_and_an_acknowledgement_on_its_way(desk: Desk) -> None:
    made = await taken(desk)
    ticket = await desk.row(Ticket, number=made["number"])
    assert (ticket.source, ticket.owner_id, ticket.conversation_id) == ("phone", "agent", None)
    assert made["promised_at"] is not None
    customer = await desk.row(Customer, id=ticket.customer_id)
    assert (customer.name, customer.phone) == ("王小明", "13812345678")
    letter = await desk.row(Letter, number=made["number"])
    assert letter.kind == "acknowledgement"
    assert (await desk.row(Notice, letter_id=letter.id)).state == "waiting"
    assert [one.actor for one in await desk.rows(TicketEvent, number=made["number"])] == ["staff:agent"]
    shown = await desk.client.post("/follow", json={"number": made["number"], "last4": "5678"})
    assert [one["title"] for one in shown.json()["letters"]] == ["受理回执"]


async def test_the_acknowledgement_goes_by_short_message_and_the_whole_complaint_can_be_followed(
    sqlite_desk: Desk,
) -> None:
    async with made_outside(sqlite_desk) as outside:
        made = await taken(sqlite_desk)
        await outside.rounds()
        assert len(outside.sms.sent) == 1
        await moved(sqlite_desk, made["number"], {"action": "accept"}, by="agent")
        opened = await sqlite_desk.client.post("/follow/link", json={"token": outside.token()})
        assert opened.json()["number"] == made["number"]


async def test_a_caller_is_found_by_number_and_keeps_one_file(desk: Desk) -> None:
    first = await taken(desk)
    [caller] = await desk.ok("POST", "/callers", phone="138 1234 5678")
    assert (caller["name"], [one["number"] for one in caller["tickets"]]) == ("王**", [first["number"]])
    again = await taken(desk, customer_id=caller["customer_id"], **complaint(order="2026110899999", product="空调"))
    assert again["joined"] is False
    customers = {one.customer_id for one in await desk.rows(Ticket)}
    assert customers == {caller["customer_id"]}
    looked = await desk.rows(Audit, action="caller_looked_up")
    assert [one.subject for one in looked] == ["5678"]


async def test_the_same_matter_again_joins_the_open_ticket_and_makes_it_urgent(desk: Desk) -> None:
    first = await taken(desk)
    [caller] = await desk.ok("POST", "/callers", phone="13812345678")
    again = await taken(desk, customer_id=caller["customer_id"], source="counter")
    assert (again["number"], again["joined"]) == (first["number"], True)
    assert (await desk.row(Ticket)).urgency == "urgent"


async def test_a_form_sent_twice_at_once_is_one_ticket(desk: Desk) -> None:
    await desk.sign_in()
    made = await asyncio.gather(*(taken(desk, client_id="form-1") for _ in range(3)))
    assert len({one["number"] for one in made}) == len(await desk.rows(Ticket)) == 1
    other = await taken(desk, client_id="form-2")
    assert other["number"] != made[0]["number"]


@pytest.mark.parametrize(
    "more, fields",
    [
        ({"fields": {"description": "坏了"}, "category": "quality"}, None),
        (complaint(phone="123"), ["phone"]),
        ({"customer_id": "0" * 32}, ["phone"]),
        ({"source": "pigeon"}, None),
        ({"reach_by": "pigeon"}, None),
    ],
)
async def test_what_cannot_be_right_is_refused_and_nothing_is_kept(
    sqlite_desk: Desk, more: dict[str, Any], fields: list[str] | None
) -> None:
    error = await sqlite_desk.refused(422, "POST", "/walk-ins", **{"source": "phone", **complaint(), **more})
    if fields is not None:
        assert error["details"]["fields"] == fields
    assert await sqlite_desk.rows(Ticket) == await sqlite_desk.rows(Customer) == []


async def test_somebody_elses_file_is_not_taken_by_its_id(sqlite_desk: Desk) -> None:
    await taken(sqlite_desk)
    theirs = (await sqlite_desk.row(Customer)).id
    body = {"source": "phone", **complaint(phone="13912345678"), "customer_id": theirs}
    error = await sqlite_desk.refused(422, "POST", "/walk-ins", **body)
    assert "不一致" in error["message"]
    assert (await sqlite_desk.row(Customer)).phone == "13812345678"


async def test_numbers_cannot_be_tried_out(sqlite_desk: Desk) -> None:
    for n in range(60):
        assert await sqlite_desk.ok("POST", "/callers", phone=f"1381234{n:04}") == []
    assert "上限" in (await sqlite_desk.refused(429, "POST", "/callers", phone="13812345678"))["message"]
    await sqlite_desk.refused(422, "POST", "/callers", "agent2", phone="nobody")


async def test_who_prefers_mail_is_told_by_mail_with_the_letter_as_a_pdf(sqlite_desk: Desk) -> None:
    async with made_outside(sqlite_desk) as outside:
        await taken(sqlite_desk, reach_by="email", **complaint(email="wang@customer.example"))
        await timers.tick(sqlite_desk.services)
        for one in await rounds.due(sqlite_desk.services):
            await rounds.serve(sqlite_desk.services, one)
        [message] = outside.smtp.taken
        [sheet] = list(message.iter_attachments())
        assert (sheet.get_content_type(), sheet.get_filename()) == ("application/pdf", "受理回执.pdf")
        assert sheet.get_content().startswith(b"%PDF-")
        assert outside.sms.sent == []


async def test_a_letter_is_printed_for_who_is_in_charge_and_written_down(sqlite_desk: Desk) -> None:
    made = await taken(sqlite_desk)
    letter = await sqlite_desk.row(Letter, number=made["number"])
    answer = await sqlite_desk.call("GET", f"/letters/{letter.id}/pdf")
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert [one.actor for one in await sqlite_desk.rows(Audit, action="letter_printed")] == ["staff:agent"]
    await sqlite_desk.refused(403, "GET", f"/letters/{letter.id}/pdf", "agent2")
    await sqlite_desk.refused(404, "GET", "/letters/none/pdf")


def test_a_sheet_holds_chinese_and_goes_over_pages() -> None:
    text = "\n".join(f"第{n}行：您反映的问题经核查属实，让您费心了，「抱歉」。㎡ ① 𠮷" for n in range(80))
    pages = as_pdf(Sheet("三声电器", "处理结果", text, "服务热线 400-800-3300"))
    assert pages.count(b"/Type /Page\n") >= 2
    assert b"/ToUnicode" in pages
