"""Compensation: proposed, approved within a role's limit, offered by letter, answered freely."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from helpdesk.store.tables import Compensation, Ticket
from tests.integration.desk.conftest import Desk
from tests.integration.desk.letters import MOVES, NIGHT, assert_replays, in_the_morning, moved, opened
from tests.integration.desk.steps import press

SMALL = {"form": "money", "amount": "88.00", "text": "补偿误工费", "reason": "延误三天"}


def worth(amount: str, **changes: str) -> dict[str, str]:
    return {**SMALL, "amount": amount, **changes}


async def proposed(desk: Desk, number: str, by: str, **body: Any) -> dict[str, Any]:
    """The newest compensation as the desk shows it."""
    shown = await desk.ok("POST", f"/tickets/{number}/compensations", by, **body)
    found: dict[str, Any] = shown["compensations"][-1]
    return found


async def decision(desk: Desk, found: dict[str, Any], by: str, what: str) -> str:
    """The state after a decision."""
    shown = await desk.ok("POST", f"/compensations/{found['id']}/decision", by, decision=what)
    return str(next(one["state"] for one in shown["compensations"] if one["id"] == found["id"]))


async def test_within_ones_own_limit_it_is_offered_at_once(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    made = await proposed(desk, number, "agent2", **SMALL)
    assert (made["state"], made["amount"], made["proposed_by"], made["decided_by"]) == (
        "approved", "88.00", "agent2", "agent2",
    )  # fmt: skip
    said = (await desk.told(conversation_id))[-1]
    assert said.custom == {"kind": "letter", "letter": "compensation", "number": number}
    assert "补偿误工费（88.00 元）" in said.text
    assert "延误三天" not in said.text
    assert [button["title"] for button in said.buttons or []] == ["接受", "不接受"]


async def test_above_it_somebody_with_a_higher_limit_approves(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    before = len(await sqlite_desk.told(conversation_id))
    for amount, may in (("200.01", "supervisor"), ("2000.01", "admin")):
        sqlite_desk.clock.advance(timedelta(minutes=1))
        made = await proposed(sqlite_desk, number, "agent2", **worth(amount))
        assert made["state"] == "proposed"
        path = f"/compensations/{made['id']}/decision"
        for who in {"agent", "agent2", "supervisor"} - {may}:
            await sqlite_desk.refused(403, "POST", path, who, decision="approve")
        assert len(await sqlite_desk.told(conversation_id)) == before
        assert await decision(sqlite_desk, made, may, "approve") == "approved"
        await sqlite_desk.refused(409, "POST", path, may, decision="approve")
        before += 1
        assert len(await sqlite_desk.told(conversation_id)) == before


async def test_nobody_exceeds_every_limit(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    made = await proposed(sqlite_desk, number, "admin", **worth("20000.01"))
    assert made["state"] == "proposed"
    await sqlite_desk.refused(403, "POST", f"/compensations/{made['id']}/decision", "admin", decision="approve")


async def test_a_rejected_one_is_never_offered(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    before = len(await sqlite_desk.told(conversation_id))
    made = await proposed(sqlite_desk, number, "agent2", **worth("500"))
    await sqlite_desk.refused(403, "POST", f"/compensations/{made['id']}/decision", "agent", decision="reject")
    assert await decision(sqlite_desk, made, "supervisor", "reject") == "rejected"
    assert await press(sqlite_desk, conversation_id, "answer_compensation", id=made["id"], accept=True) == []
    assert (await sqlite_desk.row(Compensation)).state == "rejected"
    assert len(await sqlite_desk.told(conversation_id)) == before


async def test_the_customer_accepts_or_refuses_once_and_nothing_hangs_on_it(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    await moved(desk, number, *MOVES)
    for accept, state in ((True, "accepted"), (False, "refused")):
        desk.clock.advance(timedelta(minutes=1))
        made = await proposed(desk, number, "agent2", **SMALL)
        yes, no = ((b["press"]) for b in (await desk.told(conversation_id))[-1].buttons or [])
        assert (yes["accept"], no["accept"]) == (True, False)
        chosen = yes if accept else no
        for again in (chosen, yes, no):  # the first counts, whatever is pressed afterwards
            assert await press(desk, conversation_id, **again) == ["compensation"]
        found = await desk.row(Compensation, id=made["id"])
        assert (found.state, found.answered_at) == (state, desk.clock.now())
        assert (await desk.row(Ticket)).status == "answered"
    shown = await desk.ok("GET", f"/tickets/{number}", "supervisor")
    told = [event["action"] for event in shown["timeline"] if event["action"].startswith("compensation")]
    offered = ["compensation_proposed", "compensation_approved"]
    assert told == [*offered, "compensation_accepted", *offered, "compensation_refused"]
    assert [e["actor"] for e in shown["timeline"]][-1] == "customer"
    await assert_replays(desk, number)


async def test_what_the_customer_says_on_the_phone_is_written_down(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    made = await proposed(sqlite_desk, number, "agent2", **SMALL)
    assert await decision(sqlite_desk, made, "agent2", "accept") == "accepted"
    await sqlite_desk.refused(409, "POST", f"/compensations/{made['id']}/decision", "agent2", decision="refuse")


async def test_two_supervisors_at_once_approve_once_and_offer_once(desk: Desk) -> None:
    conversation_id, number = await opened(desk)
    before = len(await desk.told(conversation_id))
    made = await proposed(desk, number, "agent2", **worth("500"))
    for who in ("supervisor", "admin"):
        await desk.sign_in(who)
    path = f"/compensations/{made['id']}/decision"
    answers = await asyncio.gather(
        desk.call("POST", path, "supervisor", decision="approve"), desk.call("POST", path, "admin", decision="reject")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    offered = (await desk.row(Compensation)).state == "approved"
    assert len(await desk.told(conversation_id)) == before + offered


async def test_an_offer_does_not_go_out_at_night(sqlite_desk: Desk) -> None:
    conversation_id, number = await opened(sqlite_desk)
    before = len(await sqlite_desk.told(conversation_id))
    sqlite_desk.clock.set(NIGHT)
    await proposed(sqlite_desk, number, "agent2", **SMALL)
    assert len(await sqlite_desk.told(conversation_id)) == before
    await in_the_morning(sqlite_desk)
    assert (await sqlite_desk.told(conversation_id))[-1].custom["letter"] == "compensation"


async def test_what_is_no_amount_or_form_is_refused(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    path = f"/tickets/{number}/compensations"
    for changes in ({"amount": "abc"}, {"amount": "-5"}, {"amount": "0"}, {"form": "gold"}, {"text": " "}):
        await sqlite_desk.refused(422, "POST", path, **{**SMALL, **changes})
    assert await sqlite_desk.rows(Compensation) == []
    assert (await proposed(sqlite_desk, number, "agent", **worth("0", form="service")))["state"] == "approved"


async def test_a_closed_ticket_is_offered_nothing_more(sqlite_desk: Desk) -> None:
    _, number = await opened(sqlite_desk)
    await moved(sqlite_desk, number, {"action": "withdraw", "note": "客户来电撤回"}, by="supervisor")
    await sqlite_desk.refused(409, "POST", f"/tickets/{number}/compensations", **SMALL)
