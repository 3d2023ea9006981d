"""Twenty conversations at once, each its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.unit_bot.action_server import ActionServer
from tests.unit_bot.chat import Chat


async def complain(talk: Chat, n: int) -> str:
    await talk.say("投诉")
    await talk.press("inform_category", category="quality")
    await talk.say(f"第{n}台冰箱坏了")
    return (await talk.say(f"138{n:08d}"))[0]


async def test_twenty_conversations_never_mix(new_chat: Callable[..., Chat], actions: ActionServer) -> None:
    talks = [new_chat(f"c{n}") for n in range(20)]
    tickets = await asyncio.gather(*(complain(talk, n) for n, talk in enumerate(talks)))
    assert tickets == [f"登记好了，工单号 TS-c{n}-0:0。" for n in range(20)]
    opened = [call["tracker"] for call in actions.calls if call["next_action"] == "action_open_ticket"]
    assert {(t["sender_id"], t["slots"]["description"], t["slots"]["phone"]) for t in opened} == {
        (f"c{n}", f"第{n}台冰箱坏了", f"138{n:08d}") for n in range(20)
    }
