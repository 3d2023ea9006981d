"""What a stranger types into a connection: answered as a fault of theirs, and no line of the log is a traceback."""

from __future__ import annotations

import asyncio

import pytest

from tests.integration.door.conftest import Service, exchange

SOCKET = "/socket.io/?EIO=4&transport="
LONG = "9" * 5000
ODD: dict[str, bytes] = {
    "a websocket without a handshake": f"GET {SOCKET}websocket HTTP/1.1\r\nUpgrade: websocket".encode(),
    "a query that is no text": b"GET /socket.io/?EIO=4&transport=polling&x=\xff HTTP/1.1",
    "the same elsewhere": b"GET /webhooks/rest/messages?sender=\xff&after=\xfe HTTP/1.1",
    "a path that is no text": b"GET /desk/\xff HTTP/1.1",
    "NUL in a path": b"GET /desk/assets/%00 HTTP/1.1",
    "NUL among the pages": b"GET /follow/%00 HTTP/1.1",
    "NUL in a query": b"GET /webhooks/rest/messages?sender=a&after=%00 HTTP/1.1\r\nAuthorization: Bearer rest-token",
    "half a surrogate in a query": b"GET /webhooks/rest/messages?sender=%ed%a0%80 HTTP/1.1\r\n"
    b"Authorization: Bearer rest-token",
    "half an address as origin": b"POST /api/session HTTP/1.1\r\nOrigin: http://[\r\nContent-Length: 2\r\n"
    b"Content-Type: application/json\r\n\r\n{}",
    "the same for the chat": f"GET {SOCKET}polling HTTP/1.1\r\nOrigin: http://[".encode(),
    "bytes as origin": b"POST /api/session HTTP/1.1\r\nOrigin: \xff\xfe\r\nContent-Length: 2\r\n\r\n{}",
    "bytes as host": b"GET /api/me HTTP/1.1\r\nHost: \xff\xfe[",
    "bytes as cookie": b"GET /api/me HTTP/1.1\r\nCookie: helpdesk_session=\xff\xfe; \xff",
    "bytes as cookie of the chat": f"GET {SOCKET}polling HTTP/1.1\r\nCookie: ".encode() + b"helpdesk_session=\xff",
    "bytes as token": b"GET /api/me HTTP/1.1\r\nAuthorization: Bearer \xff\xfe",
    "bytes as token of programs": b"GET /webhooks/rest/ HTTP/1.1\r\nAuthorization: Bearer \xff\xfe",
    "bytes as session": b"GET /pictures/" + b"0" * 32 + b" HTTP/1.1\r\nX-Session-Id: \xff\xfe",
    "a form without a border": b"POST /web/pictures HTTP/1.1\r\nContent-Type: multipart/form-data\r\n"
    b"Content-Length: 3\r\n\r\nabc",
    "a kind of content that is none": b"POST /api/session HTTP/1.1\r\nContent-Type: application/json; charset=\xff\r\n"
    b"Content-Length: 2\r\n\r\n{}",
    "a length of 5000 digits": f"POST /api/session HTTP/1.1\r\nContent-Length: {LONG}".encode(),
    "a length of 5000 zeros": b"POST /api/session HTTP/1.1\r\nContent-Length: " + b"0" * 5000,
    "a form that is none and has no bottom": b"POST /api/session HTTP/1.1\r\nContent-Type: multipart/form-data\r\n"
    b"Content-Length: 100000\r\n\r\n" + b"[" * 100_000,
    "two lengths": b"POST /api/session HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length and chunks": b"POST /api/session HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\n",
    "a chunk of a negative size": b"POST /api/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "a chunk of all the bytes there are": b"POST /api/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"ffffffffffffffffff\r\n",
    "a number of 5000 digits": f"GET {SOCKET}polling&j={LONG} HTTP/1.1".encode(),
    "a page of 5000 digits": f"GET /api/talks?limit={LONG} HTTP/1.1".encode(),
    "a range that is none": b"GET /follow/follow.css HTTP/1.1\r\nRange: bytes=5-1,-,9-" + LONG.encode(),
    "a date that is none": b"GET /follow/follow.css HTTP/1.1\r\nIf-Modified-Since: \xff",
    "a verb that nobody knows": b"PROPFIND /api/me HTTP/1.1",
    "a way out of the folder": b"GET /desk/assets/..%2f..%2f..%2f..%2fetc%2fpasswd HTTP/1.1",
    "the same, twice encoded": b"GET /desk/assets/%252e%252e/%c0%ae%c0%ae/etc/passwd HTTP/1.1",
    "a name that is too long": b"GET /desk/assets/" + b"a" * 4000 + b" HTTP/1.1",
    "a connection that nobody has": f"POST {SOCKET}polling&sid=no HTTP/1.1\r\nContent-Length: 2\r\n\r\n\xff".encode(),
}


@pytest.fixture
def told_before(service: Service) -> int:
    """How much the log held."""
    return len(service.process.tail(10**7))


async def answered(service: Service, request: bytes) -> bytes:
    """What comes back; some are silent until their time is over, and all together wait as long as one."""
    head, body = request.split(b"\r\n\r\n", 1) if b"\r\n\r\n" in request else (request, b"")
    host = b"" if b"Host:" in head else b"\r\nHost: shop"
    return await exchange(service.port, head + host + b"\r\nConnection: close\r\n\r\n" + body)


def is_of_the_stranger(answer: bytes) -> bool:
    """Neither an error of ours nor a file of the machine."""
    status = answer.split(b" ", 2)[1:2]
    return bool(status) and status[0][:1] in (b"2", b"3", b"4") and b"root:" not in answer


async def test_what_makes_no_sense_is_the_strangers_fault(service: Service, told_before: int) -> None:
    answers = await asyncio.gather(*(answered(service, request) for request in ODD.values()))
    wrong = {name: answer[:80] for name, answer in zip(ODD, answers, strict=True) if not is_of_the_stranger(answer)}
    told = service.process.tail(10**7)[told_before:]
    assert not wrong, "\n".join(f"{name}: {answer!r}" for name, answer in wrong.items())
    assert "Traceback" not in told, told[-3000:]
