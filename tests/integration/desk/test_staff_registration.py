"""Staff registers a ticket for the customer they serve."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from helpdesk.store.tables import Customer, Letter, Ticket, TicketEvent
from tests.integration.desk.conftest import Desk, complaint

REPAIR = {
    "product": "双门冰箱",
    "description": "冰箱不制冷，压缩机不响",
    "visit_time": "周六上午",
    "address": "上海市静安区三声路 33 号 5 栋 602 室",
    "name": "王女士",
    "phone": "138 1234 5678",
}


async def served(desk: Desk) -> str:
    """A customer whom `agent` serves."""
    await desk.sign_in()
    conversation_id = await desk.waiting()
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    return conversation_id


async def refused(desk: Desk, conversation_id: str, **body: Any) -> httpx.Response:
    headers = await desk.sign_in()
    return await desk.client.post(f"/api/conversations/{conversation_id}/tickets", json=body, headers=headers)


def wrong_fields(response: httpx.Response) -> list[str]:
    assert response.status_code == 422, response.text
    fields: list[str] = response.json()["error"]["details"]["fields"]
    return fields


async def test_a_complaint_has_number_owner_dates_and_letter(desk: Desk) -> None:
    conversation_id = await served(desk)
    made = await desk.ok("POST", f"/conversations/{conversation_id}/tickets", **complaint())
    ticket = await desk.row(Ticket, number=made["number"])
    assert (ticket.kind, ticket.category, ticket.status) == ("complaint", "quality", "registered")
    assert (ticket.owner_id, ticket.conversation_id) == ("agent", conversation_id)
    assert ticket.fields["phone"] == "13812345678"
    assert datetime.fromisoformat(made["promised_at"]) == ticket.result_due
    assert made["joined"] is False
    [event] = await desk.rows(TicketEvent, number=made["number"])
    assert (event.action, event.actor) == ("registered", "staff:agent")
    letter = await desk.row(Letter, number=made["number"])
    told = (await desk.told(conversation_id))[-1]
    assert (letter.kind, told.text) == ("acknowledgement", letter.text)
    assert made["number"] in told.text
    assert told.custom["kind"] == "ticket_opened"
    assert told.custom["promised_at"] == made["promised_at"]
    assert (await desk.row(Customer)).phone == "13812345678"


async def test_every_other_kind_is_registered_the_same_way(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    made = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/tickets", kind="repair", fields=REPAIR)
    ticket = await sqlite_desk.row(Ticket, number=made["number"])
    assert (ticket.kind, ticket.fields["phone"]) == ("repair", "13812345678")
    praise = {"description": "安装师傅很细心"}
    made = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/tickets", kind="praise", fields=praise)
    assert made["promised_at"] is None
    assert made["number"] in (await sqlite_desk.told(conversation_id))[-1].text


async def test_the_same_request_again_gives_the_same_ticket(desk: Desk) -> None:
    conversation_id = await served(desk)
    body = {"kind": "repair", "fields": REPAIR, "client_id": "c-1"}
    first = await desk.ok("POST", f"/conversations/{conversation_id}/tickets", **body)
    again = await desk.ok("POST", f"/conversations/{conversation_id}/tickets", **body)
    assert first == again
    assert len(await desk.rows(Ticket)) == 1


async def test_a_complaint_about_the_same_order_joins_the_open_one(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    await sqlite_desk.turn(conversation_id, "open_ticket", complaint())
    made = await sqlite_desk.ok(
        "POST", f"/conversations/{conversation_id}/tickets", **complaint(description="客户说又漏水了")
    )
    ticket = await sqlite_desk.row(Ticket)
    assert (made["joined"], made["number"]) == (True, ticket.number)
    assert "又漏水" in ticket.fields["description"]


@pytest.mark.parametrize(
    "changes, wrong",
    [
        ({"phone": None, "outcome": None}, ["outcome", "phone"]),
        ({"order": None}, ["order"]),
        ({"phone": "12345"}, ["phone"]),
        ({"danger": "maybe"}, ["danger"]),
        ({"description": "坏"}, ["description"]),
        ({"colour": "红"}, ["colour"]),
        ({"name": ["王"]}, ["name"]),
    ],
)
async def test_what_is_missing_or_wrong_is_named(sqlite_desk: Desk, changes: dict[str, Any], wrong: list[str]) -> None:
    conversation_id = await served(sqlite_desk)
    assert wrong_fields(await refused(sqlite_desk, conversation_id, **complaint(**changes))) == wrong
    assert await sqlite_desk.rows(Ticket) == []


async def test_a_field_that_may_be_unknown_may_be(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    body = complaint(order="找不到", occurred="记不清")
    made = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/tickets", **body)
    stored = (await sqlite_desk.row(Ticket, number=made["number"])).fields
    assert (stored["order"], stored["occurred"]) == ({"state": "unknown"}, {"state": "unknown"})
    shown = (await sqlite_desk.ok("GET", f"/tickets/{made['number']}"))["fields"]
    assert shown["order"] == {"state": "unknown", "text": "找不到"}


@pytest.mark.parametrize("day, why", [("明天下午", "future"), ("11月31号", "no_such_day"), ("星期八", "no_such_day")])
async def test_a_day_that_cannot_be_is_refused_with_the_reason(sqlite_desk: Desk, day: str, why: str) -> None:
    conversation_id = await served(sqlite_desk)
    response = await refused(sqlite_desk, conversation_id, **complaint(occurred=day))
    assert response.json()["error"]["details"]["reasons"] == {"occurred": why}


async def test_odd_forms_are_kept_in_one(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    body = complaint(phone="+86 138-1234-5678", occurred="20261120", amount="1万2")
    made = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/tickets", **body)
    stored = (await sqlite_desk.row(Ticket, number=made["number"])).fields
    assert (stored["phone"], stored["amount"]) == ("13812345678", "12000")


async def test_internal_matters_and_unknown_kinds_are_not_registered_for_customers(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    for kind in ("internal", "gossip"):
        response = await refused(sqlite_desk, conversation_id, kind=kind, fields={"description": "有人迟到"})
        assert response.status_code == 422


async def test_only_who_serves_registers(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    headers = await sqlite_desk.sign_in("agent2")
    path = f"/api/conversations/{conversation_id}/tickets"
    assert (await sqlite_desk.client.post(path, json=complaint(), headers=headers)).status_code == 403


async def test_the_form_is_told_every_field_it_needs(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    matters = await sqlite_desk.ok("GET", "/matters")
    company = sqlite_desk.services.company
    assert {one["id"] for one in matters["kinds"]} == set(company.kinds) - {"internal"}
    quality = next(one for one in matters["categories"] if one["id"] == "quality")
    assert set(quality["required"]) | {"category"} == set(company.complaints.required("quality"))
    for one in (*matters["kinds"], *matters["categories"]):
        conditions = [name for rule in one["conditional"] for name in (rule["field"], rule["when"])]
        assert {*one["required"], *one["optional"], *conditions} <= set(matters["fields"])


async def test_who_serves_sees_the_new_ticket_beside_the_conversation(sqlite_desk: Desk) -> None:
    conversation_id = await served(sqlite_desk)
    made = await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/tickets", **complaint())
    packet = (await sqlite_desk.ok("GET", f"/conversations/{conversation_id}"))["packet"]
    assert [one["number"] for one in packet["tickets"]] == [made["number"]]
    assert {one["ticket"] for one in packet["promises"]} == {made["number"]}
