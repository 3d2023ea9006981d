"""A complaint's whole life: every pair of a state and an action, two at once, rounds, levels, owners, appeals."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.model.ticket import ALLOWED, Action, Status
from helpdesk.store.tables import Audit, Letter, Promise, Staff, Ticket
from helpdesk.usecases.letters.letters import send_due_letters
from helpdesk.usecases.turns.lookups import find_ticket
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.letters import MORNING, MOVES, NIGHT, appealed, assert_replays, events_of, moved, opened

PATHS: dict[Status, tuple[str, ...]] = {
    Status.REGISTERED: (),
    Status.ACCEPTED: ("accept",),
    Status.INVESTIGATING: ("accept", "investigate"),
    Status.ANSWERED: ("accept", "investigate", "answer"),
    Status.SATISFIED: ("accept", "investigate", "answer", "satisfy"),
    Status.CONCLUDED: ("accept", "investigate", "conclude"),
    Status.WITHDRAWN: ("withdraw",),
}
"""How a complaint comes into each state."""


def step(action: str) -> dict[str, Any]:
    """An action with all that it may need."""
    return {"action": action, "note": "已按您的要求处理", "cause": "压缩机故障", "corrective_action": "更换批次"}


@pytest.mark.parametrize("status", PATHS)
async def test_only_the_moves_of_the_table_are_possible(sqlite_desk: Desk, status: Status) -> None:
    """What moves has a ticket of its own; what is refused changes nothing, so that all refusals are of one ticket."""
    refused = await brought_to(sqlite_desk, status, "refused")
    for action in Action:
        expected = ALLOWED.get((status, action))
        number = await brought_to(sqlite_desk, status, action) if expected else refused
        answer = await sqlite_desk.call("POST", f"/tickets/{number}/transitions", "supervisor", **step(action))
        ticket = await sqlite_desk.row(Ticket, number=number)
        assert (answer.status_code, ticket.status) == ((200, expected) if expected else (409, status)), action
        await assert_replays(sqlite_desk, number)


async def brought_to(desk: Desk, status: Status, sender: str) -> str:
    """The number of a new complaint in this state."""
    _, number = await opened(desk, sender)
    await moved(desk, number, *(step(one) for one in PATHS[status]), by="supervisor")
    return number


@pytest.mark.parametrize("first, second", list(itertools.combinations(("answer", "conclude", "withdraw"), 2)))
async def test_of_two_staff_at_once_one_moves_and_one_is_refused(desk: Desk, first: str, second: str) -> None:
    _, number = await opened(desk)
    await moved(desk, number, *MOVES[:2])
    await desk.sign_in("supervisor")
    await desk.sign_in("agent2")
    path, version = f"/tickets/{number}/transitions", (await desk.row(Ticket, number=number)).version
    by = {action: "agent2" if action == "answer" else "supervisor" for action in (first, second)}
    answers = await asyncio.gather(
        *(desk.call("POST", path, by[action], **step(action), version=version) for action in (first, second))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = (first, second)[[answer.status_code for answer in answers].index(200)]
    ticket = await desk.row(Ticket, number=number)
    assert (ticket.status, ticket.version) == (ALLOWED[Status.INVESTIGATING, Action(winner)], version + 1)
    assert [event.action for event in await events_of(desk, number)].count(winner) == 1
    await assert_replays(desk, number)


async def test_everybody_at_once_leaves_a_timeline_that_replays(desk: Desk) -> None:
    """No versions given: each move is judged by the state it meets."""
    _, number = await opened(desk)
    people = ("agent", "agent2", "supervisor")
    for who in people:
        await desk.sign_in(who)
    path = f"/tickets/{number}"
    answers = await asyncio.gather(
        *(
            desk.call("POST", f"{path}/transitions", who, **step(action))
            for who in people
            for action in PATHS[Status.ANSWERED]
        ),
        desk.call("POST", f"{path}/owner", "agent", to="agent2"),
        desk.call("POST", f"{path}/department", "agent2", department="sales", note="价格问题"),
        desk.call("POST", f"{path}/escalate", "supervisor", note="超出权限"),
        desk.call("POST", f"{path}/investigators", "supervisor", staff_id="admin"),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 403, 409, 422}  # an owner of before may no more
    await assert_replays(desk, number)
    assert len({letter.key for letter in await desk.rows(Letter)}) == len(await desk.rows(Letter))


# ---------------------------------------------------------------- whose hands it is in


async def test_a_transfer_has_a_reason_an_owner_at_once_and_is_told(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    path = f"/tickets/{number}/department"
    await desk.refused(422, "POST", path, "agent2", department="sales")
    await desk.refused(422, "POST", path, "agent2", department="nowhere", note="x")
    await desk.refused(422, "POST", path, "agent2", department="quality", note="已经在这里")
    shown = await desk.ok("POST", path, "agent2", department="sales", note="是价格问题", to="agent2")
    assert (shown["department"], shown["owner"], shown["level"]) == ("sales", "agent2", "department")
    assert {p["owner"] for p in shown["promises"] if p["state"] == "open"} == {"agent2"}
    event = shown["timeline"][-1]
    assert (event["action"], event["note"], event["detail"]["to_department"]) == ("transferred", "是价格问题", "sales")
    said = (await desk.told(conversation_id))[-1].text
    assert "销售部" in said
    assert "周敏" in said
    assert "是价格问题" not in said  # among ourselves
    assert (await desk.ok("POST", path, "agent2", department="office", note="升级"))["level"] == "office"
    await assert_replays(desk, number)


async def test_it_goes_up_to_the_top_and_no_further(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    path = f"/tickets/{number}/escalate"
    await sqlite_desk.refused(422, "POST", path)
    levels = [(await sqlite_desk.ok("POST", path, note="超出权限"))["level"] for _ in range(2)]
    assert levels == ["office", "management"]
    assert (await sqlite_desk.told(conversation_id))[-1].custom["letter"] == "progress"
    await sqlite_desk.refused(409, "POST", path, note="再上报")
    await assert_replays(sqlite_desk, number)


async def test_a_group_of_departments_investigates_and_one_owns(desk: Desk) -> None:
    await desk.sign_in("agent2")
    _, number = await opened(desk)
    path = f"/tickets/{number}/investigators"
    await desk.refused(422, "POST", path, "agent2", staff_id="agent2")  # the owner
    await desk.refused(422, "POST", path, "agent2", staff_id="nobody")
    for _ in range(2):
        shown = await desk.ok("POST", path, "agent2", staff_id="supervisor", note="请办公室参与")
    assert shown["investigators"] == [{"staff_id": "supervisor", "name": "陈静", "department": "office"}]
    assert [e["action"] for e in shown["timeline"]].count("investigator_added") == 1
    assert (await desk.ok("DELETE", f"{path}/supervisor", "agent2"))["investigators"] == []
    await desk.refused(404, "DELETE", f"{path}/supervisor", "agent2")
    assert (await desk.row(Ticket)).owner_id == "agent2"
    await assert_replays(desk, number)


ABOUT_LIN = {
    "category": "attitude", "order": None, "product": None, "danger": None, "channel": "在线客服",
    "staff_name": "S1001",
}  # fmt: skip


async def test_the_person_complained_of_gets_it_by_no_way(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in("agent")
    _, number = await opened(sqlite_desk, **ABOUT_LIN)
    path = f"/tickets/{number}"
    for route, body in (
        ("owner", {"to": "agent"}),
        ("department", {"department": "sales", "note": "x", "to": "agent"}),
        ("investigators", {"staff_id": "agent"}),
    ):
        await sqlite_desk.refused(422, "POST", f"{path}/{route}", "supervisor", **body)
    await sqlite_desk.refused(403, "POST", f"{path}/transitions", "agent", **step("accept"))
    await moved(sqlite_desk, number, *map(step, PATHS[Status.ANSWERED]), by="supervisor")
    await sqlite_desk.refused(422, "POST", f"{path}/transitions", "supervisor", **step("reinvestigate"), to="agent")
    for _ in range(4):
        await moved(sqlite_desk, number, step("reinvestigate"), by="supervisor")
        assert (await sqlite_desk.row(Ticket)).owner_id != "agent"
        await moved(sqlite_desk, number, step("answer"), by="supervisor")


async def test_who_serves_the_customer_does_not_own_a_complaint_about_themselves(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in("agent")
    conversation_id = await sqlite_desk.waiting()
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await sqlite_desk.turn(conversation_id, "open_ticket", complaint(**ABOUT_LIN))
    assert (await sqlite_desk.row(Ticket)).owner_id != "agent"


async def test_round_after_round_with_somebody_else_higher_up(desk: Desk) -> None:
    await desk.sign_in("agent")
    conversation_id, number = await opened(desk)
    await moved(desk, number, *MOVES)
    owners, levels = [(await desk.row(Ticket)).owner_id], []
    for n in (2, 3):
        await desk.turn(conversation_id, "dispute_ticket", {"number": number, "reason": f"第 {n} 次还是不行"})
        ticket = await desk.row(Ticket)
        owners.append(ticket.owner_id)
        levels.append((ticket.round, ticket.level))
        said = (await desk.told(conversation_id))[-1]
        owner = await desk.row(Staff, id=ticket.owner_id)
        assert said.custom["letter"] == "appeal_received"
        for told in (owner.name, owner.number, f"第 {n} 次", "12315", "仲裁", "诉讼"):
            assert told in said.text, told
        await moved(desk, number, MOVES[2], by=ticket.owner_id)
    assert levels == [(2, "office"), (3, "management")]
    assert len(set(owners)) == 3
    assert {(await desk.row(Staff, id=owner)).role for owner in owners[1:]} <= {"supervisor", "admin"}
    await assert_replays(desk, number)


# ---------------------------------------------------------------- the ten days


async def test_ten_days_are_counted_from_the_receipt_of_the_result(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    sqlite_desk.clock.set(NIGHT)  # answered on the 23rd, received on the 24th
    await moved(sqlite_desk, number, *MOVES)
    sqlite_desk.clock.set(MORNING)
    await send_due_letters(sqlite_desk.services, MORNING)
    sqlite_desk.clock.advance(timedelta(hours=1))
    await sqlite_desk.customer(words="收到了")
    sqlite_desk.clock.set(datetime.fromisoformat("2026-12-04T23:59:00+08:00"))
    assert await appealed(sqlite_desk, conversation_id, number) == "reinvestigating"
    sqlite_desk.clock.set(datetime.fromisoformat("2026-12-05T00:00:00+08:00"))
    assert await appealed(sqlite_desk, conversation_id, number) == "new"


async def test_a_result_that_nobody_has_received_can_always_be_appealed_against(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    sqlite_desk.clock.set(NIGHT)
    await moved(sqlite_desk, number, *MOVES)
    sqlite_desk.clock.advance(timedelta(days=30))
    assert await appealed(sqlite_desk, conversation_id, number) == "reinvestigating"


async def test_a_corrected_result_begins_the_ten_days_anew(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES)
    sqlite_desk.clock.advance(timedelta(days=9))
    sqlite_desk.tokens.clear()
    await moved(sqlite_desk, number, {"action": "correct", "note": "改为全额退款"})
    sqlite_desk.clock.advance(timedelta(days=9))
    assert await appealed(sqlite_desk, conversation_id, number) == "reinvestigating"


async def test_a_late_appeal_is_a_new_complaint_with_somebody_else_that_names_the_old(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES)
    await sqlite_desk.customer(words="收到了")
    old = await sqlite_desk.row(Ticket)
    sqlite_desk.clock.advance(timedelta(days=11))
    payload = {"number": number, "reason": "又坏了"}
    result = await sqlite_desk.turn(conversation_id, "dispute_ticket", payload)
    fresh = await sqlite_desk.row(Ticket, number=result["number"])
    assert (fresh.fields["ticket"], fresh.owner_id != old.owner_id) == (number, True)
    said = (await sqlite_desk.told(conversation_id))[-1]
    assert (said.custom["letter"], result["number"] in said.text) == ("acknowledgement", True)


async def test_a_conclusion_has_reasons_remedies_and_ends_what_was_promised(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES)
    await sqlite_desk.refused(403, "POST", f"/tickets/{number}/transitions", "agent", **step("conclude"))
    await moved(sqlite_desk, number, {"action": "conclude", "note": "已换新两次并全额补偿"}, by="supervisor")
    said = (await sqlite_desk.told(conversation_id))[-1].text
    for told in ("已换新两次并全额补偿。", "12315", "消费者协会", "仲裁", "诉讼"):
        assert told in said
    assert {p.state for p in await sqlite_desk.rows(Promise)} == {"kept"}


async def test_a_withdrawal_is_confirmed_in_writing_and_nothing_hangs_on_it(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    await sqlite_desk.turn(conversation_id, "withdraw_ticket", {"number": number})
    said = (await sqlite_desk.told(conversation_id))[-1]
    assert said.custom == {"kind": "ticket_status", "number": number, "status": "withdrawn", "letter": "withdrawal"}
    assert "权利" in said.text
    await moved(sqlite_desk, number, {"action": "resume"})
    assert (await sqlite_desk.told(conversation_id))[-1].custom["letter"] == "progress"
    await assert_replays(sqlite_desk, number)


async def test_an_alternative_is_on_the_timeline(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    shown = await sqlite_desk.ok("POST", f"/tickets/{number}/alternatives", text="没有同款，改送升级款")
    assert (shown["timeline"][-1]["action"], shown["timeline"][-1]["note"]) == (
        "alternative_offered", "没有同款，改送升级款",
    )  # fmt: skip


# ---------------------------------------------------------------- coming again, and once too often


async def proved(desk: Desk, conversation_id: str, number: str, digits: str) -> bool:
    """The customer names the ticket and the last four digits of its phone."""
    from helpdesk.model.conversation import TurnRef

    turn = TurnRef(conversation_id, "m" * 32, 1)
    return await find_ticket(desk.services, turn, number, digits) is not None


async def test_from_another_channel_a_complaint_joins_only_after_its_phone_was_proved(desk: Desk) -> None:
    _, number = await opened(desk, "wang")
    other = await desk.customer("wang-on-wechat")
    assert not (await desk.reserve(other, "open_ticket", complaint()))["joined"]  # the same phone, only typed
    assert not await proved(desk, other, number, "0000")
    assert not (await desk.reserve(other, "open_ticket", complaint()))["joined"]
    assert await proved(desk, other, number, "5678")
    again = await desk.turn(other, "open_ticket", complaint(description="在微信再说一次，还没人管"))
    assert (again["joined"], again["number"]) == (True, number)
    ticket = await desk.row(Ticket, number=number)
    assert (ticket.urgency, "再说一次" in ticket.fields["description"]) == ("urgent", True)
    await assert_replays(desk, number)


async def test_the_third_complaint_about_one_product_opens_one_improvement(desk: Desk) -> None:
    for n in range(5):
        await opened(desk, f"customer{n}", product="双门冰箱")
        await opened(desk, f"other{n}", product=f"洗衣机{n}")
        assert len(await desk.rows(Ticket, kind="internal")) == (1 if n >= 2 else 0)
    improvement = await desk.row(Ticket, kind="internal")
    assert (improvement.category, improvement.number) == ("improvement", "NB20261123-0001")
    assert "双门冰箱" in improvement.fields["description"]
    assert await desk.rows(Letter, number=improvement.number) == []
    numbers = sorted(ticket.number for ticket in await desk.rows(Ticket, kind="complaint"))
    assert numbers == [f"TS20261123-{n:04d}" for n in range(1, 11)]  # ours leaves no gap in theirs


async def test_three_at_the_same_moment_open_one_improvement(desk: Desk) -> None:
    customers = [await desk.customer(f"c{n}") for n in range(6)]
    await asyncio.gather(*(desk.turn(one, "open_ticket", complaint()) for one in customers))
    assert len(await desk.rows(Ticket, kind="internal")) == 1


async def test_the_same_cause_found_three_times_opens_an_improvement(sqlite_desk: Desk) -> None:
    for n in range(4):
        _, number = await opened(sqlite_desk, f"c{n}", product=f"型号{n}")
        await moved(sqlite_desk, number, *MOVES)
        assert len(await sqlite_desk.rows(Ticket, kind="internal")) == (1 if n >= 2 else 0)
    assert "压缩机故障" in (await sqlite_desk.row(Ticket, kind="internal")).fields["description"]


async def test_who_insists_on_an_evasion_is_in_the_audit(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, *MOVES[:2])
    await moved(sqlite_desk, number, {**MOVES[2], "note": "这是公司规定", "force": True})
    assert (await sqlite_desk.row(Audit, action="letter_forced")).subject == number
