"""A turn that fails counts for nothing: 503, the state as it was, and the next attempt goes on from there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from bot.endpoint import ActionEndpoint
from bot.engine import Engine
from bot.errors import TurnFailed
from bot.worker import create_app
from tests.unit_bot import action_server, chat
from tests.unit_bot.action_server import ActionServer, done, say, slot
from tests.unit_bot.chat import Chat

NewChat = Callable[..., Chat]
Json = dict[str, Any]

COMPLAINT: list[Json] = [
    {"start": "open"},
    {"text": "投诉"},
    {"text": "几点开门"},
    {"press": {"intent": "inform_category", "entities": {"category": "quality"}, "title": "质量"}},
    {"text": "冰箱坏了三天没人来"},
    {"text": "几点开门"},
    {"text": "15900001111"},
    {"text": "13812345678"},
    {"text": "谢谢"},
]


async def play(talk: Chat) -> tuple[list[Any], list[str]]:
    """The whole complaint, each failed turn tried once more: the replies, and the codes of the failures."""
    replies, codes = [], []
    for given in COMPLAINT:
        before = talk.state
        response = await talk.post(given)
        if response.status_code == 503:
            codes.append(response.json()["error"]["code"])
            assert talk.state is before
            response = await talk.post(given)
        assert response.status_code == 200, response.text
        replies.append(response.json()["replies"])
    return replies, codes


async def test_the_service_fails_at_every_call_of_a_complaint(new_chat: NewChat, actions: ActionServer) -> None:
    expected, none = await play(new_chat())
    calls = actions.counted
    assert none == []
    assert calls > 15
    for n in range(1, calls + 1):
        actions.reset()
        actions.fail_at = n
        replies, codes = await play(new_chat())
        assert codes == ["action_failed"], f"at call {n}"
        assert replies == expected, f"at call {n}"


@pytest.mark.parametrize(
    "failure,code",
    [
        ((500, {"error": "broken"}), "action_failed"),
        ((404, {"error": "no such action", "action_name": "x"}), "action_failed"),
        ((401, {"error": "token"}), "action_failed"),
        ((400, {"error": "a bad request, not a rejection"}), "action_failed"),
        ((200, None), "action_answer"),
        ((200, ["events"]), "action_answer"),
        ((200, {"events": [{"event": "slot"}], "responses": []}), "action_answer"),
        ((200, {"events": [{"event": "no such event"}], "responses": []}), "action_answer"),
        ((200, {"events": [{"event": "pause"}], "responses": []}), "action_answer"),
        ((200, {"events": [], "responses": [say("utter_nothing_of_the_kind")]}), "no_wording"),
        ((200, {"events": [], "responses": [say("utter_ticket")]}), "no_wording"),
        (
            (200, {"events": [], "responses": [{"text": "a", "buttons": [{"title": "b", "payload": "c"}]}]}),
            "bad_button",
        ),
        ((200, {"events": [], "responses": []}), "no_reply"),
        (PlainTextResponse("<html>"), "action_answer"),
    ],
)
async def test_an_answer_that_makes_no_sense_fails_the_turn(
    new_chat: NewChat, actions: ActionServer, failure: Any, code: str
) -> None:
    actions.actions["action_answer_faq"] = lambda call: failure
    response = await new_chat().post({"text": "几点开门"})
    assert response.status_code == 503
    assert response.json()["error"]["code"] == code


async def test_an_action_without_end_is_cut_off(new_chat: NewChat, actions: ActionServer) -> None:
    again = {"event": "followup", "name": "action_answer_faq"}
    actions.actions["action_answer_faq"] = lambda call: done(again, responses=[say("utter_faq")])
    response = await new_chat().post({"text": "几点开门"})
    assert response.json()["error"]["code"] == "circuit_break"


async def test_a_rejecting_form_gives_way_to_the_rules(new_chat: NewChat, actions: ActionServer) -> None:
    talk = new_chat()
    await talk.say("投诉")
    actions.actions["validate_complaint_form"] = lambda call: (
        400,
        {"action_name": "validate_complaint_form", "error": "a question, not an answer"},
    )
    assert await talk.say("谢谢") == ["不客气。还有别的事吗？"]


async def test_the_domain_is_sent_when_it_is_asked_for(new_chat: NewChat, actions: ActionServer) -> None:
    talk = new_chat()
    for _ in range(3):
        await talk.say("几点开门")
    assert actions.statuses == [449, 200, 200, 200]
    assert ["domain" in call for call in actions.calls] == [False, True, False, False]
    assert {call["domain_digest"] for call in actions.calls} == {talk.state["model_id"]}
    assert actions.domain["forms"]["complaint_form"]["required_slots"] == ["category", "description", "phone"]


async def test_a_service_that_never_has_the_domain_fails_the_turn(new_chat: NewChat, actions: ActionServer) -> None:
    actions.actions["action_answer_faq"] = lambda call: (449, {"action_name": "x", "error": "still missing"})
    response = await new_chat().post({"text": "几点开门"})
    assert response.json()["error"]["code"] == "action_failed"


async def test_a_slow_action_fails_in_time(actions: ActionServer) -> None:
    let_go = threading.Event()
    actions.actions["action_slow"] = lambda call: (let_go.wait(20), done())[1]
    endpoint = ActionEndpoint(actions.url, action_server.TOKEN, limit=0.1)
    try:
        with pytest.raises(TurnFailed) as failed:
            await endpoint.request(json={"next_action": "action_slow"})
    finally:
        let_go.set()
        await endpoint.close()
    assert failed.value.code == "action_timeout"


async def test_a_slow_turn_fails_in_time(loaded: Engine, actions: ActionServer) -> None:
    let_go = threading.Event()
    actions.actions["action_answer_faq"] = lambda call: (let_go.wait(20), done())[1]
    hurried = Engine(loaded._processor, limit=0.1)
    transport = httpx.ASGITransport(app=create_app(hurried, chat.TOKEN))
    headers = {"Authorization": f"Bearer {chat.TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers=headers) as client:
        response = await Chat(client).post({"text": "几点开门"})
        let_go.set()
    await loaded.endpoint.close()
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "turn_timeout"


async def test_a_service_that_is_gone_fails_the_turn() -> None:
    endpoint = ActionEndpoint("http://127.0.0.1:9/internal/actions", action_server.TOKEN)
    with pytest.raises(TurnFailed) as failed:
        await endpoint.request(json={"next_action": "action_x"})
    await endpoint.close()
    assert failed.value.code == "action_failed"


async def test_the_worker_survives_a_failure_inside_rasa(new_chat: NewChat, loaded: Engine) -> None:
    talk = new_chat()
    runner = loaded._processor.graph_runner
    loaded._processor.graph_runner = None
    try:
        response = await talk.post({"text": "你好"})
    finally:
        loaded._processor.graph_runner = runner
    assert response.json()["error"]["code"] == "engine_error"
    assert (await talk.say("你好"))[0].startswith("您好")


async def test_a_kept_connection_that_was_closed_is_no_failure(new_chat: NewChat, actions: ActionServer) -> None:
    talk = new_chat()
    await talk.say("几点开门")
    closing: list[Response] = [Response(status_code=200, content=b'{"events": [], "responses": []}')]
    closing[0].headers["connection"] = "close"
    actions.actions["action_answer_faq"] = lambda call: (
        closing.pop() if closing else action_server.ACTIONS["action_answer_faq"](call)
    )
    assert (await talk.post({"text": "几点开门"})).json()["error"]["code"] == "no_reply"
    assert await talk.say("几点开门") == ["九点开门。"]


async def test_slots_an_action_sets_are_in_the_state(new_chat: NewChat, actions: ActionServer) -> None:
    actions.actions["action_answer_faq"] = lambda call: done(slot("category", "quality"), responses=[say("utter_faq")])
    talk = new_chat()
    for text in ("几点开门", "你好", "你好"):
        await talk.say(text)
    assert talk.state["slots"]["category"] == "quality"
