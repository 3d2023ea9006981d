"""What lies behind a conversation; writing to a customer first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.store.tables import Conversation, Message, WebSession
from helpdesk.usecases.conversations.receive import Incoming, receive
from tests.integration.desk.conftest import Desk, complaint


async def over(desk: Desk, channel: str = "rest", sender: str = "li") -> str:
    """A customer who was served, and whose conversation has ended."""
    await desk.sign_in()
    conversation_id = (await receive(desk.services, Incoming(channel, sender, "冰箱不制冷"))).conversation_id
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，已为您登记。")
    await desk.ok("POST", f"/conversations/{conversation_id}/close")
    await desk.change(Conversation, conversation_id, last_customer_at=desk.clock.now())
    return conversation_id


async def later(desk: Desk, hours: int) -> None:
    """After so many hours everybody signs in anew."""
    desk.clock.advance(timedelta(hours=hours))
    desk.tokens.clear()
    await desk.sign_in()


async def test_earlier_talks_and_all_tickets_stand_behind_a_conversation(desk: Desk) -> None:
    conversation_id = await over(desk)
    await desk.turn(conversation_id, "open_ticket", complaint())
    await later(desk, 24)
    await desk.ok("POST", f"/conversations/{conversation_id}/write-again")
    found = await desk.ok("GET", f"/conversations/{conversation_id}/history")
    (earlier,) = found["talks"]
    assert (earlier["words"], earlier["staff_ids"], earlier["session_no"]) == ("冰箱不制冷", ["agent"], 1)
    assert earlier["first_seq"] < earlier["last_seq"]
    assert [one["kind"] for one in found["tickets"]] == ["complaint"]
    other = await desk.customer("wang")
    assert (await desk.ok("GET", f"/conversations/{other}/history"))["talks"] == []


async def test_earlier_words_are_masked_like_all_others(desk: Desk) -> None:
    conversation_id = await over(desk)
    await desk.change(Message, (await desk.row(Message, author="customer")).id, text="我的电话是13812345678")
    await desk.ok("POST", f"/conversations/{conversation_id}/write-again")
    for who, is_shown in (("agent", True), ("agent2", False)):
        (earlier,) = (await desk.ok("GET", f"/conversations/{conversation_id}/history", who))["talks"]
        assert ("13812345678" in earlier["words"]) is is_shown


async def test_a_closed_conversation_is_written_in_again_and_its_customer_told_by_whom(desk: Desk) -> None:
    conversation_id = await over(desk)
    for _ in range(2):
        moved = await desk.ok("POST", f"/conversations/{conversation_id}/write-again")
        assert (moved["state"], moved["staff_id"]) == ("staff", "agent")
    row = await desk.row(Conversation, id=conversation_id)
    assert (row.session_no, row.closed_at) == (2, None)
    assert "工号" in (await desk.told(conversation_id))[-1].text
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，配件到了。")
    error = await desk.refused(409, "POST", f"/conversations/{conversation_id}/write-again", "agent2")
    assert error["reason"] == "talk_not_over"


@pytest.mark.parametrize("hours, is_open", [(47, True), (48, False)])
async def test_wechat_lets_nothing_through_after_two_days_and_the_desk_says_so(
    desk: Desk, hours: int, is_open: bool
) -> None:
    conversation_id = await over(desk, "wechat")
    await later(desk, hours)
    shut = (await desk.ok("GET", f"/conversations/{conversation_id}/history"))["shut"]
    assert (shut is None) is is_open
    if is_open:
        await desk.ok("POST", f"/conversations/{conversation_id}/write-again")
    else:
        error = await desk.refused(409, "POST", f"/conversations/{conversation_id}/write-again")
        assert error["message"] == shut
        assert "48 小时" in shut
        assert await desk.state(conversation_id) == "closed"


async def test_nobody_writes_into_a_web_session_that_has_ended(desk: Desk) -> None:
    conversation_id = await over(desk, "web", "s" * 32)
    await desk.refused(409, "POST", f"/conversations/{conversation_id}/write-again")
    now = desk.clock.now()
    async with desk.services.db.write() as uow:
        ends = now + timedelta(days=1)
        uow.session.add(WebSession(token_hash="h", sender="s" * 32, created_at=now, expires_at=ends))
        await uow.commit()
    await desk.ok("POST", f"/conversations/{conversation_id}/write-again")


async def test_who_serves_as_many_as_they_may_writes_to_nobody_more(desk: Desk) -> None:
    first, second = await over(desk, sender="li"), await over(desk, sender="wang")
    await desk.ok("PATCH", "/people/agent", "admin", capacity=1)
    await desk.ok("POST", f"/conversations/{first}/write-again")
    error = await desk.refused(409, "POST", f"/conversations/{second}/write-again")
    assert error["details"]["capacity"] == 1
