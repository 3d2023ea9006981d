"""A state is small, survives what it does not know, and answers as the whole conversation would."""

from __future__ import annotations

import json
import random
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.engine import Engine
from bot.worker import create_app
from tests.unit_bot import chat
from tests.unit_bot.action_server import ActionServer, frame
from tests.unit_bot.chat import Chat

NewChat = Callable[..., Chat]
Json = dict[str, Any]

INPUTS: list[Json] = [
    *({"text": text} for text in ("投诉", "你好", "谢谢", "好的", "不用了", "不投诉了", "转人工", "几点开门")),
    *({"text": text} for text in ("冰箱坏了三天", "13812345678", "15900001111", "怎么开发票", "啊啊啊")),
    {"press": {"intent": "inform_category", "entities": {"category": "quality"}, "title": "质量"}},
    {"press": {"intent": "affirm", "entities": {}, "title": "继续"}},
    {"start": "return"},
    {"start": "open"},
]


@pytest.fixture
async def untrimmed(engine: Engine, actions: ActionServer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a worker that stores whole conversations."""
    whole = Engine(engine._processor, tail_turns=10_000)
    transport = httpx.ASGITransport(app=create_app(whole, chat.TOKEN))
    headers = {"Authorization": f"Bearer {chat.TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers=headers) as client:
        yield client


@pytest.mark.parametrize("seed", range(12))
async def test_trimmed_and_whole_conversations_get_the_same_replies(
    client: httpx.AsyncClient, untrimmed: httpx.AsyncClient, seed: int
) -> None:
    choice = random.Random(seed)
    trimmed, whole = Chat(client), Chat(untrimmed)
    for n in range(25):
        given = {"text": "投诉"} if n == seed else choice.choice(INPUTS)
        one, other = await trimmed.post(given), await whole.post(given)
        assert one.status_code == other.status_code, f"turn {n}: {given}"
        assert one.json().get("replies") == other.json().get("replies"), f"turn {n}: {given}"


async def test_neither_state_nor_time_grows_with_the_conversation(new_chat: NewChat) -> None:
    talk = new_chat()
    sizes, times = [], []
    for n in range(500):
        started = time.process_time()
        await talk.turn(INPUTS[n % len(INPUTS)])
        times.append(time.process_time() - started)
        sizes.append(len(json.dumps(talk.state)))
    assert max(sizes[-100:]) < 1.1 * max(sizes[:100]) < 8_000
    assert sorted(times[-100:])[50] < 2 * sorted(times[:100])[50]


async def test_stored_texts_are_short_and_rankings_are_not_stored(new_chat: NewChat) -> None:
    talk = new_chat()
    await talk.say("长" * 3000)
    (user,) = [event for event in talk.state["tail"] if event["event"] == "user"]
    assert user["text"] == "长" * 500
    assert set(user) == {"event", "timestamp", "text", "intent", "entities", "message_id"}
    assert len(json.dumps(talk.state, ensure_ascii=False)) < 2_000


async def test_a_state_survives_json(new_chat: NewChat) -> None:
    talk = new_chat()
    await talk.say("投诉")
    talk.state = json.loads(json.dumps(talk.state))
    assert (await talk.press("inform_category", category="quality"))[0].startswith("请")


async def test_unknown_slots_are_dropped(new_chat: NewChat) -> None:
    talk = new_chat()
    await talk.say("你好")
    talk.state["slots"]["of_another_model"] = 1
    talk.state["tail"].insert(1, {"event": "slot", "name": "of_another_model", "value": 2, "timestamp": 1.0})
    talk.state["tail"].insert(1, {"event": "action", "name": "action_of_another_model", "timestamp": 1.0})
    await talk.say("你好")
    assert "of_another_model" not in json.dumps(talk.state)


async def test_an_unknown_form_is_given_up(new_chat: NewChat) -> None:
    talk = new_chat()
    await talk.say("你好")
    talk.state["slots"]["requested_slot"] = "phone"
    talk.state["active_loop"] = {"name": "form_of_another_model", "rejected": False, "trigger": "complain"}
    answer = await talk.turn({"text": "你好"})
    assert "state_reset" not in answer
    for _ in range(2):
        await talk.say("你好")
    assert talk.state["active_loop"] is None
    assert talk.state["slots"] == {}


async def test_what_waits_beside_an_unknown_form_waits_on(new_chat: NewChat) -> None:
    talk = new_chat()
    await talk.say("你好")
    talk.state["slots"]["frame"] = frame("complaint_form")
    talk.state["active_loop"] = {"name": "form_of_another_model", "rejected": False, "trigger": "complain"}
    for _ in range(3):
        await talk.say("你好")
    assert talk.state["slots"] == {"frame": frame("complaint_form")}


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"schema": 99},
        {"schema": 1, "slots": [], "active_loop": None, "tail": []},
        {"schema": 1, "slots": {}, "active_loop": "complaint_form", "tail": []},
        {"schema": 1, "slots": {}, "active_loop": None, "tail": [{"event": "no such event"}]},
        {"schema": 1, "slots": {}, "active_loop": None, "tail": ["action"]},
        {"schema": 1, "slots": {}, "active_loop": None, "tail": [{"event": "user", "text": 1}]},
    ],
)
async def test_a_broken_state_begins_afresh_and_says_so(new_chat: NewChat, broken: Json) -> None:
    answer = await new_chat(state=broken).turn({"text": "你好"})
    assert answer["state_reset"] is True
    assert answer["replies"][0]["text"].startswith("您好")


async def test_a_form_that_waits_after_a_digression_still_waits(new_chat: NewChat) -> None:
    talk = new_chat()
    await talk.say("投诉")
    for _ in range(5):
        assert await talk.say("谢谢") == ["不客气。还有别的事吗？"]
    assert talk.state["active_loop"] == {"name": "complaint_form", "rejected": True, "trigger": "complain"}


async def test_a_form_left_waiting_long_ago_takes_no_text_on_its_own(
    client: httpx.AsyncClient, untrimmed: httpx.AsyncClient
) -> None:
    replies = []
    for talk in (Chat(client), Chat(untrimmed)):
        await talk.say("投诉")
        await talk.press("inform_category", category="quality")
        for _ in range(4):
            await talk.say("谢谢")
        replies.append(await talk.say("冰箱坏了三天"))
        assert not [e for e in talk.state["tail"] if e["event"] == "slot" and e["name"] == "description" and e["value"]]
    assert replies[0] == replies[1]
    assert replies[0][0] == "没有听明白，请换个说法。"
