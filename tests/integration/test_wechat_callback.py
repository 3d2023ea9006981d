"""The callback as WeChat calls it: who is let in, what is stored, what goes back at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from helpdesk.store.tables import Audit, Message
from helpdesk.testing import Databases, now
from tests.support.scripted_worker import answer, heard
from tests.support.wechat_server import TOKEN, UNREACHABLE, sign
from tests.support.wechat_world import WeChatWorld, patient_world

Json = dict[str, Any]
MENU = [{"title": title, "press": {"intent": f"ask_{n}", "entities": [], "title": title}} for n, title in
        enumerate(("我要投诉", "查询订单"))]  # fmt: skip


@pytest.fixture
async def here(databases: Databases) -> AsyncIterator[WeChatWorld]:
    async with patient_world(databases.fresh()) as made:
        yield made


async def offer(body: Json) -> Json:
    """A menu for who greets, an echo for others."""
    if heard(body).startswith("您好"):
        return answer(body, "欢迎", "请问要办什么", intent="greet", buttons=MENU)
    return answer(body, f"答：{heard(body)}", intent="greet")


async def get(here: WeChatWorld, stamp: str, signature: str) -> httpx.Response:
    query = {"signature": signature, "timestamp": stamp, "nonce": "7", "echostr": "回声-123"}
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        return await client.get(here.wechat.callback, params=query)


async def test_the_console_can_verify_the_address(here: WeChatWorld) -> None:
    fresh, old = str(int(now().timestamp())), str(int(now().timestamp()) - 3600)
    right = await get(here, fresh, sign(TOKEN, fresh, "7"))
    assert (right.status_code, right.text) == (200, "回声-123")
    assert right.headers["content-type"].startswith("text/plain")
    for wrong in (
        await get(here, fresh, "0" * 40),
        await get(here, old, sign(TOKEN, old, "7")),
        await get(here, "", ""),
    ):
        assert wrong.status_code == 403
        assert "回声" not in wrong.text


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_a_text_is_answered_in_the_same_request(mode: str, databases: Databases) -> None:
    async with patient_world(databases.fresh(), mode) as here:
        assert await here.wechat.say("o_li", "您好，<退款> & 换货") == "答：您好，<退款> & 换货"
        (row,) = await here.is_settled()
        assert (row.status, row.via) == ("sent", "passive")
        assert here.wechat.sends == []


async def test_a_choice_is_made_by_number_title_or_click(here: WeChatWorld) -> None:
    here.world.worker.script = offer
    for said in ("２", "查询订单", "选2"):
        shown = await here.wechat.say("o_li", "您好")
        assert shown == "欢迎\n\n请问要办什么\n\n1. 我要投诉\n2. 查询订单\n请回复数字选择。"
        assert await here.wechat.say("o_li", said) == "答：查询订单"
        assert here.world.worker.asked[-1]["input"] == {"press": MENU[1]["press"]}
    menu = [one for one in await here.world.rows(Message) if one.buttons][-1]
    clicked = await here.wechat.say("o_li", "我要投诉", bizmsgmenuid=menu.buttons[0]["payload"])
    assert clicked == "答：我要投诉"
    assert await here.wechat.say("o_li", "3") == "答：3"


async def test_a_number_that_a_form_asks_for_is_no_choice(here: WeChatWorld) -> None:
    here.world.worker.script = offer
    await here.wechat.say("o_li", "您好")

    async def ask(body: Json) -> Json:
        return answer(body, f"几台？{heard(body)}", intent="greet", custom={"kind": "form", "field": "quantity"})

    here.world.worker.script = ask
    await here.wechat.say("o_li", "我要订货")
    assert await here.wechat.say("o_li", "2") == "几台？2"


async def test_three_deliveries_are_one_message_and_one_answer(here: WeChatWorld) -> None:
    here.world.worker.script = offer
    await here.wechat.say("o_li", "您好")
    message = here.wechat.message("o_li", "text", Content="2")
    together = await asyncio.gather(*(here.wechat.deliver(message) for _ in range(3)))
    later = await here.wechat.deliver(message)
    assert {here.wechat.read(response) for response in (*together, later)} == {"答：查询订单"}
    assert [heard(body) for body in here.world.worker.asked] == ["您好", "查询订单"]
    assert len(await here.world.rows(Message, author="customer")) == 2
    assert here.wechat.sends == []


async def test_who_cannot_sign_is_not_heard(here: WeChatWorld) -> None:
    message = here.wechat.message("o_li", "text", Content="您好")
    old = str(int(now().timestamp()) - 3600)
    ahead = str(int(now().timestamp()) + 3600)
    refused = [
        await here.wechat.deliver(message, signature="0" * 40),
        await here.wechat.deliver(message, signature=""),
        await here.wechat.deliver(message, nonce="other"),
        await here.wechat.deliver(message, timestamp=old, nonce="1", signature=sign(TOKEN, old, "1")),
        await here.wechat.deliver(message, timestamp=ahead, nonce="1", signature=sign(TOKEN, ahead, "1")),
    ]
    assert [response.status_code for response in refused] == [403] * 5
    assert await here.world.rows(Message) == []


async def test_a_signature_serves_for_one_body_only(here: WeChatWorld) -> None:
    query, body = here.wechat.signed(here.wechat.message("o_li", "text", Content="您好"))
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        first = await client.post(here.wechat.callback, params=query, content=body)
        forged = await client.post(here.wechat.callback, params=query, content=body.replace(b"o_li", b"o_xx"))
    assert (first.status_code, forged.status_code) == (200, 403)


async def test_in_safe_mode_the_body_is_signed_too(databases: Databases) -> None:
    async with patient_world(databases.fresh(), "safe") as here:
        message = here.wechat.message("o_li", "text", Content="您好")
        wrong = await here.wechat.deliver(message, msg_signature="0" * 40)
        query, body = here.wechat.signed(message)
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            cut = await client.post(
                here.wechat.callback, params=query, content=body.replace(b"<Encrypt>", b"<Encrypt>A")
            )
        assert (wrong.status_code, cut.status_code) == (403, 403)
        assert await here.wechat.say("o_li", "您好") == "答：您好"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><FromUserName>&b;</FromUserName></xml>'
SPY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><FromUserName>&e;</FromUserName></xml>'


BROKEN = {BOMB: 422, SPY: 422, b"": 422, b"{}": 422, b"<xml><Content>": 422, b"<xml></xml>": 422, b"\xff" * 64: 422}


async def test_a_broken_body_harms_nobody(here: WeChatWorld) -> None:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        for body, status in {**BROKEN, b"<xml>" + b"a" * 300_000 + b"</xml>": 413}.items():
            query, _ = here.wechat.signed(here.wechat.message("o_li", "text", Content="x"))
            response = await client.post(here.wechat.callback, params=query, content=body)
            assert response.status_code == status
            assert set(response.json()) == {"error"}
    assert await here.wechat.say("o_wang", "您好") == "答：您好"


async def test_every_type_is_stored_and_answered_politely(here: WeChatWorld) -> None:
    picture = "http://mmbiz.example/1.jpg"
    given = {
        "image": {"PicUrl": picture, "MediaId": "m"},
        "voice": {"MediaId": "m", "Format": "amr"},
        "video": {"MediaId": "m", "ThumbMediaId": "t"},
        "shortvideo": {"MediaId": "m"},
        "location": {"Location_X": "23.1", "Location_Y": "113.3", "Label": "海珠区"},
        "link": {"Title": "新闻", "Url": "https://example.com"},
        "miniprogrampage": {"Title": "卡片"},
    }
    wording = here.world.services.wording
    for kind, elements in given.items():
        told = await here.wechat.post(here.wechat.message("o_li", kind, **elements))
        key = {"shortvideo": "video", "miniprogrampage": "other"}.get(kind, kind)
        assert told in wording.variants(f"wechat_{key}")
    said = await here.world.rows(Message, author="customer")
    assert len(said) == len(given)
    stored = {one.text: one for one in said}
    assert stored["［图片］"].image == picture
    assert "（位置）海珠区" in stored
    assert here.world.worker.asked == []
    spoken = here.wechat.message("o_li", "voice", MediaId="m", Format="amr", Recognition="您好，退款多久到")
    assert await here.wechat.post(spoken) == "答：您好，退款多久到"


async def test_a_picture_is_the_evidence_a_form_asks_for(here: WeChatWorld) -> None:
    async def ask(body: Json) -> Json:
        given = answer(body, f"答：{heard(body)}", intent="greet")
        given["state"]["slots"]["requested_slot"] = "evidence"
        return given

    here.world.worker.script = ask
    await here.wechat.say("o_li", "我要投诉")
    told = await here.wechat.post(
        here.wechat.message("o_li", "image", PicUrl="http://mmbiz.example/2.jpg", MediaId="m")
    )
    assert told == "答：［图片］"


async def test_events_greet_press_or_are_written_down(here: WeChatWorld) -> None:
    assert await here.wechat.event("o_li", "subscribe", "qrscene_store") == "答：subscribe"
    (scene,) = await here.world.rows(Audit, action="wechat_scene")
    assert scene.detail == {"scene": "store", "title": "门店二维码"}
    assert await here.wechat.event("o_li", "CLICK", "COMPLAINT") == "答：我要投诉"
    assert await here.wechat.event("o_li", "CLICK", "NOBODY_KNOWS") in here.world.services.wording.variants(
        "wechat_menu_unknown"
    )
    for event in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "something_new", "unsubscribe"):
        message = here.wechat.message("o_li", "event", Event=event, EventKey="k")
        assert [(await here.wechat.deliver(message)).text for _ in range(2)] == ["success", "success"]
    noted = [one.custom["event"] for one in await here.messages_of("o_li", "system")]
    assert noted == ["view", "location", "something_new", "unsubscribe"]
    assert len(await here.world.rows(Audit, action="wechat_unsubscribed")) == 1
    assert UNREACHABLE not in here.phone().texts


async def test_without_a_token_the_channel_is_off(databases: Databases) -> None:
    async with patient_world(databases.fresh(), account={"token": "", "app_secret": ""}) as here:
        assert (await here.wechat.deliver(here.wechat.message("o_li", "text", Content="x"))).status_code == 404
