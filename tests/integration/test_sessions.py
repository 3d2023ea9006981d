"""Sessions, the queue and people, as a customer of the REST channel meets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from helpdesk.clock import ManualClock
from helpdesk.model.conversation import TurnRef
from helpdesk.store.tables import Audit, Message, Rating
from helpdesk.testing import now
from helpdesk.usecases.queue.handover import close, release, take
from helpdesk.usecases.queue.hold import hold
from helpdesk.usecases.turns.stage import stage
from tests.support.fixtures import World, post, texts, told_to
from tests.support.scripted_worker import answer, echo, heard

Json = dict[str, Any]


@pytest.fixture
async def queue(world: World, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """「转人工」 joins the queue, 「再见」 closes and asks for a rating, the rest is echoed; one agent is on duty.

    Who waits is acknowledged, and leaves the queue with the words of the company.
    """

    async def script(body: Json) -> Json:
        ref = TurnRef.parse(body["conversation"], body["message_id"])
        if heard(body) == "转人工":
            await stage(world.services, ref, "join_queue", {"reason": "request"})
            return answer(body, "好的", intent="request_human")
        if heard(body) == "再见":
            await stage(world.services, ref, "close", {"rating": True})
            return answer(body, "再见", intent="goodbye", custom={"kind": "farewell"})
        if body["facts"]["queue"]:
            leaves = world.services.company.queue.leaves(heard(body))
            await stage(world.services, ref, "leave_queue" if leaves else "acknowledge", {})
            return answer(body, "好的", custom={"kind": "queue"})
        return await echo(body)

    world.worker.script = script
    await world.staff_on_duty()
    await texts(client, "您好")
    return client


def kinds(response: httpx.Response) -> list[str]:
    """Which facts travelled with the answer."""
    return [one["custom"]["kind"] for one in response.json() if "custom" in one]


async def test_a_waiting_customer_is_answered_each_time(world: World, queue: httpx.AsyncClient) -> None:
    assert "handoff" in kinds(await post(queue, "转人工"))
    asked = len(world.worker.asked)
    answers = [await texts(queue, f"补充{n}") for n in range(3)]
    assert all(answers)
    assert len(world.worker.asked) == asked + 3
    assert all(one.processed_at for one in await world.rows(Message, author="customer"))


@pytest.mark.parametrize("words", ["不等了", "取消排队", "我不等了吧。"])
async def test_a_customer_leaves_the_queue_by_saying_so(words: str, world: World, queue: httpx.AsyncClient) -> None:
    await post(queue, "转人工")
    assert (await texts(queue, words))[0] in world.services.wording.variants("queue_left")
    assert (await world.conversation()).state == "bot"
    assert await texts(queue, "在吗") == ["答：在吗"]


async def test_a_customer_leaves_the_queue_by_the_button(world: World, queue: httpx.AsyncClient) -> None:
    told = (await post(queue, "转人工")).json()
    button = next(button for one in told for button in one.get("buttons", []))
    assert (await texts(queue, button["payload"]))[0] in world.services.wording.variants("queue_left")
    assert (await world.conversation()).state == "bot"


async def test_while_a_person_serves_the_bot_is_silent(world: World, queue: httpx.AsyncClient) -> None:
    await post(queue, "转人工")
    agent = await world.staff_on_duty()
    await take(world.services, (await world.conversation()).id, agent)
    asked = len(world.worker.asked)
    assert await texts(queue, "你好，在吗") == []
    assert len(world.worker.asked) == asked


async def test_a_customer_on_hold_who_writes_is_no_longer_on_hold(world: World, queue: httpx.AsyncClient) -> None:
    await post(queue, "转人工")
    agent = await world.staff_on_duty()
    conversation = await world.conversation()
    await take(world.services, conversation.id, agent)
    await hold(world.services, conversation.id, 5, None, agent)
    assert "5 分钟" in (await told_to(queue))[-1]["text"]
    await texts(queue, "我想补充一点")
    assert (await world.conversation()).held_until is None
    (ended,) = await world.rows(Audit, action="hold_ended")
    assert ended.actor == "customer"


async def test_when_a_person_gives_the_customer_back_the_bot_speaks_first(
    world: World, queue: httpx.AsyncClient
) -> None:
    await post(queue, "转人工")
    agent = await world.staff_on_duty()
    conversation = await world.conversation()
    await take(world.services, conversation.id, agent)
    await release(world.services, conversation.id, agent)
    while "答：staff_released" not in [one["text"] for one in await told_to(queue)]:
        pass
    assert world.worker.asked[-1]["input"] == {"start": "staff_released"}


async def test_a_rating_after_the_end_opens_no_new_session(world: World, queue: httpx.AsyncClient) -> None:
    told = (await post(queue, "再见")).json()
    buttons = next(one["buttons"] for one in told if one.get("custom", {}).get("kind") == "rating_request")
    assert await texts(queue, buttons[0]["payload"])
    (rating,) = await world.rows(Rating)
    conversation = await world.conversation()
    assert (rating.score, rating.session_no) == (5, 1)
    assert (conversation.state, conversation.session_no) == ("closed", 1)


async def test_who_writes_again_after_the_end_has_a_new_session(world: World, queue: httpx.AsyncClient) -> None:
    await post(queue, "再见")
    assert await texts(queue, "还有一件事") == ["答：还有一件事"]
    conversation = await world.conversation()
    assert (conversation.state, conversation.session_no) == ("bot", 2)
    assert world.worker.asked[-1]["facts"]["known"] is True
    assert world.worker.asked[-1]["state"]["tail"] == []


async def test_after_staff_closed_the_customer_is_seen_off(world: World, queue: httpx.AsyncClient) -> None:
    await post(queue, "转人工")
    agent = await world.staff_on_duty()
    conversation = await world.conversation()
    await take(world.services, conversation.id, agent)
    await close(world.services, conversation.id, agent)
    assert "farewell" in [one.get("custom", {}).get("kind") for one in await told_to(queue)]
    assert (await world.conversation()).state == "closed"


async def test_after_a_day_of_silence_a_new_session_begins_with_a_welcome(
    world: World, client: httpx.AsyncClient
) -> None:
    clock = ManualClock(now())
    world.services.clock = world.services.db.clock = clock
    await texts(client, "您好")
    clock.advance(timedelta(hours=23))
    assert await texts(client, "在吗") == ["答：在吗"]
    clock.advance(timedelta(hours=25))
    assert len(await texts(client, "在吗")) == 2
    assert (await world.conversation()).session_no == 2
    assert world.worker.asked[-1]["facts"]["new_session"] is True
