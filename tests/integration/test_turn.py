"""The life of a message, with a worker that answers by a script: stored, answered once, in order."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest

from helpdesk.store.tables import Effect, Message, Ticket
from helpdesk.testing import now
from helpdesk.usecases.queue.handover import take
from helpdesk.usecases.turns.stage import stage
from tests.integration.steps import COMPLAINT, Json, open_ticket, ref
from tests.support.fixtures import World, post, texts, told_to
from tests.support.scripted_worker import Failed, answer, heard


async def test_a_message_is_answered_and_both_are_stored(world: World, client: httpx.AsyncClient) -> None:
    assert await texts(client, "您好，在吗") == ["答：您好，在吗"]
    (said,) = await world.rows(Message, author="customer")
    (told,) = await world.told()
    assert said.processed_at is not None
    assert said.understood == {"intent": "greet", "confidence": 1.0, "entities": []}
    assert (told.answers, told.in_reply_to) == (said.id, [said.external_id])


async def test_who_begins_without_a_greeting_is_welcomed_once(world: World, client: httpx.AsyncClient) -> None:
    welcomed = await texts(client, "冰箱坏了")
    assert welcomed[1:] == ["答：冰箱坏了"]
    assert welcomed[0] in [
        one.format(**world.services.wording.everywhere)
        for one in world.services.wording.variants("welcome_first_reply")
    ]
    assert await texts(client, "是的") == ["答：是的"]


async def test_the_worker_is_given_state_facts_and_the_turn(world: World, client: httpx.AsyncClient) -> None:
    await texts(client, "您好")
    await texts(client, "再问一句")
    first, second = world.worker.asked
    conversation = await world.conversation()
    assert first["state"] is None
    assert second["state"]["slots"] == {"turns": 1}
    assert second["conversation"] == conversation.id
    assert second["message_id"].endswith(":2")
    said_at = datetime.fromisoformat(first["facts"].pop("at"))
    assert abs(said_at - now()) < timedelta(minutes=5)
    assert said_at.utcoffset() == timedelta(hours=8)
    assert first["facts"] | {"part_of_day": "", "hours_text": ""} == {
        "name": None,
        "tier": "normal",
        "known": False,
        "new_session": True,
        "hours": "open",
        "hours_text": "",
        "staff_on_duty": 0,
        "part_of_day": "",
        "channel": "rest",
        "company": world.services.company.profile.name,
        "rating_asked": None,
        "queue": None,
    }
    assert second["facts"]["new_session"] is False


async def test_messages_of_a_burst_are_taken_together(world: World, client: httpx.AsyncClient) -> None:
    await texts(client, "您好")
    first_is_asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(body: Json) -> Json:
        if heard(body) == "一":
            first_is_asked.set()
            await go_on.wait()
        return answer(body, f"答：{heard(body)}")

    world.worker.script = slow
    one = asyncio.create_task(post(client, "一", message_id="m1"))
    await first_is_asked.wait()
    others = []
    for stored, text in ((3, "二"), (4, "三")):
        others.append(asyncio.create_task(post(client, text, message_id=text)))
        await world.has_stored(stored)
    go_on.set()
    first, *rest = [task.json() for task in await asyncio.gather(one, *others)]
    assert [element["text"] for element in first] == ["答：一"]
    assert [element["text"] for element in rest[0]] == ["答：二\n三"]
    assert rest[0] == rest[1]
    assert (await told_to(client))[-1]["in_reply_to"] == ["二", "三"]


async def test_many_conversations_are_answered_at_once(world: World, client: httpx.AsyncClient) -> None:
    replies = await asyncio.gather(*(texts(client, f"您好{n}", sender=f"s{n}") for n in range(50)))
    assert replies == [[f"答：您好{n}"] for n in range(50)]


async def test_a_second_try_saves_the_turn(world: World, client: httpx.AsyncClient) -> None:
    tries: list[str] = []

    async def once(body: Json) -> Json:
        tries.append(body["message_id"])
        if len(tries) == 1:
            raise Failed("action_failed")
        return answer(body, "好的")

    world.worker.script = once
    await world.staff_on_duty()
    assert (await texts(client, "您好"))[-1:] == ["好的"]
    assert tries[0] == tries[1]


async def test_messages_wait_for_a_worker_that_is_starting(world: World, client: httpx.AsyncClient) -> None:
    await world.worker.stop()
    asked = asyncio.create_task(texts(client, "您好"))
    await world.has_stored(1)
    await world.worker.start()
    assert await asked == ["答：您好"]


async def fail(_: Json) -> Json:
    raise Failed("action_failed")


async def test_after_two_failures_a_person_is_found(world: World, client: httpx.AsyncClient) -> None:
    await world.staff_on_duty()
    world.worker.script = fail
    told = await post(client, "您好")
    conversation = await world.conversation()
    assert conversation.state == "waiting"
    assert told.json()[0]["text"]
    assert told.json()[-1]["custom"]["kind"] == "handoff"
    assert len(world.worker.asked) == 2


async def test_with_nobody_on_duty_the_failed_message_becomes_a_ticket(world: World, client: httpx.AsyncClient) -> None:
    world.worker.script = fail
    told = await texts(client, "冰箱漏水了")
    (ticket,) = await world.rows(Ticket)
    assert (ticket.kind, ticket.fields["description"]) == ("offline_message", "冰箱漏水了")
    assert ticket.number in told[0]
    assert (await world.conversation()).state == "bot"


async def test_a_failed_turn_still_does_what_was_staged_and_names_the_ticket(
    world: World, client: httpx.AsyncClient
) -> None:
    await world.staff_on_duty()

    async def stage_then_fail(body: Json) -> Json:
        await stage(world.services, ref(body), "open_ticket", COMPLAINT, "run-1")
        raise Failed("action_failed")

    world.worker.script = stage_then_fail
    told = await texts(client, "确认")
    (ticket,) = await world.rows(Ticket)
    assert ticket.number in told[0]
    assert (await world.conversation()).state == "waiting"


async def test_a_staged_effect_happens_at_the_end_of_the_turn(world: World, client: httpx.AsyncClient) -> None:
    seen: list[int] = []

    async def script(body: Json) -> Json:
        given = await open_ticket(world, body)
        seen.append(len(await world.rows(Ticket)))
        return given

    world.worker.script = script
    told = await post(client, "您好，确认")
    (ticket,) = await world.rows(Ticket)
    assert seen == [0]
    opened, letter = (one["custom"] for one in told.json()[-2:])
    assert opened == {"kind": "ticket_opened", "number": ticket.number}
    assert letter == {"kind": "letter", "letter": "acknowledgement", "number": ticket.number}
    assert [one.status for one in await world.rows(Effect)] == ["applied"]


async def test_the_same_form_confirmed_twice_is_one_ticket(world: World, client: httpx.AsyncClient) -> None:
    world.worker.script = lambda body: open_ticket(world, body)
    numbers = {(await post(client, "您好，确认")).json()[-1]["custom"]["number"] for _ in range(2)}
    assert len(numbers) == len(await world.rows(Ticket)) == 1


async def test_fifty_confirmations_at_once_are_fifty_numbers(world: World, client: httpx.AsyncClient) -> None:
    async def script(body: Json) -> Json:
        payload = {
            **COMPLAINT,
            "fields": {**COMPLAINT["fields"], "phone": f"138{hash(body['conversation']) % 10**8:08}"},
        }
        result = await stage(world.services, ref(body), "open_ticket", payload, body["conversation"])
        return answer(body, result["number"])

    world.worker.script = script
    told = await asyncio.gather(*(texts(client, "您好，确认", sender=f"s{n}") for n in range(50)))
    numbers = sorted(one[-2] for one in told)  # the acknowledgement comes last
    assert numbers == sorted(one.number for one in await world.rows(Ticket, kind="complaint"))
    assert [int(number[-4:]) for number in numbers] == list(range(1, 51))


async def test_a_late_action_can_no_longer_stage(world: World, client: httpx.AsyncClient) -> None:
    from helpdesk.errors import TurnLost

    await texts(client, "您好")
    late = ref(world.worker.asked[0])
    with pytest.raises(TurnLost):
        await stage(world.services, late, "open_ticket", COMPLAINT, "run-1")
    assert await world.rows(Effect) == []


async def test_when_a_person_has_taken_over_the_bots_words_are_dropped(world: World, client: httpx.AsyncClient) -> None:
    """Ticket and state are kept, the customer gets the letter and no word of the bot, staff sees the message."""

    staff = await world.staff_on_duty()

    async def taken_meanwhile(body: Json) -> Json:
        given = await open_ticket(world, body)
        await take(world.services, body["conversation"], staff)
        return given

    world.worker.script = taken_meanwhile
    response = await post(client, "您好，确认")
    assert [one["custom"]["letter"] for one in response.json()] == ["acknowledgement"]
    assert len(await world.rows(Ticket)) == 1
    assert (await world.conversation()).dialogue is not None
    (said,) = await world.rows(Message, author="customer")
    assert said.processed_at is not None


async def in_the_queue(world: World, client: httpx.AsyncClient) -> None:
    """A customer who waits for a person."""
    await world.staff_on_duty()

    async def join(body: Json) -> Json:
        await stage(world.services, ref(body), "join_queue", {"reason": "customer_asked"})
        return answer(body, "好的，为您转接", intent="greet")

    world.worker.script = join
    await texts(client, "转人工")
    assert (await world.conversation()).state == "waiting"


async def test_while_a_person_is_waited_for_the_bot_hears_on(world: World, client: httpx.AsyncClient) -> None:
    await in_the_queue(world, client)

    async def tell(body: Json) -> Json:
        return answer(body, "送货上门不收费。")

    world.worker.script = tell
    assert await texts(client, "送货要钱吗") == ["送货上门不收费。"]
    assert world.worker.asked[-1]["facts"]["queue"] is True
    assert (await world.conversation()).state == "waiting"


async def test_what_the_queue_says_itself_is_not_said_by_the_bot_too(world: World, client: httpx.AsyncClient) -> None:
    await in_the_queue(world, client)

    async def place(body: Json) -> Json:
        await stage(world.services, ref(body), "tell_place", {})
        return answer(body, "已经记下。", custom={"kind": "queue"})

    world.worker.script = place
    [told] = (await post(client, "还要多久")).json()
    assert told["custom"]["kind"] == "handoff"
    assert "第 1 位" in told["text"]


async def test_who_waits_leaves_in_any_words(world: World, client: httpx.AsyncClient) -> None:
    await in_the_queue(world, client)

    async def leave(body: Json) -> Json:
        await stage(world.services, ref(body), "leave_queue", {})
        return answer(body, "已为您取消。", custom={"kind": "queue"})

    world.worker.script = leave
    [told] = await texts(client, "等不了了，我先不等人工了")
    assert told in world.services.wording.variants("queue_left")
    assert (await world.conversation()).state == "bot"


async def test_while_the_bot_is_silent_the_queue_acknowledges_and_may_be_left(
    world: World, client: httpx.AsyncClient
) -> None:
    await in_the_queue(world, client)
    world.worker.script = fail
    assert await texts(client, "我的订单是2026110812345")
    assert (await world.conversation()).state == "waiting"
    [told] = await texts(client, "不等了")
    assert told in world.services.wording.variants("queue_left")
    assert await world.rows(Ticket) == []


async def test_a_person_who_takes_over_meanwhile_has_the_word(world: World, client: httpx.AsyncClient) -> None:
    await in_the_queue(world, client)
    staff = await world.staff_on_duty()

    async def leave_too_late(body: Json) -> Json:
        await stage(world.services, ref(body), "leave_queue", {})
        await take(world.services, body["conversation"], staff)
        return answer(body, "好的，还有什么可以帮您？")

    world.worker.script = leave_too_late
    assert await texts(client, "不等了") == []
    assert (await world.conversation()).state == "staff"


async def test_a_state_that_was_lost_is_apologised_for(world: World, client: httpx.AsyncClient) -> None:
    async def reset(body: Json) -> Json:
        return {**answer(body, "请问您需要什么", intent="greet"), "state_reset": True}

    world.worker.script = reset
    told = await texts(client, "您好")
    assert told[0] in world.services.wording.variants("fresh_start")
    assert told[1:] == ["请问您需要什么"]
