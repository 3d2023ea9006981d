"""Tickets as customers' turns open and change them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.errors import InvalidInput, MoveRefused, NotFound
from helpdesk.store.tables import Customer, Promise, Staff, Ticket, TicketEvent
from tests.integration.desk.conftest import MONDAY, Desk, complaint
from tests.integration.desk.steps import answered

SHANGHAI_EVENING = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
"""Half past midnight of the 24th in Shanghai."""


async def test_fifty_at_once_get_fifty_numbers(desk: Desk) -> None:
    customers = [await desk.customer(f"c{n}") for n in range(50)]
    results = await asyncio.gather(*(desk.turn(c, "open_ticket", complaint()) for c in customers))
    assert sorted(r["number"] for r in results) == [f"TS20261123-{n:04d}" for n in range(1, 51)]
    assert len(await desk.rows(Ticket, kind="complaint")) == 50


async def test_the_number_is_of_the_companys_day(sqlite_desk: Desk) -> None:
    sqlite_desk.clock.set(SHANGHAI_EVENING)
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", complaint())
    assert result["number"] == "TS20261124-0001"


async def test_a_complaint_has_owner_dates_promises_and_a_first_event(desk: Desk) -> None:
    await desk.sign_in("agent2")
    conversation_id = await desk.customer()
    result = await desk.turn(conversation_id, "open_ticket", complaint())
    ticket = await desk.row(Ticket, number=result["number"])
    assert (ticket.status, ticket.urgency, ticket.department, ticket.level, ticket.round) == (
        "registered", "normal", "quality", "department", 1,
    )  # fmt: skip
    assert ticket.owner_id == "agent2"  # on duty, and skilled in quality
    assert ticket.result_due.isoformat() == datetime.fromisoformat(result["promised_at"]).astimezone(UTC).isoformat()
    assert ticket.first_contact_due == datetime(2026, 11, 24, 13, tzinfo=UTC)  # the end of the next working day
    assert ticket.result_due == datetime(2026, 11, 30, 13, tzinfo=UTC)  # seven calendar days
    promises = {p.kind: p for p in await desk.rows(Promise)}
    assert {kind: p.due_at for kind, p in promises.items()} == {
        "first_contact": ticket.first_contact_due,
        "result": ticket.result_due,
    }
    assert {(p.owner_id, p.state) for p in promises.values()} == {("agent2", "open")}
    event = await desk.row(TicketEvent)
    assert (event.action, event.from_status, event.to_status, event.actor) == (
        "registered", None, "registered", "customer",
    )  # fmt: skip


async def test_an_owner_is_found_at_night_and_with_one_colleague_left(sqlite_desk: Desk) -> None:
    async with sqlite_desk.services.db.write() as uow:
        for staff in await sqlite_desk.rows(Staff):
            if staff.role != "admin":
                await uow.session.delete(staff)
        await uow.commit()
    sqlite_desk.clock.set(datetime(2026, 11, 23, 19, tzinfo=UTC))
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", complaint())
    assert (await sqlite_desk.row(Ticket, number=result["number"])).owner_id == "admin"


async def test_who_is_complained_of_never_investigates(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in("agent")
    payload = complaint(
        category="attitude", order=None, product=None, danger=None, channel="在线客服", staff_name="林晓"
    )
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", payload)
    assert (await sqlite_desk.row(Ticket, number=result["number"])).owner_id != "agent"


@pytest.mark.parametrize("missing", ["name", "description", "order", "occurred", "outcome", "product"])
async def test_a_complaint_without_a_required_field_is_refused_twice(sqlite_desk: Desk, missing: str) -> None:
    conversation_id = await sqlite_desk.customer()
    with pytest.raises(InvalidInput) as refused:
        await sqlite_desk.reserve(conversation_id, "open_ticket", complaint(**{missing: None}))
    assert refused.value.details == {"fields": [missing]}
    result = await sqlite_desk.reserve(conversation_id, "open_ticket", complaint())
    with pytest.raises(InvalidInput):
        await sqlite_desk.apply(conversation_id, "open_ticket", complaint(**{missing: None}), result)
    assert await sqlite_desk.rows(Ticket) == []


async def test_mail_serves_instead_of_a_phone(sqlite_desk: Desk) -> None:
    payload = complaint(phone=None, email="wang@example.com")
    await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", payload)
    assert (await sqlite_desk.row(Ticket)).fields["email"] == "wang@example.com"


KINDS: dict[str, dict[str, Any]] = {
    "refund": {"order": "2026110812345", "description": "不想要了", "name": "王女士", "phone": "13812345678"},
    "exchange": {"order": "2026110812345", "description": "有划痕", "name": "王女士", "phone": "13812345678"},
    "repair": {
        "product": "冰箱", "description": "不制冷", "visit_time": "周六", "address": "三声路 3 号", "name": "王女士",
        "phone": "13812345678",
    },
    "installation": {"order": "2026110812345", "visit_time": "周六", "name": "王女士", "phone": "13812345678"},
    "order_change": {"order": "2026110899887", "change_kind": "cancel", "name": "王女士", "phone": "13812345678"},
    "invoice": {
        "order": "2026110812345", "invoice_kind": "personal", "invoice_title": "王小明", "email": "w@example.com",
    },
    "suggestion": {"description": "希望增加夜间客服"},
    "praise": {"description": "师傅很专业"},
    "callback": {"description": "请给我回电", "name": "王女士", "phone": "13812345678"},
    "offline_message": {"description": "请联系我"},
    "data_request": {"data_action": "delete", "name": "王女士", "phone": "13812345678"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_is_opened_with_an_owner_and_the_promises_of_its_clock(sqlite_desk: Desk, kind: str) -> None:
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", {"kind": kind, "fields": KINDS[kind]})
    ticket = await sqlite_desk.row(Ticket, number=result["number"])
    promised = {p.kind for p in await sqlite_desk.rows(Promise)}
    assert (ticket.kind, bool(ticket.owner_id)) == (kind, True)
    assert promised == {
        "callback": {"callback"},
        "offline_message": {"callback"},
        "praise": set[str](),
    }.get(kind, {"first_contact", "result"})
    assert (result["promised_at"] is None) == (kind == "praise")


async def test_a_call_back_is_promised_in_service_hours(sqlite_desk: Desk) -> None:
    sqlite_desk.clock.set(datetime(2026, 11, 23, 14, tzinfo=UTC))  # 22:00: closed; open at 9:00, two hours
    payload = {"kind": "callback", "fields": KINDS["callback"]}
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", payload)
    assert datetime.fromisoformat(result["promised_at"]) == datetime(2026, 11, 24, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "payload",
    [
        {"kind": "complaint", "category": "safety", "urgency": "safety", "fields": {"description": "插座冒烟了"}},
        complaint(danger="danger"),
        complaint(category="safety", danger="stopped", injured="yes"),
    ],
)
async def test_danger_is_the_duty_lines_within_the_hour(sqlite_desk: Desk, payload: dict[str, Any]) -> None:
    sqlite_desk.clock.set(datetime(2026, 11, 23, 18, tzinfo=UTC))  # two in the morning
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", payload)
    ticket = await sqlite_desk.row(Ticket, number=result["number"])
    assert (ticket.urgency, ticket.department) == ("safety", "duty")
    assert ticket.first_contact_due == sqlite_desk.clock.now() + timedelta(hours=1)


async def test_an_urgent_sign_shortens_the_limit(sqlite_desk: Desk) -> None:
    payload = complaint(description="冰箱坏了，家里宝宝的母乳都化了")
    result = await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", payload)
    ticket = await sqlite_desk.row(Ticket, number=result["number"])
    assert (ticket.urgency, ticket.result_due) == ("urgent", datetime(2026, 11, 26, 13, tzinfo=UTC))


async def test_a_repeated_complaint_joins_the_open_one_and_raises_it(desk: Desk) -> None:
    conversation_id = await desk.customer()
    first = await desk.turn(conversation_id, "open_ticket", complaint())
    again = await desk.turn(conversation_id, "open_ticket", complaint(description="还是没人处理", amount="199"))
    ticket = await desk.row(Ticket)
    assert (again["number"], again["joined"], first["joined"]) == (first["number"], True, False)
    assert ticket.fields["description"] == "冰箱送到第二天就不制冷了\n补充：还是没人处理"
    assert (ticket.fields["amount"], ticket.urgency, ticket.version) == ("199", "urgent", 2)
    assert datetime.fromisoformat(again["promised_at"]) < datetime.fromisoformat(first["promised_at"])
    due = {p.kind: p.due_at for p in await desk.rows(Promise)}
    assert due["result"] == ticket.result_due == datetime.fromisoformat(again["promised_at"])
    assert [e.action for e in await desk.rows(TicketEvent)] == ["registered", "repeated"]


async def test_another_order_or_another_customer_is_another_ticket(sqlite_desk: Desk) -> None:
    mine = await sqlite_desk.customer()
    await sqlite_desk.turn(mine, "open_ticket", complaint())
    await sqlite_desk.turn(mine, "open_ticket", complaint(order="2026110899887"))
    await sqlite_desk.turn(await sqlite_desk.customer("li"), "open_ticket", complaint())
    assert len(await sqlite_desk.rows(Ticket, kind="complaint")) == 3


async def test_who_registers_is_remembered(sqlite_desk: Desk) -> None:
    await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", complaint())
    customer = await sqlite_desk.row(Customer)
    assert (customer.name, customer.phone) == ("王小明", "13812345678")


async def test_urging_makes_it_urgent_and_earlier_never_later(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = (await sqlite_desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    before = (await sqlite_desk.row(Ticket)).result_due
    result = await sqlite_desk.turn(conversation_id, "urge_ticket", {"number": number, "note": "快点"})
    ticket = await sqlite_desk.row(Ticket)
    assert ticket.urgency == "urgent"
    assert ticket.result_due == datetime.fromisoformat(result["promised_at"]) < before
    sqlite_desk.clock.advance(timedelta(days=2))
    await sqlite_desk.turn(conversation_id, "urge_ticket", {"number": number})
    assert (await sqlite_desk.row(Ticket)).result_due == ticket.result_due


async def test_withdrawing_closes_and_a_second_time_is_refused(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = (await sqlite_desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    await sqlite_desk.turn(conversation_id, "withdraw_ticket", {"number": number, "reason": "解决了"})
    ticket = await sqlite_desk.row(Ticket)
    assert (ticket.status, ticket.closed_at) == ("withdrawn", MONDAY)
    assert {p.state for p in await sqlite_desk.rows(Promise)} == {"kept"}
    with pytest.raises(MoveRefused):
        await sqlite_desk.reserve(conversation_id, "withdraw_ticket", {"number": number})
    with pytest.raises(MoveRefused):
        await sqlite_desk.reserve(conversation_id, "urge_ticket", {"number": number})


@pytest.mark.parametrize("kind", ["urge_ticket", "withdraw_ticket", "dispute_ticket", "satisfy_ticket", "ticket_note"])
async def test_a_strangers_ticket_and_an_invented_one_are_equally_unknown(sqlite_desk: Desk, kind: str) -> None:
    number = (await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", complaint()))["number"]
    stranger = await sqlite_desk.customer("stranger")
    said = []
    for tried in (number, "TS20261123-9999"):
        with pytest.raises(NotFound) as refused:
            await sqlite_desk.reserve(stranger, kind, {"number": tried, "text": "x", "reason": "x"})
        said.append(str(refused.value).replace(tried, "*"))
    assert said[0] == said[1]


async def test_a_disputed_result_is_investigated_by_somebody_else_one_level_up(desk: Desk) -> None:
    conversation_id = await desk.customer()
    number = await answered(desk, conversation_id)
    before = await desk.row(Ticket)
    result = await desk.turn(conversation_id, "dispute_ticket", {"number": number, "reason": "换的还是坏的"})
    after = await desk.row(Ticket)
    assert result["outcome"] == "reinvestigating"
    assert (after.status, after.round, after.level, after.department) == ("investigating", 2, "office", "office")
    assert after.owner_id != before.owner_id
    open_promises = await desk.rows(Promise, state="open")
    assert [(p.kind, p.owner_id, p.due_at) for p in open_promises] == [("result", after.owner_id, after.result_due)]


async def test_too_late_an_appeal_is_a_new_complaint(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = await answered(sqlite_desk, conversation_id)
    await sqlite_desk.customer(words="收到了")
    sqlite_desk.clock.advance(timedelta(days=11))
    result = await sqlite_desk.turn(conversation_id, "dispute_ticket", {"number": number, "reason": "又坏了"})
    assert (result["outcome"], result["previous"]) == ("new", number)
    fresh = await sqlite_desk.row(Ticket, number=result["number"])
    assert (fresh.status, fresh.fields["ticket"], fresh.fields["description"]) == ("registered", number, "又坏了")


async def test_an_objection_before_the_result_is_noted(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = (await sqlite_desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    result = await sqlite_desk.turn(conversation_id, "dispute_ticket", {"number": number, "reason": "太慢"})
    assert result["outcome"] == "noted"
    assert (await sqlite_desk.rows(TicketEvent))[-1].note == "太慢"


async def test_a_content_customer_closes_the_ticket(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = await answered(sqlite_desk, conversation_id)
    await sqlite_desk.turn(conversation_id, "satisfy_ticket", {"number": number})
    assert (await sqlite_desk.row(Ticket)).status == "satisfied"
