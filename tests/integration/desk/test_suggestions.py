"""Answers that whoever serves may take over."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.store.tables import Conversation
from helpdesk.usecases.conversations.receive import Incoming, receive
from tests.integration.desk.conftest import Desk

REPLY = "净水器的滤芯建议半年换一次，水质硬的地区会更勤一些，面板亮红灯时就该换了。"


async def asks(desk: Desk, sender: str, words: str) -> str:
    """A customer who is served, and has asked this last."""
    conversation_id = await desk.waiting(sender)
    await desk.ok("POST", f"/conversations/{conversation_id}/claim")
    await receive(desk.services, Incoming("rest", sender, words))
    await desk.change(Conversation, conversation_id, last_customer_at=desk.clock.now())
    return conversation_id


async def answered(desk: Desk, sender: str, words: str, reply: str) -> None:
    """One who asked and was answered by a colleague."""
    conversation_id = await asks(desk, sender, words)
    sent = {"text": reply, "client_id": sender, "force": True}
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", **sent)
    await desk.ok("POST", f"/conversations/{conversation_id}/close")


async def suggested(desk: Desk, conversation_id: str, who: str = "agent") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await desk.ok("GET", f"/conversations/{conversation_id}/suggestions", who)
    return found


async def test_the_article_and_an_earlier_reply_to_the_same_question_are_offered(desk: Desk) -> None:
    await desk.sign_in()
    await answered(desk, "zhao", "滤芯多久换一次比较合适", REPLY)
    replies = [
        one
        for one in await suggested(desk, await asks(desk, "qian", "净水器的滤芯几个月要换"))
        if one["source"] == "reply"
    ]
    assert [(one["title"], one["text"]) for one in replies] == [("滤芯多久换一次比较合适", REPLY)]
    articles = await suggested(desk, await asks(desk, "sun", "退款多久到账？"))
    assert articles[0]["source"] == "article"
    assert articles[0]["key"] in desk.services.knowledge.articles
    assert "退款" in articles[0]["text"]


@pytest.mark.parametrize(
    "reply",
    [
        "您的滤芯已经寄到，运单号 SF1234567890123，请查收。",
        "换滤芯的费用是 99 元，您看可以吗？",
        "好的王芳女士，滤芯我这边给您安排寄出。",
    ],
)
async def test_what_is_one_customers_is_offered_to_nobody_else(sqlite_desk: Desk, reply: str) -> None:
    desk = sqlite_desk
    await desk.sign_in()
    conversation_id = await asks(desk, "zhao", "滤芯多久换一次比较合适")
    await desk.change(Conversation, conversation_id, handoff_note={"fields": {"name": "王芳"}})
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text=reply, client_id="1", force=True)
    found = await suggested(desk, await asks(desk, "qian", "净水器的滤芯几个月要换"))
    assert [one for one in found if one["source"] == "reply"] == []


async def test_once_we_have_answered_nothing_is_offered(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await desk.sign_in()
    conversation_id = await asks(desk, "qian", "退款多久到账？")
    assert await suggested(desk, conversation_id)
    await desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，我帮您看一下。", client_id="1")
    assert await suggested(desk, conversation_id) == []
    await receive(desk.services, Incoming("rest", "qian", "好的"))
    assert await suggested(desk, conversation_id) == []


async def test_replies_are_for_who_may_read_the_customer(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await desk.sign_in()
    await answered(desk, "zhao", "滤芯多久换一次比较合适", REPLY)
    conversation_id = await asks(desk, "qian", "净水器的滤芯几个月要换")
    assert "reply" in [one["source"] for one in await suggested(desk, conversation_id)]
    await desk.sign_in("agent2")
    assert "reply" not in [one["source"] for one in await suggested(desk, conversation_id, "agent2")]
