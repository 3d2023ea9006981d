"""Floods: of connections, sessions and messages; nobody is kept out by what somebody else does."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
import httpx
import pytest
from socketio.packet import Packet

from helpdesk.channels.web.server import UNREAD
from helpdesk.clock import ManualClock
from helpdesk.door.bounds import FRAMES
from helpdesk.door.limits import (
    CHAT_CONNECTIONS,
    EVENTS,
    MESSAGES,
    MESSAGES_FROM,
    NEW_SESSIONS,
    PROGRAM_MESSAGES,
    Limiter,
)
from helpdesk.store.tables import Conversation, Message, WebSession
from helpdesk.testing import Databases
from tests.integration.web.conftest import Site, listening
from tests.support.fixtures import REST, world_on

NO_LIMITS = httpx.Limits(max_connections=None)
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
async def flooded(sqlite: Databases) -> AsyncIterator[Site]:
    """A service of its own, what one test counted is not the next one's; for its limits no time passes."""
    world = world_on(sqlite.fresh(), address_room=1.0)
    async with world.worker.running(), listening(world) as services:
        services.limiter = Limiter(ManualClock(services.clock.now()))
        made = Site(f"http://127.0.0.1:{world.settings.port}", world, services)
        yield made
        while made.customers:
            await made.customers.pop().leave()


@pytest.fixture
async def http(flooded: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=flooded.url, trust_env=False, timeout=60, limits=NO_LIMITS) as client:
        yield client


def codes(answers: list[Any]) -> list[str]:
    """The errors among the answers."""
    return [one["error"]["code"] for one in answers if one and "error" in one]


async def test_messages_are_counted_by_session_not_by_connection(flooded: Site) -> None:
    customer = await flooded.customer()
    await customer.begin()
    answers: list[Any] = []
    for turn in range(6):
        answers += [await customer.say(f"{turn}-{n}", client_id=f"{turn}-{n}") for n in range(20)]
        await customer.leave()
        await customer.connect()
        await customer.begin()
    assert set(codes(answers)) == {"too_many_tries"}
    assert len(await flooded.world.rows(Message, author="customer")) == MESSAGES.most
    assert answers[-1]["error"]["details"]["retry_after_s"] <= MESSAGES.seconds


async def test_many_sessions_of_one_address_are_counted_together(flooded: Site) -> None:
    flood = [await flooded.customer() for _ in range(7)]
    for one in flood:
        await one.begin()
    answers = await asyncio.gather(*(one.say(f"{n}", client_id=f"{n}") for one in flood for n in range(20)))
    assert len(await flooded.world.rows(Message, author="customer")) == MESSAGES_FROM.most
    assert set(codes(answers)) == {"too_many_tries"}


async def test_new_sessions_are_few_and_known_ones_go_on(flooded: Site) -> None:
    known = await flooded.customer()
    await known.begin()
    flood = await flooded.customer()
    answers = [await flood.ask("session_request", {}) for _ in range(NEW_SESSIONS.most + 10)]
    assert codes(answers) == ["too_many_tries"] * 11
    assert len(await flooded.world.rows(WebSession)) == NEW_SESSIONS.most
    assert "id" in await known.say("我还在", client_id="k")
    await known.begin()


async def test_new_connections_are_few_and_open_ones_go_on(flooded: Site, http: httpx.AsyncClient) -> None:
    known = await flooded.customer()
    await known.begin()
    answers = await asyncio.gather(*(http.get(HANDSHAKE) for _ in range(CHAT_CONNECTIONS.most + 5)))
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) >= 5
    assert all(1 <= int(one.headers["Retry-After"]) <= CHAT_CONNECTIONS.seconds for one in refused)
    assert "id" in await known.say("我还在", client_id="k")


@pytest.mark.parametrize("disguise", ["&xsid=1", "&sid=", "&x=sid=1"])
async def test_a_new_connection_that_looks_like_an_old_one_is_counted(
    http: httpx.AsyncClient, flooded: Site, disguise: str
) -> None:
    answers = [await http.get(HANDSHAKE + disguise) for _ in range(CHAT_CONNECTIONS.most + 1)]
    assert [one.status_code for one in answers] == [200] * CHAT_CONNECTIONS.most + [429]


async def said(connection: aiohttp.ClientWebSocketResponse) -> str:
    """What comes next, but for the server's questions whether we are still here."""
    while (packet := await connection.receive_str(timeout=30)) == "2":
        await connection.send_str("3")
    return packet


async def test_who_leaves_the_chat_and_enters_it_again_is_counted_on(flooded: Site) -> None:
    """All over one wire, whose connections to the chat are new ones each time."""
    address = flooded.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    told = []
    async with aiohttp.ClientSession() as browser, browser.ws_connect(address) as connection:
        await connection.receive_str()
        for _ in range(EVENTS.most + 1):
            await connection.send_str("40")
            assert (await said(connection)).startswith("40")
            await connection.send_str('420["typing",{"on":true}]')
            told.append(await said(connection))
            await connection.send_str("41")
    assert [one for one in told if "too_many_tries" in one] == told[EVENTS.most :]


async def test_a_program_is_counted_by_sender(flooded: Site, http: httpx.AsyncClient) -> None:
    async def post(sender: str, n: int) -> httpx.Response:
        body = {"sender": sender, "message": f"第{n}条", "message_id": f"{sender}-{n}"}
        return await http.post("/webhooks/rest/webhook", json=body, headers=REST)

    answers = await asyncio.gather(*(post("li", n) for n in range(PROGRAM_MESSAGES.most + 5)))
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) == 5
    assert all("Retry-After" in one.headers for one in refused)
    assert (await post("wang", 1)).status_code == 200
    assert len(await flooded.world.rows(Conversation)) == 2


RUBBISH = (
    "", "4", "42", "42[", '42["user_uttered"', "42{}", "42[7]", "42[[]]", "451-[", "45999-x", "9", "x", "40/nowhere,",
    "43999[]", "4" + "2" * 5000, "42" + "[" * 100, '42["user_uttered",{"message":' + "[" * 40 + "]" * 40 + "}]",
    '42["nothing",1,2,3]',
    '42["connect",1]', '42["read",1,2,3]', '42["typing"]', '421180591620717411303424["history",{}]',
)  # fmt: skip


async def test_packets_that_are_none_harm_nobody_and_are_no_tracebacks(
    flooded: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    customer = await flooded.customer()
    await customer.begin()
    address = flooded.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as browser:
        for packet in RUBBISH:
            async with browser.ws_connect(address) as connection:
                assert (await connection.receive_str()).startswith("0")
                await connection.send_str("40")
                await connection.receive(timeout=30)
                await connection.send_str(packet)
                await connection.send_str("2")  # a ping, so that the packet before it was read
    assert "id" in await customer.say("我还在", client_id="k")
    assert "Traceback" not in capfd.readouterr().err


async def test_attachments_are_not_hoarded(flooded: Site) -> None:
    """Nine billion of them announced by somebody without a session, and then as many as the wire takes."""
    address = flooded.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    announced = '59999999999-["user_uttered",{"message":{"_placeholder":true,"num":0}}]'
    async with aiohttp.ClientSession() as browser, browser.ws_connect(address) as connection:
        await connection.receive_str()
        await connection.send_str("40")
        await connection.receive(timeout=30)
        await connection.send_str(announced)
        for _ in range(20):
            await connection.send_bytes(bytes(50_000))
        await connection.send_str("40/nowhere,")  # what is sent last is answered when all before it was read
        await connection.receive(timeout=30)
        assert not [one for one in gc.get_objects() if isinstance(one, Packet) and one.attachments]


async def test_who_asks_and_never_listens_is_let_go(http: httpx.AsyncClient) -> None:
    """By long polling nothing is written, so nothing shows that nobody reads: answers were kept for ever."""
    sid = json.loads((await http.get(HANDSHAKE)).text[1:])["sid"]
    here = f"{HANDSHAKE}&sid={sid}"
    assert (await http.post(here, content="40")).status_code == 200
    asked = "\x1e".join(['420["typing",{}]'] * 15)
    statuses = [(await http.post(here, content=asked)).status_code for _ in range(2 * UNREAD // 15)]
    assert statuses[0] == 200
    assert statuses[-1] == 400


async def test_a_websocket_that_floods_is_cut_off(flooded: Site) -> None:
    """Not only events cost something: whatever a packet is, it has to be read."""
    address = flooded.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as browser, browser.ws_connect(address) as connection:
        await connection.receive_str()
        with suppress(ConnectionError):
            for _ in range(FRAMES + 1):
                await connection.send_str("3")
        while not connection.closed:
            await connection.receive(timeout=30)
        assert connection.close_code == 1008


@pytest.mark.parametrize("number", [2**70, -1, 1.5, "7", True, [1]])
async def test_a_number_no_message_has_is_refused_with_its_name(flooded: Site, number: Any) -> None:
    customer = await flooded.customer()
    await customer.begin()
    for event, name in (("history", "after_seq"), ("read", "seq")):
        answer = await customer.ask(event, {name: number})
        assert answer["error"]["code"] == "invalid_input"
        assert name in answer["error"]["message"]
