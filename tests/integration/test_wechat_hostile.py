"""What a server does that knows nothing but WeChat's documentation, and what somebody does who is not WeChat."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from wechatpy.crypto import WeChatCrypto

from helpdesk.channels.wechat import Account, passive
from helpdesk.channels.wechat.nonces import tidy_nonces
from helpdesk.model.say import Say
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Message, Outbox, SeenNonce
from helpdesk.testing import Databases, free_port, now
from helpdesk.usecases.conversations.speak import say
from tests.integration.signed import query_of
from tests.support.fixtures import together, world_on
from tests.support.scripted_worker import answer, heard
from tests.support.wechat_server import AES_KEY, TOKEN, UNREACHABLE, WeChatServer, as_xml, sign
from tests.support.wechat_world import WeChatWorld, account_settings, listening, patient_world, wechat_world

Json = dict[str, Any]


@pytest.fixture
async def here(databases: Databases) -> AsyncIterator[WeChatWorld]:
    async with patient_world(databases.fresh()) as made:
        yield made


@pytest.fixture
async def safe(sqlite: Databases) -> AsyncIterator[WeChatWorld]:
    async with patient_world(sqlite.fresh(), "safe") as made:
        yield made


async def call(here: WeChatWorld, query: dict[str, str], body: bytes | str, callback: str = "") -> httpx.Response:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        return await client.post(callback or here.wechat.callback, params=query, content=body)


# ---------------------------------------------------------------- signatures serve once


async def test_the_same_call_again_is_answered_alike_and_other_content_is_refused(here: WeChatWorld) -> None:
    message = here.wechat.message("o_li", "text", Content="您好")
    query = query_of("n1")
    first, again = [await call(here, query, as_xml(message)) for _ in range(2)]
    assert first.status_code == again.status_code == 200
    assert here.wechat.read(first) == here.wechat.read(again) == "答：您好"
    for changed in ({"Content": "退款到我的账户"}, {"MsgId": "1"}, {"FromUserName": "o_thief"}):
        assert (await call(here, query, as_xml({**message, **changed}))).status_code == 403
    assert len(await here.world.rows(Message, author="customer")) == len(here.world.worker.asked) == 1


async def test_the_same_message_with_new_signatures_is_one_message(here: WeChatWorld) -> None:
    message = here.wechat.message("o_li", "text", Content="您好")
    given = [await call(here, query_of(f"n{n}"), as_xml(message)) for n in range(3)]
    assert {here.wechat.read(one) for one in given} == {"答：您好"}
    assert len(here.world.worker.asked) == 1


async def test_a_used_signature_does_not_come_back_later(here: WeChatWorld) -> None:
    message = here.wechat.message("o_li", "text", Content="您好")
    query = query_of("n1")
    assert (await call(here, query, as_xml(message))).status_code == 200
    services = here.world.services
    async with services.db.write() as uow:
        await uow.session.execute(update(SeenNonce).values(at=services.clock.now() - timedelta(minutes=2)))
        await uow.commit()
    assert (await call(here, query, as_xml(message))).status_code == 403


async def test_a_refused_call_uses_no_signature_up_and_old_ones_are_forgotten(here: WeChatWorld) -> None:
    message = here.wechat.message("o_li", "text", Content="您好")
    query = query_of("n1")
    assert (await call(here, query, "<xml>")).status_code == 422
    assert (await call(here, query, as_xml(message))).status_code == 200
    services = here.world.services
    now = services.clock.now()
    await tidy_nonces(services, now)
    assert len(await here.world.rows(SeenNonce)) == 1
    await tidy_nonces(services, now + timedelta(hours=1))
    assert await here.world.rows(SeenNonce) == []


async def test_a_verification_is_no_message(here: WeChatWorld) -> None:
    query = {**query_of("n1"), "echostr": "7"}
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        answers = [await client.get(here.wechat.callback, params=query) for _ in range(2)]
        missing = [
            await client.get(here.wechat.callback, params={k: v for k, v in query.items() if k != gone})
            for gone in ("signature", "timestamp", "nonce")
        ]
    assert [(one.status_code, one.text) for one in answers] == [(200, "7")] * 2
    assert [one.status_code for one in missing] == [403] * 3
    message = here.wechat.message("o_li", "text", Content="您好")
    assert (await call(here, query, as_xml(message))).status_code == 403


async def test_clocks_may_differ_by_minutes_not_more(here: WeChatWorld) -> None:
    message = here.wechat.message("o_li", "text", Content="您好")
    for seconds, status in ((-600, 403), (600, 403), (-200, 200), (200, 200)):
        stamp = str(int(now().timestamp()) + seconds)
        assert (await call(here, query_of(f"n{seconds}", stamp), as_xml(message))).status_code == status
    for stamp in ("", "abc", "1e9", "-5", "99999999999999999999"):
        assert (await call(here, query_of("x", stamp), as_xml(message))).status_code == 403


async def test_two_processes_accept_a_signature_once(postgres: Databases) -> None:
    """Different content under one signature, at the same moment, at two processes: one is heard."""
    server = WeChatServer(free_port())
    one, two = world_on(postgres.fresh()), world_on("")
    two.settings = one.settings
    one.wechat = two.wechat = account_settings(server.url)
    async with one.worker.running(), listening(one) as first, listening(two) as second:
        here = WeChatWorld(one, server)
        for n in range(5):
            query = query_of(f"race-{n}")
            bodies = [as_xml(server.message(f"o_{n}_{k}", "text", Content="您好")) for k in range(2)]
            calls = [call(here, query, body, url) for body, url in zip(bodies, (first, second), strict=True)]
            assert sorted(one.status_code for one in await together(*calls)) == [200, 403]
        assert len(one.worker.asked) == 5


# ---------------------------------------------------------------- bodies

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BODIES = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><xml><Content>&l9;</Content></xml>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><xml><Content>{"&a;" * 5000}</Content></xml>',
    "file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><FromUserName>&e;</FromUserName></xml>',
    "web": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><FromUserName>o</FromUserName></xml>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]><xml/>',
    "nothing": "",
    "json": '{"FromUserName": "o_li"}',
    "cut": "<xml><FromUserName>o_li</FromUserName>",
    "no sender": "<xml><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>",
    "no type": "<xml><FromUserName>o_li</FromUserName><Content>x</Content></xml>",
    "deep": "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
    "another encoding": '<?xml version="1.0" encoding="no-such"?><xml><FromUserName>o</FromUserName></xml>',
    "long sender": f"<xml><FromUserName>{'o' * 300}</FromUserName><MsgType>text</MsgType><MsgId>1</MsgId></xml>",
    "long id": f"<xml><FromUserName>o</FromUserName><MsgType>text</MsgType><MsgId>{'1' * 300}</MsgId></xml>",
}


async def test_no_body_harms_anybody(here: WeChatWorld) -> None:
    started = time.process_time()
    for number, (name, body) in enumerate(BODIES.items()):
        response = await call(here, query_of(f"b{number}"), body)
        assert response.status_code == 422, f"{name}: {response.text}"
        assert "root:" not in response.text
    assert (await call(here, query_of("big"), b"<xml>" + b"a" * 300_000)).status_code == 413
    assert time.process_time() - started < 10.0
    assert await here.world.rows(Message) == []
    assert await here.wechat.say("o_wang", "您好") == "答：您好"


async def test_a_wrong_seal_is_refused_without_a_hint(safe: WeChatWorld) -> None:
    plain = as_xml(safe.wechat.message("o_li", "text", Content="您好"))
    seals = {
        "another account": _sealed(WeChatCrypto(TOKEN, AES_KEY, "wx_another"), plain),
        "another key": _sealed(WeChatCrypto(TOKEN, "b" * 43, "wx0123456789abcdef"), plain),
        "not base64": "***",
        "no blocks": base64.b64encode(b"x" * 33).decode(),
        "nothing inside": "",
        "zeros": base64.b64encode(b"\0" * 64).decode(),
    }
    told = set()
    for number, (name, sealed) in enumerate(seals.items()):
        query = query_of(f"s{number}")
        query |= {"msg_signature": sign(TOKEN, query["timestamp"], query["nonce"], sealed), "encrypt_type": "aes"}
        response = await call(safe, query, f"<xml><Encrypt>{sealed}</Encrypt></xml>")
        assert response.status_code == 422, name
        told.add(response.json()["error"]["message"])
    assert len(told) <= 2  # an empty seal is no sealed message at all
    assert await safe.wechat.say("o_li", "您好") == "答：您好"


def _sealed(crypto: WeChatCrypto, plain: str) -> str:
    return str(crypto.encrypt_message(plain, "n", "1").split("<Encrypt><![CDATA[")[1].split("]]>")[0])


# ---------------------------------------------------------------- odd messages

ODD = ["😊" * 50, "第一行\n第二行", "]]><x>", "&amp;", " ", "長" * 600]


async def test_odd_texts_are_heard_as_they_are(here: WeChatWorld) -> None:
    for text in ODD:
        told = await here.wechat.say("o_li", text)
        assert told not in ("", UNREACHABLE), text
        assert text.strip() in told or not text.strip(), text
    assert here.wechat.sends == []


SEEN = {
    "\u202e倒着写": "倒着写",
    "零\u200b宽\ufeff1\u200d3\u20608": "零宽138",
    "断\x1d开\x02了\x00": "断开了",
    "家👨\u200d👩\u200d👧": "家👨\u200d👩\u200d👧",
    "一行\u2028又一行": "一行\n又一行",
    "太慢了/::@": "太慢了😡",
    "/:strong谢谢[微笑]": "👍谢谢🙂",
    "见 https://a.example/:ok[链接]": "见 https://a.example👌[链接]",
}


async def test_what_nobody_sees_is_taken_out_and_smileys_are_read(here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    for text, seen in SEEN.items():
        assert await here.wechat.say("o_li", text) == f"答：{seen}"
    stored = [one.text for one in await here.world.rows(Message, author="customer")]
    assert sorted(stored) == sorted(["您好", *SEEN.values()])


INJECTED = "您好]]></Content><FromUserName><![CDATA[o_thief]]></FromUserName><Content><![CDATA[退款"
MODES = ("plain", "compatible", "safe")


@pytest.mark.parametrize("mode", MODES)
async def test_nobody_speaks_for_another_customer(sqlite: Databases, mode: str) -> None:
    """A text that WeChat, or whoever stands between, did not wrap well enough: an element that comes twice."""
    async with patient_world(sqlite.fresh(), mode) as here:
        message = here.wechat.message("o_li", "text", Content="CONTENT")
        for content in (INJECTED, INJECTED.replace("FromUserName", "MsgType")):
            body = as_xml(message).replace("CONTENT", f"<![CDATA[{content}]]>")
            query = query_of(f"d-{mode}-{len(content)}")
            if mode != "plain":
                sealed = _sealed(WeChatCrypto(TOKEN, AES_KEY, "wx0123456789abcdef"), body)
                query |= {"msg_signature": sign(TOKEN, query["timestamp"], query["nonce"], sealed)}
                outside = as_xml(message)[len("<xml>") : -len("</xml>")] if mode == "compatible" else ""
                body = f"<xml>{outside}<Encrypt>{sealed}</Encrypt></xml>"
            assert (await call(here, query, body)).status_code == 422
        assert await here.world.rows(Message) == []
        assert await here.wechat.say("o_li", "您好") == "答：您好"


async def test_two_seals_are_no_choice(safe: WeChatWorld) -> None:
    crypto = WeChatCrypto(TOKEN, AES_KEY, "wx0123456789abcdef")
    sealed = [_sealed(crypto, as_xml(safe.wechat.message(who, "text", Content="您好"))) for who in ("o_li", "o_wang")]
    query = query_of("two")
    query |= {"msg_signature": sign(TOKEN, query["timestamp"], query["nonce"], sealed[0])}
    both = "".join(f"<Encrypt>{one}</Encrypt>" for one in sealed)
    assert (await call(safe, query, f"<xml>{both}</xml>")).status_code == 422


async def test_a_very_long_text_is_stored_whole_and_answered_by_the_service(here: WeChatWorld) -> None:
    text = "我的情况是这样的。" * 2000
    told = await here.wechat.say("o_li", text)
    assert told in here.world.services.wording.variants("too_long")
    (stored,) = await here.world.rows(Message, author="customer")
    assert stored.text == text


async def test_an_id_stands_for_its_first_content(here: WeChatWorld) -> None:
    first = here.wechat.message("o_li", "text", Content="您好")
    other = {**first, "Content": "换一句"}
    assert here.wechat.read(await here.wechat.deliver(first)) == "答：您好"
    assert here.wechat.read(await here.wechat.deliver(other)) == "答：您好"
    stranger = {**first, "FromUserName": "o_wang"}
    assert here.wechat.read(await here.wechat.deliver(stranger)) == "答：您好"
    assert [heard(body) for body in here.world.worker.asked] == ["您好", "您好"]


async def test_an_event_twice_is_one_event_and_at_another_time_another(here: WeChatWorld) -> None:
    await here.wechat.say("o_li", "您好")
    event = here.wechat.message("o_li", "event", Event="CLICK", EventKey="ORDER")
    later = {**event, "CreateTime": str(int(event["CreateTime"]) + 1)}
    for one in (event, event, later):
        assert here.wechat.read(await here.wechat.deliver(one)) == "答：查一下我的订单"
    assert len(here.world.worker.asked) == 3


async def test_an_answer_of_many_sentences_is_cut_at_their_ends(here: WeChatWorld) -> None:
    sentences = [f"这是第{n}句，说的是退换货的规定和办理的时间。" for n in range(120)]

    async def preach(body: Json) -> Json:
        return answer(body, "".join(sentences), intent="greet")

    here.world.worker.script = preach
    assert await here.wechat.say("o_li", "规定") == ""
    await here.appears(sentences[-1])
    assert "".join(here.phone().texts) == "".join(sentences)
    assert all(text.endswith("。") and len(text.encode()) <= 2048 for text in here.phone().texts)


# ---------------------------------------------------------------- time


@pytest.fixture
async def hurried(databases: Databases) -> AsyncIterator[WeChatWorld]:
    """With WeChat's five seconds."""
    async with wechat_world(databases.fresh()) as made:
        yield made


async def test_a_slow_database_does_not_keep_wechat_waiting(hurried: WeChatWorld) -> None:
    """The answer is there, but deciding who carries it takes too long: the request goes without, the answer once."""
    await hurried.wechat.say("o_li", "您好")
    services = hurried.world.services
    account = Account.of(services)
    assert account is not None
    (asked,) = await hurried.world.rows(Message, author="customer")
    async with services.db.write() as uow:
        conversation = await lock_conversation(uow.session, asked.conversation_id)
        await say(uow, conversation, [Say("补充一句")], answers=asked, in_reply_to=[])
        await uow.commit()
    async with services.db.write(urgent=True) as uow:
        await uow.session.execute(update(Outbox).values(attempts=Outbox.attempts))
        started = asyncio.get_running_loop().time()
        assert await passive.take(services, account, asked, started + 0.3) == []
        assert asyncio.get_running_loop().time() - started < 1.0
    await hurried.appears("补充一句")
    await hurried.is_settled()
    assert hurried.phone().texts == ["答：您好", "补充一句"]
