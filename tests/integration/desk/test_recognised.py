"""A promise read from a reply: in the ledger at once, confirmed or put right with a click."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from helpdesk.store.tables import Audit, Promise
from tests.integration.desk.conftest import Desk

REPLY = "您好，我会在明天上午 10 点前给您回电。"


async def promised(desk: Desk) -> dict[str, Any]:
    """What a reply of `agent` was read to promise."""
    await desk.sign_in()
    conversation_id = await desk.waiting()
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    path = f"/conversations/{conversation_id}/messages"
    sent = await desk.ok("POST", path, text=REPLY, client_id="one")
    assert await desk.ok("POST", path, text=REPLY, client_id="one") == {**sent, "findings": []}
    [found] = sent["promises"]
    return found  # type: ignore[no-any-return]


async def test_it_is_in_the_ledger_before_the_click_and_stays_with_it(desk: Desk) -> None:
    made = await promised(desk)
    assert (made["state"], made["owner"]) == ("open", "agent")
    assert [one["id"] for one in await desk.ok("GET", "/promises?state=open")] == [made["id"]]
    assert await desk.ok("POST", f"/promises/{made['id']}/confirm") == made
    [noted] = await desk.rows(Audit, action="promise_confirmed")
    assert noted.actor == "staff:agent"


async def test_a_time_that_was_read_wrongly_is_put_right(sqlite_desk: Desk) -> None:
    made = await promised(sqlite_desk)
    later = datetime.fromisoformat(made["due_at"]) + timedelta(hours=3)
    await sqlite_desk.ok("POST", f"/promises/{made['id']}/confirm", due_at=later.isoformat())
    assert (await sqlite_desk.row(Promise)).due_at == later
    past = (sqlite_desk.clock.now() - timedelta(minutes=1)).isoformat()
    refused = await sqlite_desk.call("POST", f"/promises/{made['id']}/confirm", "agent", due_at=past)
    assert refused.status_code == 422


async def test_what_was_no_promise_leaves_the_ledger_and_a_trace(desk: Desk) -> None:
    made = await promised(desk)
    assert (await desk.call("POST", f"/promises/{made['id']}/dismiss", "agent")).status_code == 204
    assert await desk.rows(Promise) == []
    [noted] = await desk.rows(Audit, action="promise_dismissed")
    assert noted.detail["text"] == made["text"]


async def test_a_promise_about_to_be_missed_cannot_be_wiped_away(sqlite_desk: Desk) -> None:
    made = await promised(sqlite_desk)
    sqlite_desk.clock.advance(timedelta(minutes=11))
    assert (await sqlite_desk.call("POST", f"/promises/{made['id']}/dismiss", "agent")).status_code == 409
    assert len(await sqlite_desk.rows(Promise)) == 1


async def test_only_who_promised_can_say_so(sqlite_desk: Desk) -> None:
    made = await promised(sqlite_desk)
    for move in ("confirm", "dismiss"):
        assert (await sqlite_desk.call("POST", f"/promises/{made['id']}/{move}", "supervisor")).status_code == 403
