"""What becomes of what staff sent: taken back within two minutes, sent once more where it did not arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.store.tables import Audit, Message, Outbox, Picture, Promise
from helpdesk.usecases.conversations.receive import Incoming, receive
from tests.integration.desk.conftest import Desk
from tests.integration.desk.files import sent as picture_sent
from tests.support.files import PNG

REPLY = "我会在今天18:00前给您回电。"


async def serving(desk: Desk, channel: str = "rest") -> str:
    """A conversation that the agent serves."""
    await desk.sign_in()
    conversation_id = (await receive(desk.services, Incoming(channel, "li", "冰箱不制冷", "m1"))).conversation_id
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    return conversation_id


async def says(desk: Desk, conversation_id: str, text: str = REPLY) -> str:
    """A reply; its id."""
    message_id: str = (await desk.ok("POST", f"/conversations/{conversation_id}/messages", text=text))["id"]
    return message_id


def at(conversation_id: str, message_id: str, move: str) -> str:
    return f"/conversations/{conversation_id}/messages/{message_id}/{move}"


async def test_a_reply_is_taken_back_with_its_promises_and_the_audit_keeps_its_words(desk: Desk) -> None:
    conversation_id = await serving(desk)
    message_id = await says(desk, conversation_id)
    assert len(await desk.rows(Promise, kind="staff")) == 1
    for _ in range(2):
        taken = await desk.ok("POST", at(conversation_id, message_id, "recall"))
        assert (taken["text"], taken["custom"]) == ("", {"kind": "recalled"})
    assert await desk.rows(Promise, kind="staff") == []
    (noted,) = await desk.rows(Audit, action="message_recalled")
    assert (noted.detail["text"], noted.subject) == (REPLY, conversation_id)
    shown = (await desk.ok("GET", f"/conversations/{conversation_id}"))["messages"]
    assert REPLY not in str(shown)
    assert await desk.ok("GET", "/talks?q=回电", "supervisor") == []


async def test_a_picture_that_is_taken_back_is_shown_to_nobody(desk: Desk) -> None:
    conversation_id = await serving(desk)
    message = (await picture_sent(desk, conversation_id, PNG)).json()
    await desk.ok("POST", at(conversation_id, message["id"], "recall"))
    assert (await desk.row(Message, id=message["id"])).image is None
    assert await desk.rows(Picture) == []
    assert (await desk.client.get(message["image"], headers=await desk.sign_in("agent"))).status_code == 404


async def test_after_two_minutes_or_by_anybody_else_nothing_is_taken_back(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    conversation_id = await serving(desk)
    message_id = await says(desk, conversation_id)
    asked = (await desk.row(Message, author="customer")).id
    await desk.refused(403, "POST", at(conversation_id, message_id, "recall"), "agent2")
    await desk.refused(404, "POST", at(conversation_id, asked, "recall"))
    await desk.refused(404, "POST", at(await serving(desk), "m" * 32, "recall"))
    desk.clock.advance(timedelta(minutes=2, seconds=1))
    error = await desk.refused(409, "POST", at(conversation_id, message_id, "recall"))
    assert error["reason"] == "recall_too_late"
    assert (await desk.row(Message, id=message_id)).text == REPLY


@pytest.mark.parametrize("status", ["sent", "delivered", "unknown"])
async def test_what_a_channel_has_carried_away_is_not_taken_back(desk: Desk, status: str) -> None:
    conversation_id = await serving(desk, "wechat")
    message_id = await says(desk, conversation_id)
    row = await desk.row(Outbox, message_id=message_id)
    await desk.change(Outbox, row.id, status=status, via="api")
    error = await desk.refused(409, "POST", at(conversation_id, message_id, "recall"))
    assert "不能撤回" in error["message"]


async def test_what_has_not_left_yet_is_taken_back_and_never_leaves(desk: Desk) -> None:
    conversation_id = await serving(desk, "wechat")
    message_id = await says(desk, conversation_id)
    await desk.ok("POST", at(conversation_id, message_id, "recall"))
    assert await desk.rows(Outbox, message_id=message_id) == []


@pytest.mark.parametrize("status", ["failed", "unknown"])
async def test_what_did_not_arrive_is_sent_once_more(desk: Desk, status: str) -> None:
    conversation_id = await serving(desk, "wechat")
    message_id = await says(desk, conversation_id)
    row = await desk.row(Outbox, message_id=message_id)
    await desk.change(Outbox, row.id, status=status, via="api", attempts=12, error="40003 invalid openid")
    await desk.refused(403, "POST", at(conversation_id, message_id, "resend"), "agent2")
    await desk.ok("POST", at(conversation_id, message_id, "resend"))
    row = await desk.row(Outbox, message_id=message_id)
    assert (row.status, row.via, row.attempts, row.error) == ("queued", None, 0, None)
    assert len(await desk.rows(Audit, action="message_resent")) == 1
    await desk.refused(409, "POST", at(conversation_id, message_id, "resend"))


async def test_what_goes_by_itself_is_not_sent_twice(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    conversation_id = await serving(desk, "wechat")
    message_id = await says(desk, conversation_id)
    row = await desk.row(Outbox, message_id=message_id)
    for state in ({"status": "delivered"}, {"status": "sent"}, {"status": "failed", "waits": True}):
        await desk.change(Outbox, row.id, **state)
        await desk.refused(409, "POST", at(conversation_id, message_id, "resend"))
    asked = (await desk.row(Message, author="customer")).id
    await desk.refused(404, "POST", at(conversation_id, asked, "resend"))
