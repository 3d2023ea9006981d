"""The REST channel as outsiders use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from helpdesk.store.tables import Message
from helpdesk.testing import Databases
from tests.support.fixtures import REST, World, post, texts, told_to, world_on
from tests.support.scripted_worker import answer, heard

Json = dict[str, Any]
WEBHOOK = "/webhooks/rest/webhook"


def error_code(response: httpx.Response) -> str:
    """The code of an error, having checked its one shape."""
    body = response.json()
    assert set(body) == {"error"}, body
    assert set(body["error"]) <= {"code", "reason", "message", "details"}
    assert isinstance(body["error"]["message"], str)
    return str(body["error"]["code"])


@pytest.mark.parametrize(
    "body,status,code",
    [
        ({"sender": "li", "message": 7}, 422, "invalid_input"),
        ({"sender": "li", "message": None}, 422, "invalid_input"),
        ({"sender": "li"}, 422, "invalid_input"),
        ({"sender": "", "message": "x"}, 422, "invalid_input"),
        ({"sender": "x" * 129, "message": "x"}, 422, "invalid_input"),
        ({"sender": "a\x00b", "message": "x"}, 422, "invalid_input"),
        ({"sender": 5, "message": "x"}, 422, "invalid_input"),
        ({"message": "x"}, 422, "invalid_input"),
        ([], 422, "invalid_input"),
        ({"sender": "li", "message": "x", "message_id": "a\nb"}, 422, "invalid_input"),
        ({"sender": "li", "message": "x" * 262_144}, 413, "too_large"),
    ],
)
async def test_what_cannot_be_accepted_is_refused(
    body: Any, status: int, code: str, world: World, client: httpx.AsyncClient
) -> None:
    response = await client.post(WEBHOOK, json=body)
    assert (response.status_code, error_code(response)) == (status, code)
    assert await world.rows(Message) == []


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b'"' + b"[" * 5000])
async def test_broken_json_is_refused(body: bytes, client: httpx.AsyncClient) -> None:
    response = await client.post(WEBHOOK, content=body)
    assert (response.status_code, error_code(response)) == (422, "invalid_input")


@pytest.mark.parametrize(
    "token", ["", "Bearer ", "Bearer wrong", "rest-token", "Basic rest-token", "Bearer rest-tokén"]
)
async def test_without_the_token_nobody_is_heard(token: str, client: httpx.AsyncClient) -> None:
    wrong = {"Authorization": token.encode()}
    for response in (
        await client.post(WEBHOOK, json={"sender": "li", "message": "x"}, headers=wrong),
        await client.get("/webhooks/rest/messages", params={"sender": "li"}, headers=wrong),
    ):
        assert (response.status_code, error_code(response)) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "method,path,status",
    [("GET", "/nowhere", 404), ("GET", WEBHOOK, 405), ("GET", "/webhooks/rest/messages", 422), ("PUT", WEBHOOK, 405)],
)
async def test_the_frameworks_errors_have_the_same_shape(
    method: str, path: str, status: int, client: httpx.AsyncClient
) -> None:
    response = await client.request(method, path)
    assert response.status_code == status
    assert error_code(response)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07"])
async def test_an_empty_text_gets_a_courteous_answer(text: str, world: World, client: httpx.AsyncClient) -> None:
    assert (await texts(client, text))[0] in world.services.wording.variants("empty")
    assert world.worker.asked == []


async def test_a_long_text_is_stored_whole_and_answered_by_the_service(world: World, client: httpx.AsyncClient) -> None:
    long = "长" * 2001
    assert (await texts(client, long))[-1] in world.services.wording.variants("too_long")
    assert [one.text for one in await world.rows(Message, author="customer")] == [long]
    assert world.worker.asked == []


@pytest.mark.parametrize(
    "text", ["/restart", '/handoff{"a":1}', "<script>alert(1)</script>", "👍👍", "a\x00b", "b:12345678"]
)
async def test_typed_text_is_only_ever_text(text: str, world: World, client: httpx.AsyncClient) -> None:
    assert len(await texts(client, text)) == 2
    assert [one["input"] for one in world.worker.asked] == [{"text": text.replace("\x00", "")}]


async def test_the_same_message_twice_is_answered_once(world: World, client: httpx.AsyncClient) -> None:
    first = await post(client, "您好", message_id="m1")
    again = await post(client, "您好", message_id="m1")
    assert again.json() == first.json() != []
    assert len(world.worker.asked) == 1


async def test_twins_at_the_same_time_get_the_same_answer(world: World, client: httpx.AsyncClient) -> None:
    responses = await asyncio.gather(*(post(client, "您好", message_id="m1") for _ in range(10)))
    assert [one.json() for one in responses] == [responses[0].json()] * 10
    assert len(responses[0].json()) == 1
    assert len(world.worker.asked) == 1


async def test_the_same_id_with_other_text_is_a_conflict(client: httpx.AsyncClient) -> None:
    await post(client, "您好", message_id="m1")
    response = await post(client, "别的", message_id="m1")
    assert (response.status_code, error_code(response)) == (409, "conflict")


async def test_message_ids_belong_to_their_sender(client: httpx.AsyncClient) -> None:
    assert await texts(client, "您好甲", sender="a", message_id="m1") == ["答：您好甲"]
    assert await texts(client, "您好乙", sender="b", message_id="m1") == ["答：您好乙"]


async def test_debug_shows_what_was_understood_first(client: httpx.AsyncClient) -> None:
    response = await post(client, "您好", debug=1)
    assert response.json()[0] == {
        "recipient_id": "li",
        "understood": {"intent": "greet", "confidence": 1.0, "entities": []},
    }
    assert response.json()[1]["text"] == "答：您好"


async def test_everything_told_can_be_paged_through(world: World, client: httpx.AsyncClient) -> None:
    async def chatty(body: Json) -> Json:
        return answer(body, *(f"{heard(body)}{n}" for n in range(70)), intent="greet")

    world.worker.script = chatty
    for text in ("甲", "乙"):
        await post(client, text, message_id=text)
    first = await told_to(client)
    second = await told_to(client, after=first[-1]["id"])
    assert [len(first), len(second)] == [100, 40]
    assert await told_to(client, after=second[-1]["id"]) == []
    assert [one["text"] for one in first + second] == [f"{t}{n}" for t in "甲乙" for n in range(70)]
    assert set(first[0]) == {"id", "at", "author", "in_reply_to", "recipient_id", "text"}
    assert (first[0]["author"], first[0]["in_reply_to"], first[0]["recipient_id"]) == ("bot", ["甲"], "li")
    assert len({one["id"] for one in first + second}) == 140


async def test_a_stranger_was_told_nothing(client: httpx.AsyncClient) -> None:
    assert await told_to(client, "nobody") == []


async def test_somebody_elses_message_is_no_place_to_start_from(client: httpx.AsyncClient) -> None:
    await texts(client, "您好", sender="a")
    (told,) = await told_to(client, "a")
    await texts(client, "您好", sender="b")
    response = await client.get("/webhooks/rest/messages", params={"sender": "b", "after": told["id"]})
    assert (response.status_code, error_code(response)) == (404, "not_found")


CHOICE: Json = {"title": "查订单", "press": {"intent": "check_order", "entities": {}, "title": "查订单"}}


async def offer(body: Json) -> Json:
    if "press" in body["input"]:
        return answer(body, f"选了{heard(body)}")
    return answer(body, "请选择", intent="greet", buttons=[CHOICE])


async def payload_of(client: httpx.AsyncClient) -> str:
    """Offer choices; the opaque payload of the one there is."""
    (told,) = (await post(client, "您好")).json()
    assert [one["title"] for one in told["buttons"]] == ["查订单"]
    payload = str(told["buttons"][0]["payload"])
    assert payload.startswith("b:")
    assert len(payload) == 10
    return payload


async def test_a_button_is_pressed_by_its_payload(world: World, client: httpx.AsyncClient) -> None:
    world.worker.script = offer
    payload = await payload_of(client)
    assert await texts(client, payload, message_id="p") == ["选了查订单"]
    assert await texts(client, payload, message_id="p") == ["选了查订单"]
    assert world.worker.asked[-1]["input"] == {"press": CHOICE["press"]}


async def test_a_button_is_valid_among_the_last_three_with_choices(world: World, client: httpx.AsyncClient) -> None:
    world.worker.script = offer
    payload = await payload_of(client)
    for _ in range(2):
        await payload_of(client)
    assert await texts(client, payload) == ["选了查订单"]
    await payload_of(client)
    await texts(client, payload)
    assert world.worker.asked[-1]["input"] == {"text": payload}


async def test_a_button_of_another_customer_is_plain_text(world: World, client: httpx.AsyncClient) -> None:
    world.worker.script = offer
    payload = await payload_of(client)
    await texts(client, payload, sender="other")
    assert world.worker.asked[-1]["input"] == {"text": payload}


async def test_custom_and_image_travel_with_their_message(world: World, client: httpx.AsyncClient) -> None:
    async def script(body: Json) -> Json:
        return answer(body, "请看", intent="greet", image="https://example.com/a.png", custom={"kind": "farewell"})

    world.worker.script = script
    element = {"text": "请看", "image": "https://example.com/a.png", "custom": {"kind": "farewell"}}
    assert (await post(client, "您好")).json() == [{"recipient_id": "li", **element}]
    assert (await told_to(client))[0].items() >= element.items()


@pytest.fixture
async def impatient(sqlite: Databases) -> AsyncIterator[World]:
    """POSTs wait for half a second only."""
    made = world_on(sqlite.fresh(), rest_wait=0.5)
    async with made.worker.running():
        yield made


async def test_a_late_answer_is_accepted_first_and_fetched_later(impatient: World) -> None:
    go_on = asyncio.Event()

    async def slow(body: Json) -> Json:
        await go_on.wait()
        return answer(body, "让您久等了", intent="greet")

    impatient.worker.script = slow
    async with impatient.service() as client:
        response = await post(client, "您好", message_id="m1")
        assert (response.status_code, response.json()) == (202, {"message_id": "m1"})
        go_on.set()
        assert await texts(client, "您好", message_id="m1") == ["让您久等了"]
        assert [one["in_reply_to"] for one in await told_to(client)] == [["m1"]]


async def test_the_channel_is_off_without_a_token(sqlite: Databases) -> None:
    made = world_on(sqlite.fresh(), rest_token="")
    async with made.service() as client:
        response = await post(client, "您好")
        assert (response.status_code, error_code(response)) == (403, "not_allowed")
        response = await client.post(WEBHOOK, json={}, headers={**REST, "Authorization": "Bearer "})
        assert response.status_code == 403


async def test_an_answer_of_another_process_is_noticed(postgres: Databases) -> None:
    """Two services on one database: one stores and waits, the other happens to answer."""
    made = world_on(postgres.fresh())
    other = world_on("", recover_every=0.1)
    other.settings = made.settings.model_copy(update={"recover_every": 0.1})
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(body: Json) -> Json:
        started.set()
        await go_on.wait()
        return answer(body, "好的", intent="greet")

    made.worker.script = slow
    async with made.worker.running(), made.service() as client, other.service() as second:
        first = asyncio.create_task(post(client, "您好", message_id="m1"))
        await started.wait()
        twin = asyncio.create_task(post(second, "您好", message_id="m1"))
        go_on.set()
        assert [one["text"] for one in (await first).json()] == ["好的"]
        assert (await twin).json() == (await first).json()
    assert len(made.worker.asked) == 1
