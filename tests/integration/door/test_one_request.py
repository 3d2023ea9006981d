"""One request stops nobody: what was done to the service by a stranger with one connection, or a few."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import httpx
import pytest
import websockets

from helpdesk.door.listener import HEADER_SECONDS, SILENCE_SECONDS, UNREAD_SECONDS
from helpdesk.testing import eventually
from tests.integration.door.conftest import ROOM, Service, connection, exchange

MEGABYTE = 1024 * 1024
ROUTES = ("/healthz", "/api/me", "/socket.io/?EIO=4&transport=polling", "/pictures/" + "0" * 32, "/follow")
JSON_ROUTES = ("/api/session", "/webhooks/rest/webhook", "/follow", "/socket.io/?EIO=4&transport=polling&sid=x")
REST = {"Authorization": "Bearer rest-token"}


async def slowest_answer(url: str, attack: asyncio.Task[object]) -> float:
    """The longest that anybody else waits for an answer while the attack lasts, in seconds."""
    worst = 0.0
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        while True:
            began = time.monotonic()
            assert (await client.get(f"{url}/healthz")).status_code == 200
            worst = max(worst, time.monotonic() - began)
            if attack.done():
                return worst


async def everything(reader: asyncio.StreamReader) -> bytes:
    """What arrives until the connection ends, also roughly."""
    came = b""
    with suppress(ConnectionError):
        while piece := await reader.read(MEGABYTE):
            came += piece
    return came


async def test_a_cookie_of_quotes_and_backslashes_stops_nobody(service: Service) -> None:
    cookie = 'helpdesk_session="' + '\\"' * 30_000 + '"'
    for route in ROUTES:
        head = f"GET {route} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
        attack = asyncio.create_task(exchange(service.port, head))
        assert await slowest_answer(service.url, attack) < 2
        assert attack.result().startswith(b"HTTP/1.1 431 ")


async def test_headers_that_do_not_end_are_cut_off(service: Service) -> None:
    said = await exchange(service.port, b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000)
    assert said.startswith(b"HTTP/1.1 431 ")
    many = b"".join(b"X-%d: a\r\n" % n for n in range(3000))
    assert (await exchange(service.port, b"GET / HTTP/1.1\r\n" + many)).startswith(b"HTTP/1.1 431 ")


async def test_a_websocket_with_long_headers_is_refused(service: Service) -> None:
    upgrade = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    )
    cookies = "".join(f"X-{n}: {'a' * 7000}\r\n" for n in range(4))
    said = await exchange(service.port, f"{upgrade}{cookies}\r\n".encode())
    assert said.split(b" ")[1] in {b"431", b"400"}


async def test_what_does_not_end_is_cut_off_and_a_websocket_lives(service: Service) -> None:
    """Side by side, for each takes its ten or twenty seconds."""
    await asyncio.gather(
        websocket_lives_longer_than_a_request_may_take(service),
        half_sent_requests_are_gone_soon(service),
        body_that_drips_is_cut_off(service),
        who_reads_nothing_of_the_answers_is_let_go(service),
    )


async def websocket_lives_longer_than_a_request_may_take(service: Service) -> None:
    """An open desk or chat is pinged on and on; it was cut off ten seconds after it was opened."""
    began = time.monotonic()
    async with websockets.connect(f"ws://127.0.0.1:{service.port}/socket.io/?EIO=4&transport=websocket") as browser:
        pings = 0
        while time.monotonic() - began < max(HEADER_SECONDS, SILENCE_SECONDS) + 1:
            pings += await browser.recv() == "2"
            await browser.send("3")
    assert pings > 1


@pytest.mark.parametrize("route", JSON_ROUTES)
async def test_a_large_body_is_refused_before_it_is_read(service: Service, route: str) -> None:
    before = service.resident_kilobytes()
    head = f"POST {route} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (MEGABYTE, b" " * MEGABYTE)

    async def flood() -> bytes:
        async with connection(service.port) as (reader, writer):
            writer.write(head.encode())
            try:
                for _ in range(60):
                    writer.write(chunk)
                    await writer.drain()
            except ConnectionError:
                pass
            return await reader.readline()

    async with asyncio.timeout(60):
        said = await asyncio.gather(*(flood() for _ in range(3)), return_exceptions=True)
    assert any(isinstance(one, bytes) and b" 413 " in one for one in said), said
    assert service.resident_kilobytes() - before < 30 * 1024


async def test_a_declared_length_is_refused_at_once(service: Service) -> None:
    head = b"POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n"
    async with asyncio.timeout(10), connection(service.port) as (reader, writer):
        writer.write(head)
        assert b" 413 " in await reader.readline()
    wrong = b"POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 12abc\r\n\r\n"
    assert (await exchange(service.port, wrong)).split(b" ")[1] in {b"400", b"431"}


@pytest.mark.parametrize("route", JSON_ROUTES)
@pytest.mark.parametrize("nested", [b"[" * 100_000, b"[[],[" * 20_000, b'{"a":' * 30_000, b'["]",' + b"[" * 60])
async def test_deep_json_is_refused(service: Service, route: str, nested: bytes) -> None:
    async with httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=30) as client:
        answer = await client.post(route, content=nested, headers={**REST, "Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid_input"


async def half_sent_requests_are_gone_soon(service: Service) -> None:
    """Two hundred of each kind: nothing, half a line, half the headers, half a body, lines that begin nothing."""
    halves = [
        b"",
        b"GET /hea",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-",
        b"POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n\r\n",
    ]

    async def held(half: bytes) -> float:
        began = time.monotonic()
        async with connection(service.port) as (reader, writer):
            writer.write(half)
            while await reader.read(4096):
                pass
        return time.monotonic() - began

    async with asyncio.timeout(90):
        lasted = await asyncio.gather(*(held(halves[n % len(halves)]) for n in range(200)))
    assert max(lasted) < 30


async def body_that_drips_is_cut_off(service: Service) -> None:
    """A byte now and then is no silence: the whole body has its time too."""
    async with asyncio.timeout(60), connection(service.port) as (reader, writer):
        writer.write(b"POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
        began = time.monotonic()

        async def drip() -> None:
            while True:
                writer.write(b" ")
                await asyncio.sleep(1)

        dripping = asyncio.create_task(drip())
        assert b" 408 " in await reader.readline()
        dripping.cancel()
        assert time.monotonic() - began < 30


async def who_reads_nothing_of_the_answers_is_let_go(service: Service) -> None:
    """Pages asked for without end and never read: what waits for a reader waits in our memory."""
    asked = 5000
    async with connection(service.port, room=4096) as (reader, writer):
        own = writer.get_extra_info("sockname")[1]
        writer.write(b"GET /follow HTTP/1.1\r\nHost: a\r\n\r\n" * asked)

        async def is_held() -> bool:
            return service.holds(own)

        async def is_gone() -> bool:
            return not service.holds(own)

        await eventually(is_held, "it is connected")
        await eventually(is_gone, "it is let go", 4 * UNREAD_SECONDS)
        assert (await everything(reader)).count(b"HTTP/1.1 200 ") < asked


async def test_one_address_has_room_for_so_many_connections(service: Service) -> None:

    async def answer() -> bytes:
        return await exchange(service.port, b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    async with asyncio.timeout(30):
        held = [await asyncio.open_connection("127.0.0.1", service.port) for _ in range(ROOM)]
        said = await answer()
        assert said.startswith(b"HTTP/1.1 429 ")
        assert b"retry-after" in said
        for _, writer in held:
            writer.close()

        async def has_room() -> bool:
            return (await answer()).startswith(b"HTTP/1.1 200 ")

        await eventually(has_room, "there is room again")
