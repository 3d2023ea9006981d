"""How large, how deep and how slow a request may be, decided before anything of it is parsed.

The body is read here, counted while it arrives, and handed on whole, so that no route can forget a limit and no
route waits for a slow sender. Headers come first: the standard library's cookie parser takes quadratic time for some
(CVE-2024-7592), so a long `Cookie` must not reach it whatever the interpreter's patch level is.
"""

from __future__ import annotations

import asyncio
import re
import time
from itertools import accumulate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk.door.answers import refuse
from helpdesk.errors import HeadersTooLarge, HelpdeskError, InvalidInput, TooLarge, TooManyTries, TooSlow

HEADER_BYTES = 16 * 1024
BODY_BYTES = 256 * 1024
BODY_SECONDS = 20.0
LENGTH_DIGITS = 12
DEEPEST = 32  # lists and objects within each other; ours go to six
PICTURES = re.compile(r"/web/pictures|/follow/pictures|/api/conversations/[^/]+/(?:pictures|files)")
"""Their routes count by themselves: a picture or a file is larger, and a form around it."""
NO_JSON = ("/wechat", "/receipts/mail")
"""What customers write stands there as it is; their parsers have a depth of their own."""
FRAMES, FRAMES_SECONDS = 400, 10.0
"""Messages of one websocket in a while: four times what its events may be, so that none costs more than its refusal."""

_QUOTED = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class Bounds:
    """ASGI middleware; goes around everything else of an application."""

    def __init__(self, app: ASGIApp, body_bytes: int = BODY_BYTES, body_seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._bytes = body_bytes
        self._seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        try:
            check_headers(scope)
            inner = await self._checked(scope, receive, send)
        except HelpdeskError as refusal:
            await refuse(refusal, scope, send)
            return
        if inner is not None:
            await self._app(scope, inner, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """What the application may receive; None when the client has gone meanwhile.

        Raises:
            TooLarge, TooSlow, InvalidInput.
        """
        if scope["type"] == "websocket":
            return shallow_frames(receive, send)
        if PICTURES.fullmatch(scope["path"]) or not _has_body(scope):
            return receive
        if _declared(scope) > self._bytes:
            raise _too_large(self._bytes)
        try:
            async with asyncio.timeout(self._seconds):
                body = await _read(receive, self._bytes)
        except TimeoutError:
            raise TooSlow(within_s=self._seconds) from None
        if body is not None and _may_be_json(scope):
            check_depth(body)
        return None if body is None else _handed_on(body, receive)


def check_headers(scope: Scope) -> None:
    """Refuse more than `HEADER_BYTES` of address and headers.

    Raises:
        HeadersTooLarge: also for a length that is no number. InvalidInput: an address that is no text.
    """
    check_address(scope)
    size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    size += sum(len(name) + len(value) for name, value in scope["headers"])
    if size > HEADER_BYTES or not (header(scope, b"content-length") or b"0").isdigit():
        raise HeadersTooLarge(most_kb=HEADER_BYTES // 1024)


def check_address(scope: Scope) -> None:
    """Refuse an address that no database can look for and no library behind us can read.

    Raises:
        InvalidInput: it holds NUL, or its query is not UTF-8.
    """
    query: bytes = scope["query_string"]
    if "\0" in scope["path"] or b"%00" in query or b"\0" in query or not _is_text(query):
        raise InvalidInput("address_no_text")


def _is_text(given: bytes) -> bool:
    try:
        given.decode()
    except UnicodeDecodeError:
        return False
    return True


def check_depth(text: bytes) -> None:
    """Refuse JSON that nests deeper than `DEEPEST`; what stands in quotes does not count.

    Raises:
        InvalidInput.
    """
    if text.count(b"[") + text.count(b"{") <= DEEPEST:
        return
    brackets = _QUOTED.sub(b"", text).translate(None, _NO_BRACKETS)
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > DEEPEST:
        raise InvalidInput("body_too_deep", most=DEEPEST)


def shallow_frames(receive: Receive, send: Send) -> Receive:
    """A websocket's messages; one that nests too deeply, or too many in a short time, end the connection."""
    pace = _Pace(FRAMES, FRAMES_SECONDS)

    async def inner() -> Message:
        message = await receive()
        try:
            pace.count(time.monotonic())
            check_depth((message.get("text") or "").encode())
        except (InvalidInput, TooManyTries):
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    return inner


class _Pace:
    """So many in a while, counted in windows."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._count, self._until = 0, 0.0

    def count(self, now: float) -> None:
        """One more.

        Raises:
            TooManyTries.
        """
        if now >= self._until:
            self._count, self._until = 0, now + self._seconds
        self._count += 1
        if self._count > self._most:
            raise TooManyTries("too_often", retry_after_s=round(self._seconds))


def header(scope: Scope, wanted: bytes) -> bytes | None:
    """The last header of this name (lower case)."""
    return next((value for name, value in reversed(scope["headers"]) if name == wanted), None)


def _has_body(scope: Scope) -> bool:
    return _declared(scope) > 0 or header(scope, b"transfer-encoding") is not None


def _declared(scope: Scope) -> int:
    """The length that the headers claim. Thousands of zeros are one; of thousands of digits the first ones will do."""
    return int((header(scope, b"content-length") or b"").lstrip(b"0")[:LENGTH_DIGITS] or b"0")


def _may_be_json(scope: Scope) -> bool:
    """Whatever kind it says that it is: routes read it all the same."""
    return not scope["path"].startswith(NO_JSON)


async def _read(receive: Receive, most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        if not message.get("more_body", False):
            return bytes(body)


def _handed_on(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then whatever else comes."""
    pieces: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def inner() -> Message:
        return pieces.pop() if pieces else await receive()

    return inner


def _too_large(most: int) -> TooLarge:
    return TooLarge(most_kb=most // 1024)
