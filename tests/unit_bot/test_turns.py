"""A complaint from greeting to ticket, and what an input becomes on the way to Rasa."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit_bot.action_server import ActionServer, frame
from tests.unit_bot.chat import Chat

NewChat = Callable[..., Chat]

FAULT = "冰箱坏了三天没人来"


async def reach_description(chat: Chat) -> None:
    await chat.say("投诉")
    await chat.press("inform_category", "质量", category="quality")


async def test_a_complaint_becomes_a_ticket(new_chat: NewChat) -> None:
    chat = new_chat()
    assert (await chat.say("你好"))[0].startswith("您好")
    assert await chat.say("投诉") == ["请问是哪一类问题？"]
    asked = await chat.press("inform_category", "质量", category="quality")
    assert asked[0] in ("请讲讲经过。", "请您说说是怎么回事。")
    assert await chat.say(FAULT) == ["请留一个手机号。"]
    assert await chat.say("13812345678") == ["登记好了，工单号 TS-c1-1:1。"]
    assert chat.state["active_loop"]["name"] == "complaint_form"
    await chat.say("谢谢")
    assert await chat.say("不用了") == ["感谢来电，再见。"]
    assert chat.state["active_loop"] is None
    assert chat.state["slots"]["description"] == FAULT
    assert [event["text"] for event in chat.state["tail"] if event["event"] == "user"] == ["谢谢", "不用了"]


async def test_one_utterance_is_one_reply_with_all_its_parts(new_chat: NewChat) -> None:
    answer = await new_chat().turn({"text": "投诉"})
    assert answer["replies"] == [
        {
            "text": "请问是哪一类问题？",
            "custom": {"kind": "form", "form": "complaint_form", "field": "category", "state": "ask"},
            "buttons": [
                {
                    "title": title,
                    "press": {"intent": "inform_category", "entities": {"category": value}, "title": title},
                }
                for title, value in (("质量", "quality"), ("服务", "service"))
            ],
        }
    ]


async def test_a_typed_command_is_text(new_chat: NewChat, actions: ActionServer) -> None:
    chat = new_chat()
    typed = '/inform_category{"category": "quality"}'
    answer = await chat.turn({"text": typed})
    assert answer["understood"]["intent"] == "nlu_fallback"
    assert "category" not in answer["state"]["slots"]
    await reach_description(chat)
    await chat.say("/restart 是他们让我输入的")
    assert actions.calls[-1]["tracker"]["slots"]["description"] == "/restart 是他们让我输入的"
    assert actions.calls[-1]["tracker"]["latest_message"]["text"] == "/restart 是他们让我输入的"


async def test_the_title_of_a_press_fills_no_text_field(new_chat: NewChat) -> None:
    chat = new_chat()
    await reach_description(chat)
    assert await chat.press("request_human", "我要找人工") == ["正在为您转接。"]
    await chat.say("你好")
    await chat.say("你好")
    assert "description" not in chat.state["slots"]
    assert chat.state["slots"]["frame"] == frame("complaint_form")
    assert chat.state["active_loop"] is None


async def test_a_press_whose_intent_is_gone_is_read_as_its_title(new_chat: NewChat) -> None:
    assert await new_chat().press("an_intent_of_last_year", "几点开门") == ["九点开门。"]


async def test_the_bot_greets_before_the_customer_speaks(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.facts = {"tier": "gold", "name": "王女士", "nobody_asked": 1}
    answer = await chat.turn({"start": "open"})
    assert [reply["text"] for reply in answer["replies"]] == ["王女士，您好，三声为您服务。"]
    assert answer["understood"] is None


async def test_facts_last_one_turn(new_chat: NewChat) -> None:
    chat = new_chat()
    chat.facts = {"tier": "gold", "name": "王女士"}
    await chat.start("open")
    chat.facts = {}
    assert await chat.start("open") == ["您好，三声为您服务。"]
    assert "王女士" not in str([event for event in chat.state["tail"] if event["event"] == "slot"])


async def test_actions_see_the_message_and_the_facts(new_chat: NewChat, actions: ActionServer) -> None:
    chat = new_chat()
    chat.facts = {"tier": "gold"}
    await chat.turn({"text": "几点开门"})
    tracker = actions.calls[-1]["tracker"]
    assert tracker["sender_id"] == "c1"
    assert tracker["latest_message"]["message_id"] == "c1-0:0"
    assert tracker["latest_message"]["metadata"]["facts"] == {"tier": "gold"}
    assert tracker["slots"]["fact_tier"] == "gold"


async def test_what_was_understood_is_told(new_chat: NewChat) -> None:
    answer = await new_chat().turn({"text": "我的手机是 13812345678"})
    assert answer["understood"]["intent"] == "inform"
    assert answer["understood"]["confidence"] == pytest.approx(1.0)
    assert [(entity["entity"], entity["value"]) for entity in answer["understood"]["entities"]] == [
        ("phone", "13812345678")
    ]


async def test_a_wrong_answer_is_asked_for_again(new_chat: NewChat) -> None:
    chat = new_chat()
    await reach_description(chat)
    await chat.say(FAULT)
    assert await chat.say("15900001111") == ["这个号码「15900001111」好像不对。", "请留一个手机号。"]
    assert (await chat.say("13812345678"))[0].startswith("登记好了")


async def test_forty_digressions_do_not_lose_the_form(new_chat: NewChat) -> None:
    chat = new_chat()
    await reach_description(chat)
    for _ in range(40):
        assert (await chat.say("几点开门"))[0] == "九点开门。"
    assert await chat.say(FAULT) == ["请留一个手机号。"]


async def test_a_settled_state_goes_on_from_its_slots(new_chat: NewChat) -> None:
    """As the service opens a session: slots after the tail, the form parked, nothing said yet."""
    chat = new_chat()
    slots = {"category": "quality", "frame": frame("complaint_form")}
    chat.state = {"schema": 1, "model_id": "any", "slots": slots, "active_loop": None, "tail": []}
    answer = await chat.turn({"start": "return"})
    assert [reply["text"] for reply in answer["replies"]] == ["您又来了，要继续刚才的登记吗？"]
    assert "state_reset" not in answer
    assert answer["state"]["slots"] == slots
