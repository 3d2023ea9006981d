"""What is late goes by the API: once, in order, within what WeChat allows; what cannot go is kept and shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from helpdesk.model.say import Choice, Say
from helpdesk.outbox import deliveries
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Message
from helpdesk.testing import Databases
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.queue.handover import take
from helpdesk.usecases.queue.replies import Typed, reply
from tests.support.scripted_worker import answer, heard
from tests.support.wechat_server import PICTURE
from tests.support.wechat_world import WeChatWorld, wechat_world

Json = dict[str, Any]
LATE = {"passive_wait": 2.0}
BUTTONS = [{"title": title, "press": {"intent": "x", "entities": [], "title": title}} for title in ("是", "否")]
BUSY = {"errcode": -1, "errmsg": "system error"}


@pytest.fixture
async def here(databases: Databases) -> AsyncIterator[WeChatWorld]:
    async with wechat_world(databases.fresh()) as made:
        yield made


@pytest.fixture
async def hurried(databases: Databases) -> AsyncIterator[WeChatWorld]:
    """A callback waits for two seconds only."""
    async with wechat_world(databases.fresh(), account=LATE) as made:
        yield made


@dataclass
class Hesitating:
    """Who asks slowly is answered when the callback has been given up; the others at once."""

    is_given_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, body: Json) -> Json:
        text = heard(body)
        if "慢" in text:
            await self.is_given_up.wait()
        if "多" in text:
            return answer(body, "第一", "第二", "第三", intent="greet", buttons=BUTTONS)
        if "长" in text:
            return answer(body, "很长的答复。" * 300, intent="greet")
        return answer(body, f"答：{text}", intent="greet")


async def speak(here: WeChatWorld, *texts: str) -> list[Message]:
    """The service says something unasked."""
    conversation_id = (await here.world.conversation()).id
    async with here.world.services.db.write() as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        says = [
            Say(text, buttons=(Choice("好", {"service": "keep_waiting"}),) if text == "选" else ()) for text in texts
        ]
        told = [await say(uow, conversation, [one], answers=None, in_reply_to=[]) for one in says]
        await uow.commit()
    return [message for [message] in told]


async def shown_on_the_desk(here: WeChatWorld, messages: list[Message]) -> list[str]:
    async with here.world.services.db.read() as uow:
        found = await deliveries(uow, messages)
    return [str(found[message.id].status) for message in messages]


async def test_a_late_answer_is_acknowledged_and_sent_once(hurried: WeChatWorld) -> None:
    hurried.world.worker.script = hesitating = Hesitating()
    asked = [hurried.wechat.say(f"o_{n}", text) for n, text in enumerate(("慢", "慢，多", "慢，长"))]
    assert await asyncio.gather(*asked) == ["", "", ""]
    hesitating.is_given_up.set()
    await hurried.appears("答：慢", "o_0")
    await hurried.appears("第一", "o_1")
    await hurried.appears("很长的答复", "o_2")
    rows = await hurried.is_settled()
    assert {(row.status, row.via) for row in rows} == {("delivered", "api")}
    assert hurried.phone("o_0").texts == ["答：慢"]
    (many,) = hurried.phone("o_1").seen
    assert (many.text, [line["content"] for line in many.menu]) == ("第一\n\n第二\n\n第三", ["是", "否"])
    assert "".join(hurried.phone("o_2").texts) == "很长的答复。" * 300
    assert len(hurried.phone("o_2").seen) == 3
    assert hurried.phone("o_0").typing == 1
    clicked = many.menu[1]
    assert await hurried.wechat.say("o_1", clicked["content"], bizmsgmenuid=clicked["id"]) == "答：否"
    assert "press" in hurried.world.worker.asked[-1]["input"]


async def test_refusals_that_pass_are_tried_again_and_a_stale_token_replaced(here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    here.wechat.answers = [BUSY, {"errcode": 40001, "errmsg": "invalid credential"}]
    await speak(here, "一", "二", "三")
    await here.appears("三")
    assert here.phone().texts[1:] == ["一", "二", "三"]
    assert len(here.wechat.tokens) == 2
    assert [row.attempts for row in (await here.is_settled())[1:]] == [2, 1, 1]


@pytest.mark.parametrize(
    "given,status",
    [({"http": 502}, "unknown"), ({"errcode": 40003, "errmsg": "invalid openid"}, "failed")],
)
async def test_what_may_have_arrived_is_never_sent_twice(given: Json, status: str, here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    here.wechat.answers = [given]
    told = await speak(here, "一", "二")
    await here.appears("二")
    await here.is_settled()
    assert await shown_on_the_desk(here, told) == [status, "delivered"]
    assert [body["text"]["content"] for body in here.wechat.sends] == ["一", "二"]


async def test_the_budget_is_counted_before_sending_and_starts_anew_with_the_customer(here: WeChatWorld) -> None:
    await here.world.staff_on_duty()
    await here.wechat.say("o_li", "您好")
    conversation = await here.world.conversation()
    services = here.world.services
    staff = await here.world.staff_on_duty()
    await take(services, conversation.id, staff)
    for n in range(5):
        await reply(services, conversation.id, staff, Typed(f"您好，请稍候，第{n}条", force=True))
    rows = await here.is_settled()
    assert [row.status for row in rows[1:]] == ["delivered"] * 5 + ["failed"]
    assert rows[-1].waits
    assert len(here.wechat.sends) == 5
    assert await here.wechat.say("o_li", "好的") == "您好，请稍候，第4条"
    assert (await here.is_settled())[-1].via == "passive"


async def test_after_two_days_of_silence_nothing_is_sent(here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    async with here.world.services.db.write() as uow:
        past = here.world.services.clock.now() - timedelta(hours=49)
        await uow.session.execute(update(Message).where(Message.author == "customer").values(at=past))
        await uow.commit()
    told = await speak(here, "您的工单有结果了")
    await here.is_settled()
    assert await shown_on_the_desk(here, told) == ["failed"]
    assert here.wechat.sends == []
    assert await here.wechat.say("o_li", "在吗") == "您的工单有结果了\n\n答：在吗"


async def test_an_account_without_the_api_gives_late_answers_with_the_next(hurried: WeChatWorld) -> None:
    hurried.wechat.is_verified = False
    hurried.world.worker.script = hesitating = Hesitating()
    assert await hurried.wechat.say("o_li", "慢，多") == ""
    hesitating.is_given_up.set()
    assert [(row.status, row.waits) for row in await hurried.is_settled()] == [("queued", True)] * 3
    next_message = hurried.wechat.message("o_li", "text", Content="还在吗")
    first = hurried.wechat.read(await hurried.wechat.deliver(next_message))
    assert first == "第一\n\n第二\n\n第三\n\n1. 是\n2. 否\n请回复数字选择。\n\n答：还在吗"
    assert hurried.wechat.read(await hurried.wechat.deliver(next_message)) == first
    assert await hurried.wechat.say("o_li", "2") == "答：否"


async def show(body: Json) -> Json:
    """A picture of ours, for who wants to see."""
    given = answer(body, "这是样品图", intent="greet")
    address = heard(body).removeprefix("看图")
    return {**given, "replies": [*given["replies"], {"image": address}] if address != heard(body) else given["replies"]}


async def test_pictures_are_uploaded_once_and_sent_as_pictures(here: WeChatWorld) -> None:
    here.world.worker.script = show
    address = f"{here.wechat.url}/pictures-elsewhere/1.png"
    for _ in range(2):
        assert await here.wechat.say("o_li", f"看图{address}") == "这是样品图"
        await here.is_settled()
    assert here.phone().texts == ["这是样品图", "[media_1]", "这是样品图", "[media_1]"]
    assert here.wechat.media == {"media_1": PICTURE}
    here.wechat.media.clear()  # WeChat forgot it
    await here.wechat.say("o_li", f"看图{address}")
    await here.is_settled()
    assert here.phone().texts[-1] == "[media_1]"


async def test_a_picture_that_cannot_be_uploaded_goes_as_a_link(here: WeChatWorld) -> None:
    here.world.worker.script = show
    address = f"{here.wechat.url}/nothing-here.png"
    await here.wechat.say("o_li", f"看图{address}")
    await here.is_settled()
    assert here.phone().texts == ["这是样品图", address]


async def test_without_the_api_a_picture_is_a_link_in_the_next_reply(here: WeChatWorld) -> None:
    here.world.worker.script, here.wechat.is_verified = show, False
    address = f"{here.wechat.url}/pictures-elsewhere/1.png"
    assert await here.wechat.say("o_li", f"看图{address}") == "这是样品图"
    await here.is_settled()
    assert await here.wechat.say("o_li", "在吗") == f"{address}\n\n这是样品图"


async def test_what_stays_in_the_open_request_is_no_repeat_later(databases: Databases) -> None:
    """After the window a repeat is acknowledged, not answered again."""
    async with wechat_world(databases.fresh(), account={"repeat_window": 0.0}) as here:
        message = here.wechat.message("o_li", "text", Content="您好")
        assert here.wechat.read(await here.wechat.deliver(message)) == "答：您好"
        assert here.wechat.read(await here.wechat.deliver(message)) == ""
        assert here.wechat.sends == []


async def test_the_queue_and_staff_speak_through_the_same_channel(here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    conversation = await here.world.conversation()
    staff = await here.world.staff_on_duty()
    await take(here.world.services, conversation.id, staff)
    assert await here.wechat.post(here.wechat.message("o_li", "image", PicUrl="http://x.example/1", MediaId="1")) in (
        "",
        here.phone().texts[-1],
    )
    await reply(here.world.services, conversation.id, staff, Typed("您好，图片看到了", "c1", force=True))
    await here.appears("您好，图片看到了")
    await here.is_settled()
    assert len(here.phone().texts) == len(set(here.phone().texts))
